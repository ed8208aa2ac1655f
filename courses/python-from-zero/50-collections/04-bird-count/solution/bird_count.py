def count_birds(notes):
    result = {}
    for note in notes:
        bird = note.strip().lower()
        if bird != "":
            result[bird] = result.get(bird, 0) + 1
    return result
