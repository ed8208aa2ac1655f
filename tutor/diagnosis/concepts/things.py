"""What a program works with: values, lists, texts, names, pages."""

from domain.errors import N_
from tutor.diagnosis.concepts.concept import Concept

THINGS = {
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
        N_("A calculation is not always done from left to right."),
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
        N_("A value, and a list that holds only this value, are two different things."),
        """queue = ["Kim"]
queue.append("Lou")
queue = queue + ["Max", "Noa"]
print(queue, len(queue))""",
        N_("One name is appended; two names come in a list of their own."),
    ),
    "calls": Concept(
        N_("what a function or method does and gives"),
        N_("What does each call here give back, and what does it change?"),
        N_("What a call changes, and what it gives, are two different things."),
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
        N_("names and what they stand for"),
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
}
