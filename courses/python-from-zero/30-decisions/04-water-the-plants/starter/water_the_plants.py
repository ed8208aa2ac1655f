def needs_water(soil, days, rain):
    return days > 3
