def days_to_finish(pages, first):
    day = 0
    while pages > 0:
        day = day + 1
        pages = pages - first
    return day
