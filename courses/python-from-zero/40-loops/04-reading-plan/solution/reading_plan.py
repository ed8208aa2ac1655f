def days_to_finish(pages, first):
    day = 0
    today = first
    while pages > 0:
        day = day + 1
        if day % 7 != 0:
            pages = pages - today
            today = today + 2
    return day
