def read_line(line):
    """Give back [category, amount], or None if the line cannot be used."""
    parts = line.split(";")
    if len(parts) != 2:
        return None
    category = parts[0].strip().lower()
    try:
        amount = int(parts[1])
    except ValueError:
        return None
    if category == "" or amount < 0:
        return None
    return [category, amount]


def report(text):
    sums = {}
    skipped = 0
    for line in text.splitlines():
        if line.strip() != "":
            entry = read_line(line)
            if entry is None:
                skipped = skipped + 1
            else:
                category, amount = entry
                sums[category] = sums.get(category, 0) + amount
    lines = []
    for category in sorted(sums):
        lines.append(f"{category}: {sums[category]}")
    lines.append(f"total: {sum(sums.values())}")
    if skipped > 0:
        lines.append(f"skipped: {skipped}")
    return "\n".join(lines)
