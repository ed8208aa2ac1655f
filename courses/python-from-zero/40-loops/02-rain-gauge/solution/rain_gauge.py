days = int(input())
total = 0
wettest = 0
dry = 0
for _ in range(days):
    rain = int(input())
    total = total + rain
    if rain > wettest:
        wettest = rain
    if rain == 0:
        dry = dry + 1
print("total:", total)
print("wettest:", wettest)
print("dry days:", dry)
