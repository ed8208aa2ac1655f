"""What runs when: conditions, branches, loops, functions."""

from domain.errors import N_
from tutor.diagnosis.concepts.concept import Concept

STEPS = {
    "comparison": Concept(
        N_("comparing two values"),
        N_("What should happen when both values are equal? And when the first is larger?"),
        N_("A comparison has three cases: smaller, equal, larger. Each belongs to one side."),
        """def may_ride(height):
    if height >= 120:
        return "yes"
    return "too small"

print(may_ride(119), may_ride(120), may_ride(121))""",
        N_("A child of exactly 120 cm may ride. Test such a rule just below, at and above it."),
    ),
    "logic": Concept(
        N_("putting conditions together"),
        N_("Read your condition aloud for this test. Is each part of it true or false?"),
        N_("Each side of `and` and `or` is a whole condition of its own."),
        """day = "sunday"
free = day == "saturday" or day == "sunday"
print(free)""",
        N_("Both sides name the day. A text alone counts as true."),
    ),
    "branches": Concept(
        N_("which branch runs"),
        N_("Which branch does your program take in this test? Which one should it take?"),
        N_("Of `if`, `elif` and `else`, only the first fitting branch runs."),
        """def fare(age):
    if age < 6:
        return 0
    elif age < 18:
        return 2
    else:
        return 4

print(fare(5), fare(17), fare(40))""",
        N_("Each age goes into exactly one branch, and no age is left out."),
    ),
    "empty": Concept(
        N_("the smallest input"),
        N_("What is the smallest input there can be? What should come out for it?"),
        N_("Nothing, zero and an empty list are inputs, too."),
        """def loudest(levels):
    if not levels:
        return None
    best = levels[0]
    for level in levels:
        if level > best:
            best = level
    return best

print(loudest([]), loudest([3, 9, 4]))""",
        N_("The special case is answered first. After it, the first value surely exists."),
    ),
    "recursion": Concept(
        N_("a function that calls itself"),
        N_("For which input is the answer clear at once? Does each call come closer to it?"),
        N_("It needs an end that is always reached, and it must use what the call gives."),
        """def countdown(seconds):
    if seconds == 0:
        return ["start"]
    return [seconds] + countdown(seconds - 1)

print(countdown(3))""",
        N_("The input gets smaller with each call, and every call hands its result on."),
    ),
    "return": Concept(
        N_("giving a result back"),
        N_("What does your function give back in this test, and on which line?"),
        N_("What a function shows on the screen and what it hands over are two different things."),
        """def area(width, height):
    result = width * height
    return result

wall = area(4, 3) + area(2, 3)
print(wall)""",
        N_("Because the area is given back, it can be added up outside the function."),
    ),
    "leaving": Concept(
        N_("when a loop or a function ends"),
        N_("How many rounds of the loop should run before the answer is certain?"),
        N_("A `return` ends the whole function at once, also in the first round."),
        """def all_lit(lamps):
    for lamp in lamps:
        if lamp == "off":
            return False
    return True

print(all_lit(["on", "off"]), all_lit(["on", "on"]))""",
        N_("One dark lamp is enough to say no. Only after the last lamp is the answer yes."),
    ),
    "result": Concept(
        N_("what exactly is given back"),
        N_("Compare the wanted answer with yours. Do they differ in kind, or by how much?"),
        N_(
            "A list, a tuple, a text and a number are different answers, even when they look alike."
        ),
        """def initials(names):
    letters = []
    for name in names:
        letters.append(name[0])
    return "".join(letters)

print(initials(["Ada", "Bob"]))""",
        N_("The letters are collected in a list, but a text is wanted: so it is made at the end."),
    ),
    "start": Concept(
        N_("the value before the loop"),
        N_("What is in your variable before the first round, and what at the start of the second?"),
        N_("What is set inside a loop is set anew in each round."),
        """steps = [4000, 6500, 3000]
total = 0
for day in steps:
    total = total + day
print(total)""",
        N_("The total starts once, before the loop, with the value that changes nothing."),
    ),
    "running": Concept(
        N_("a value that grows round by round"),
        N_("Write down your variables after each round. Which one does not change as it should?"),
        N_("A running value is made from its old value, in every round."),
        """litres = 100
days = 0
while litres > 0:
    litres = litres - 30
    days = days + 1
print(days)""",
        N_("Both variables move in every round, so the condition comes to its end."),
    ),
    "bounds": Concept(
        N_("where a loop begins and ends"),
        N_("Which values does the loop variable take in this test: the first, and the last?"),
        N_("A range begins at 0 if nothing else is said, and leaves its end out."),
        """for floor in range(1, 4):
    print("floor", floor)""",
        N_("It prints the floors 1, 2 and 3. The 4 is where it stops, and is left out."),
    ),
    "order": Concept(
        N_("what belongs inside, and what comes after"),
        N_("Which lines should run in every round, and which only once?"),
        N_("The indentation says what belongs to a loop, a condition or a function."),
        """names = ["Ida", "Jo"]
for name in names:
    print("Hello", name)
print("Sit down, please.")""",
        N_("The greeting is said to each person, the request once, after the loop."),
    ),
    "tracing": Concept(
        N_("following a program by hand"),
        N_("What should each variable hold after each line of this test? Where does it differ?"),
        N_(
            "A program does what stands there, line by line, with the values it has at that moment."
        ),
        """speed = 30
speed = speed + 20
limit = 50
fast = speed > limit
print(speed, fast)""",
        N_("On paper: 30, then 50, and 50 is not above 50. So it prints 50 and False."),
    ),
}
