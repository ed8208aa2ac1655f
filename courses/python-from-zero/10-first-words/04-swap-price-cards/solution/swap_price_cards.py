apples = input()
pears = input()
# Change the places of the two cards:
keep = apples
apples = pears
pears = keep
print("apples:", apples)
print("pears:", pears)
