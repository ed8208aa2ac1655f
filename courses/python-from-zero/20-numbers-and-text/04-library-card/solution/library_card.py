def card_code(first, family, year):
    part_one = family.strip()[:3]
    part_two = first.strip()[:1]
    part_three = str(year)[-2:]
    return (part_one + part_two).upper() + part_three
