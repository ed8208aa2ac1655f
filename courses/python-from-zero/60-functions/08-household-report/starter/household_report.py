def read_line(line):
    """Give back [category, amount], or None if the line cannot be used."""
    parts = line.split(";")
    return [parts[0], int(parts[1])]


def report(text):
    sums = {}
    skipped = 0
    for line in text.splitlines():
        category, amount = read_line(line)
        sums[category] = amount
    lines = []
    for category in sums:
        lines.append(f"{category}: {sums[category]}")
    return "\n".join(lines)
