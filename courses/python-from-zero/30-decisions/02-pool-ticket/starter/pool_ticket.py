def ticket_price(age, hour):
    price = 6
    if hour > 19:
        price = price - 1
    return price
