def sum_readings(texts):
    total = 0
    bad = 0
    for text in texts:
        total = total + int(text)
    return [total, bad]
