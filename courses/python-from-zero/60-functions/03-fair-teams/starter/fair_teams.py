def make_teams(names, count):
    size = len(names) // count
    teams = []
    for number in range(count):
        start = number * size
        teams.append(names[start : start + size])
    return teams
