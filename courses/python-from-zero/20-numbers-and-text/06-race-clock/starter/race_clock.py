name = input()
seconds = input()
print(f"{name}: {seconds}")
