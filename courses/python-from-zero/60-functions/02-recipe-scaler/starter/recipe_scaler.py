def scale(recipe, people, base):
    for name in recipe:
        recipe[name] = recipe[name] * people
    return recipe
