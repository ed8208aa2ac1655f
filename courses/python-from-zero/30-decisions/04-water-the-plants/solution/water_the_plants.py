def needs_water(soil, days, rain):
    if soil == "wet":
        return False
    if soil == "dry":
        return True
    return days >= 3 and not rain
