def average(temperatures):
    if len(temperatures) == 0:
        return None
    total = 0
    for value in temperatures:
        total = total + value
    return round(total / len(temperatures), 1)


def warmest(temperatures):
    best = temperatures[0]
    for value in temperatures:
        if value > best:
            best = value
    return best


def frost_days(temperatures):
    days = 0
    for value in temperatures:
        if value < 0:
            days = days + 1
    return days
