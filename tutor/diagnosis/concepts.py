"""What there is to understand: for each concept a question, a sentence, and a worked example.

The examples are about other things than the exercises of the courses, and are never made from a
learner's program. They are short on purpose: one idea each.
"""

from dataclasses import dataclass

from domain.errors import N_


@dataclass(frozen=True, slots=True)
class Concept:
    """One idea of programming.

    Args:
        name: what it is about.
        question: for the first rung of the ladder; it names no place and no change.
        idea: one sentence that is true of every program.
        example: a program on another theme; code, not translated.
        says: what to see in the example.
        language: of the example.
    """

    name: str
    question: str
    idea: str
    example: str
    says: str
    language: str = "python"


CONCEPTS = {
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
        N_("A function that ends without `return` gives `None`. Printing is not giving back."),
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
    "index": Concept(
        N_("positions in a list or a text"),
        N_("Do you have a position here, or the value that stands there?"),
        N_("Positions count from 0, so the last one is the length minus one."),
        """stations = ["Aachen", "Bonn", "Celle"]
for number in range(len(stations)):
    print(number, stations[number])""",
        N_("The number is a position from 0 to 2. In square brackets it gives the station."),
    ),
    "arithmetic": Concept(
        N_("calculating"),
        N_("Calculate this test by hand, step by step. Where does your program differ?"),
        N_("Multiplying and dividing come first, then plus and minus; brackets change that."),
        """apples, pears = 30, 12
boxes = (apples + pears) // 6
left = (apples + pears) % 6
print(boxes, left)""",
        N_("The sum is in brackets. One sign gives whole boxes, the other one what is left."),
    ),
    "types": Concept(
        N_("texts and numbers"),
        N_("Which of your values are texts, and which are numbers?"),
        N_("A text of digits is not a number, and text in quotes is not a variable."),
        """typed = "12"
pages = int(typed) + 1
print("pages: " + str(pages))""",
        N_("To calculate, the text becomes a number. To join, the number becomes a text."),
    ),
    "lists": Concept(
        N_("one value, or a list with it"),
        N_("Is it one value or a list of values that you add here?"),
        N_("Joining needs a list on both sides. Appending adds one value, whatever it is."),
        """queue = ["Kim"]
queue.append("Lou")
queue = queue + ["Max", "Noa"]
print(queue, len(queue))""",
        N_("One name is appended; two names come in a list of their own."),
    ),
    "calls": Concept(
        N_("what a function or method does and gives"),
        N_("What does each call here give back, and what does it change?"),
        N_("Some methods change a list and give `None`. Others only give a new value."),
        """title = "stoa"
title = title.upper()
marks = [3, 1, 2]
marks.sort()
print(title, marks)""",
        N_("The text is stored again, since it cannot change. The list changes by itself."),
    ),
    "copies": Concept(
        N_("two names for one list"),
        N_("How many lists are there really, and which names do they have?"),
        N_("An assignment makes no copy: both names then mean the same list."),
        """plan = ["swim", "run"]
backup = plan[:]
plan.remove("run")
print(plan, backup)""",
        N_("The backup is a list of its own, so the change does not reach it."),
    ),
    "names": Concept(
        N_("which variable is meant"),
        N_("Say in words what each variable holds. Is the right one used everywhere?"),
        N_("Python knows only names that were given a value, letter for letter."),
        """price = 8
count = 3
total = price * count
print(total)""",
        N_("Each name says what it holds, so a wrong one would catch the eye."),
    ),
    "arguments": Concept(
        N_("the order of arguments"),
        N_("In which order does this function want its values?"),
        N_("Values go to the parameters in the order in which they stand."),
        """def label(product, price):
    return product + ": " + str(price)

print(label("tea", 3))""",
        N_("The first value becomes the product, the second one the price."),
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
    "text": Concept(
        N_("texts, letter for letter"),
        N_("Compare both texts from the left. What is the first letter or space that differs?"),
        N_("Spaces, line ends and capital letters all count."),
        """parts = ["north", "gate"]
print("-".join(parts))
print("Gate".lower() == "gate")""",
        N_("What stands between the parts is chosen. For comparing, both get small letters."),
    ),
    "sorting": Concept(
        N_("order"),
        N_("In which order should the values be, and who takes care of it?"),
        N_("A list keeps its order, a set has none, and sorting begins with the smallest."),
        """times = [52, 47, 60]
slowest = sorted(times, reverse=True)
print(slowest[0], times)""",
        N_("Sorting gives a new list here; the old one stays as it was."),
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
    "page": Concept(
        N_("how a page is built"),
        N_("Which element does the test look for, and what does your page have in its place?"),
        N_("A page is its elements: their names, their order, and what stands inside them."),
        """<ul>
  <li>Tea</li>
  <li>Coffee</li>
</ul>""",
        N_("Two entries stand inside one list, and everything that is opened is closed again."),
        language="html",
    ),
    "reading": Concept(
        N_("how Python reads a line"),
        N_("Is everything closed that was opened on this line or the one before?"),
        N_("Lines that open a block end with a colon, and their block stands further in."),
        """hour = 9
if hour < 12:
    print("Good morning")
else:
    print("Good day")""",
        N_("Look at the colons, the quotes in pairs, and the four spaces inside."),
    ),
}
