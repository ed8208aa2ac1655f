name = input()
total = int(input())
minutes = total // 60
seconds = total % 60
print(f"{name}: {minutes}:{seconds:02d}")
