def sum_readings(texts):
    total = 0
    bad = 0
    for text in texts:
        try:
            value = int(text)
        except ValueError:
            value = -1
        if value < 0:
            bad = bad + 1
        else:
            total = total + value
    return [total, bad]
