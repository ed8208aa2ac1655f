name = input()
print("Hello")
