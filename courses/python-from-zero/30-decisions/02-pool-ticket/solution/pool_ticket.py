def ticket_price(age, hour):
    if age < 4:
        return 0
    if age < 16:
        price = 3
    elif age < 65:
        price = 6
    else:
        price = 4
    if hour >= 19:
        price = price - 1
    return price
