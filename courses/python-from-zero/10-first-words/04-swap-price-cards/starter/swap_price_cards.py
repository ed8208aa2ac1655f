apples = input()
pears = input()
# Change the places of the two cards:
apples = pears
pears = apples
print("apples:", apples)
print("pears:", pears)
