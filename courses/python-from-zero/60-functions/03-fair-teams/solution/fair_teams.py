def make_teams(names, count):
    teams = []
    for _ in range(count):
        teams.append([])
    for position in range(len(names)):
        teams[position % count].append(names[position])
    return teams
