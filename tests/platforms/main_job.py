"""The whole main job of a learner, written once and played through every door.

From the first hello over a lesson, a quiz of every kind (once by buttons, once by typed text) and a
challenge (a wrong hand-in typed, a hint, the right one as a file) to the progress and the streak.
The course is `tests/data/courses/doors`.
"""

from pathlib import Path

from tests.platforms.person import Person, Screen, sees, sees_label

COURSE = Path(__file__).parents[1] / "data" / "courses" / "doors"
TITLE = "Doors and rooms"
WRONG = "def double(n):\n    return n + 3\n"
RIGHT = "def double(n):\n    return n * 2\n"
STEPS = ("knock", "open", "enter")
PAIRS = {"lock": "in the door", "mat": "before the door", "lamp": "above the door"}
SAVED = "Answer saved. You can change it until you hand in."
QUESTIONS = 8


async def play(person: Person) -> None:
    """All of it."""
    await onboarding(person)
    await lesson(person)
    await quiz_by_buttons(person)
    await quiz_by_text(person)
    await challenge(person)
    await looking_back(person)


async def onboarding(person: Person) -> None:
    """From hello to the first page in two actions."""
    await person.command("/start")
    await sees(person, "What do you want to learn?", TITLE)
    await person.press(TITLE)
    await sees(person, f"You joined {TITLE}", "A door leads from one room", "page 1 of 2")


async def lesson(person: Person) -> None:
    """Turn the page, look back, and finish."""
    await person.press("Next page")
    await sees(person, "door = open", "page 2 of 2")
    await person.press("Back")
    await sees(person, "page 1 of 2")
    await person.press("Next page")
    await sees(person, "page 2 of 2")
    await person.press("Finish lesson")
    await sees(
        person, "Doors is finished", "+10 XP, 10 in all.", "Your streak starts today: day 1."
    )


async def quiz_by_buttons(person: Person) -> None:
    """Take the quiz with presses, and with the field that is offered where there are none."""
    await person.press("Take quiz")
    await sees(person, "8 questions", "attempt 1 of 2")
    await person.press("Start")
    screen = await sees(person, "Question 1 of 8", "What is a door made for?")
    await person.press("Hint −20 %")
    await sees(person, "Hint 1: You do it each morning.")
    await person.press(screen.letters["Walking through"])
    await onward(person, 2, "A closed door can be opened.")
    await person.press("True")
    screen = await onward(person, 3, "Which of these are parts of a door?")
    for part in ("Hinge", "Sail", "Handle", "Sail"):  # a change of mind: taken back
        letter = screen.letters[part]
        before = person.screen.label(f"] {letter}")
        await person.press(before)
        after = "[x]" if before.startswith("[ ]") else "[ ]"
        await sees_label(person, f"{after} {letter}")
    await person.press("Submit answer")
    await onward(person, 4, "What opens a lock?")
    await person.types("A key")
    await onward(person, 5, "How many sides has a door?")
    await person.types("2")
    await _match(person)
    await _order(person)
    await onward(person, 8, "has two", "gap 1 of 2")
    await person.types("gate")
    await sees(person, "gap 2 of 2")
    await person.types("windows")  # wrong
    await sees(person, SAVED)
    await person.press("Hand in")
    await sees(person, "11.6 of 13 = 89.23 %", "passed", "Attempt 1 of 2.", "XP")
    await person.press("Review")
    await sees(person, "Question 1 of 8", "1 hint", "Your answer: A. Walking through")


async def _match(person: Person) -> None:
    screen = await onward(person, 6, "Match 1 of 3: lock")
    await person.press(screen.letters["above the door"])
    await sees(person, "Match 2 of 3: mat")
    await person.press("Undo")
    for number, (left, right) in enumerate(PAIRS.items(), start=1):
        screen = await sees(person, f"Match {number} of 3: {left}")
        await person.press(screen.letters[right])


async def _order(person: Person) -> None:
    screen = await onward(person, 7, "Put the steps in order.")
    numbers = screen.numbers
    await person.press(numbers["enter"])
    await sees_label(person, f"{numbers['enter']} placed")
    await person.press("Undo")
    await sees_label(person, numbers["enter"])
    for step in STEPS:
        await person.press(numbers[step])
        await sees_label(person, f"{numbers[step]} placed")
    await person.press("Submit answer")


async def onward(person: Person, number: int, *words: str) -> Screen:
    """The answer before was taken; go to the next question and see it."""
    await sees(person, SAVED)
    await person.press("Next")
    return await sees(person, f"Question {number} of {QUESTIONS}", *words)


async def quiz_by_text(person: Person) -> None:
    """Take it again with nothing but typed text; what has the wrong shape is not counted."""
    await person.command("/quiz doors-quiz")
    await sees(person, "attempt 2 of 2")
    await person.press("Start")
    screen = await sees(person, "Question 1 of 8")
    await person.says("hello there")
    await sees(person, "I need a letter A–C. You sent: hello there.")
    await person.says(screen.letters["Walking through"].lower())
    await onward(person, 2)
    await person.says("true")
    options = (await onward(person, 3)).letters
    await person.says(f"{options['Hinge']} {options['Handle']}".lower())
    await onward(person, 4)
    await person.says("the key")
    await onward(person, 5)
    await person.says("3")  # wrong
    screen = await onward(person, 6)
    pairs = {left: screen.letters[right].lower() for left, right in PAIRS.items()}
    await person.says(" ".join(f"{screen.numbers[left]}{pairs[left]}" for left in PAIRS))
    screen = await onward(person, 7)
    await person.says(" ".join(screen.numbers[step] for step in STEPS))
    await onward(person, 8)
    await person.says("door; sides")
    await sees(person, SAVED)
    await person.press("Hand in")
    await sees(person, "12 of 13 = 92.31 %", "Attempt 2 of 2.")


async def challenge(person: Person) -> None:
    """A wrong hand-in typed, a hint at its price, the right one as a file."""
    await person.command("/code doors-double")
    screen = await sees(person, "Double doors · level 1 · 100 points", "double(3)")
    assert [file.name for file in screen.files] == ["double.py"]
    await person.types(f"```python\n{WRONG}```")
    await sees(person, "1 of 3 tests passed", "PASS 1 three", "FAIL 2", "40 of 100")
    await person.command("/hint")
    await sees(person, "Hint 1 costs 10 of 100 points")
    await person.press("Take it")
    await sees(person, "Hint 1: How many doors are two double doors?")
    await person.sends_file("double.py", RIGHT.encode())
    await sees(person, "3 of 3 tests passed", "90 of 100 (hints −10)", "+90 XP")


async def looking_back(person: Person) -> None:
    """Progress and streak tell what was done."""
    await person.command("/progress")
    await sees(person, TITLE, "100 %", "1 lesson read, 1 quiz passed, 1 challenge solved")
    await person.command("/streak")
    await sees(person, "1 day in a row", "Longest: 1 day.")
