"""How a program is written down, and what its output shows: quotes, brackets, signs."""

from domain.errors import N_
from tutor.diagnosis.concepts.concept import Concept

SIGNS = {
    "quotes": Concept(
        N_("texts in quotes, and variables"),
        N_("Which words does your program show as they stand? Which ones stand for a value?"),
        N_("Text in quotes is shown as it stands. A variable stands for the value it has now."),
        """colour = "green"
print("colour")
print(colour)""",
        N_("The first line shows the word in quotes. The second one shows what was stored."),
    ),
    "shown": Concept(
        N_("what the output shows"),
        N_("Which lines does your program show, and which parts does each of them have?"),
        N_("The output has exactly the wanted parts, on the wanted lines, and nothing else."),
        """metres = 12
minutes = 5
print("walk:", metres, "m")
print(f"time: {minutes:03d} min")""",
        N_("Each print makes one line. In curly brackets, a number can get zeros in front."),
    ),
    "calling": Concept(
        N_("how a function is called"),
        N_("Which words here are functions, and how does Python know that they shall run?"),
        N_("A function's name alone runs nothing. Round brackets behind the name call it."),
        """word = "tram"
size = len(word)
print(size, word.upper())""",
        N_("The brackets make them run, also where nothing stands between the brackets."),
    ),
    "between": Concept(
        N_("where one value ends and the next begins"),
        N_("How many values are on this line, and what tells Python where each of them ends?"),
        N_("Python does not guess how two values belong together. Each pair needs a sign."),
        """street = "Mill Lane"
number = 7
print(street, number, "b")""",
        N_("Three values stand in the brackets, and the commas keep them apart."),
    ),
    "pairs": Concept(
        N_("brackets and quotes in pairs"),
        N_("Is everything closed that was opened on this line or the one before?"),
        N_("Every bracket and every quote has a partner of the same kind."),
        """rooms = ["hall", "roof"]
print(len(rooms), "rooms:", " and ".join(rooms))""",
        N_("Count them: each bracket that opens has one that closes, and quotes come in twos."),
    ),
    "blocks": Concept(
        N_("lines that open a block"),
        N_("Which line begins a block, and which lines belong to it?"),
        N_("Lines that open a block end with a colon, and their block stands further in."),
        """hour = 9
if hour < 12:
    print("Good morning")
else:
    print("Good day")""",
        N_("Look at the colons, and the four spaces inside."),
    ),
    "storing": Concept(
        N_("storing and comparing"),
        N_("Does this line store a value, or does it ask whether two values are equal?"),
        N_("Storing and comparing are two things, and each has a sign of its own."),
        """floor = 3
if floor == 3:
    floor = 4
print(floor)""",
        N_("One sign stores a value under a name. Two signs ask whether values are equal."),
    ),
    "signs": Concept(
        N_("signs that only look right"),
        N_("Which signs were not typed here, but copied, or come from another keyboard?"),
        N_("Python knows the plain quotes, brackets and commas, and no others like them."),
        """title = "Sea"
print(title, "(1999)")""",
        N_("The quotes are straight ones, and equal at both ends."),
    ),
    "reading": Concept(
        N_("how Python reads a line"),
        N_("Read the line sign by sign. Where is it no longer what Python knows?"),
        N_("Python knows a few words and signs. Each must be written exactly in its way."),
        """steps = 9
while steps > 2 and steps != 5:
    steps = steps - 1
print(steps)""",
        N_("Python's own words are written small, and each sign has its fixed order."),
    ),
}
