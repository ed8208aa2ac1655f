def scale(recipe, people, base=4):
    result = {}
    for name, amount in recipe.items():
        result[name] = round(amount * people / base, 1)
    return result
