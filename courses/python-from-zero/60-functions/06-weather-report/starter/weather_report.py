def average(temperatures):
    total = 0
    for position in range(1, len(temperatures)):
        total = total + temperatures[position]
    return round(total / len(temperatures), 1)


def warmest(temperatures):
    best = 0
    for value in temperatures:
        if value > best:
            best = value
    return best


def frost_days(temperatures):
    days = 0
    for value in temperatures:
        if value <= 0:
            days = days + 1
        return days
