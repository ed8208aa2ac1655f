def eggs_left(hens, days, box_size):
    return hens * days
