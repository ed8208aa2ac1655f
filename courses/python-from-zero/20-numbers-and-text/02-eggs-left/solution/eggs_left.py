def eggs_left(hens, days, box_size):
    eggs = hens * days
    return eggs % box_size
