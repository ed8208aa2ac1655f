def card_code(first, family, year):
    part_one = family.upper()
    part_two = first.upper()
    part_three = str(year)
    return part_one + part_two + part_three
