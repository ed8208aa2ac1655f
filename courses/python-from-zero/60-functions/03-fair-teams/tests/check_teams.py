"""Accepts every fair division of the names."""


def check(result, names, count):
    """Say what is wrong with the teams, or return True."""
    if not isinstance(result, list) or not all(isinstance(team, list) for team in result):
        return "The result must be a list of lists."
    if len(result) != count:
        return f"There must be {count} teams, but there are {len(result)}."
    placed = [name for team in result for name in team]
    if not all(isinstance(name, str) for name in placed) or sorted(placed) != sorted(names):
        return "Every name must be in exactly one team."
    sizes = [len(team) for team in result]
    if max(sizes) - min(sizes) > 1:
        return f"The teams are not fair: their sizes are {sizes}."
    return True
