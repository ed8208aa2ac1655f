days = int(input())
total = 0
for _ in range(days):
    rain = int(input())
print("total:", total)
