def count_birds(notes):
    result = {}
    for note in notes:
        result[note] = 1
    return result
