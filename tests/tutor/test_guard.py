"""What may be said to a learner and what may not, judged by running it."""

from collections.abc import AsyncIterator, Mapping

import pytest

from benchmarks.tutor_disguises import RUNNABLE
from benchmarks.tutor_wrappings import WRAPPINGS
from domain.grading import Grader, Result, Task
from tests.tutor.programs import EVENS, TOTAL
from tests.tutor.replies import ROOT, Talk, exercise, harmless, leaking
from tutor.diagnosis.concepts import CONCEPTS
from tutor.guard.disguises import readings
from tutor.guard.extract import programs
from tutor.guard.guard import Guard
from tutor.guard.repair import reindented
from tutor.guard.stream import Stopped, released
from tutor.guard.translate import translations

WRONG = (
    "def evens(numbers):\n    found = []\n    for one in numbers:\n        if one % 2 == 1:\n"
    "            found.append(one)\n    return found\n"
)
RIGHT = (
    "def evens(numbers):\n    result = []\n    for value in numbers:\n        if value % 2 == 0:\n"
    "            result.append(value)\n    return result\n"
)


async def judged(talks: list[Talk], *, every: int) -> tuple[int, list[tuple[str, str, str]]]:
    """How many replies were judged, and those that were stopped."""
    count, stopped = 0, []
    async with Grader() as grader:
        for talk in talks:
            guard = Guard(grader, talk.task, [talk.solution])
            for reply in talk.replies[::every]:
                count += 1
                verdict = await guard.check(reply, talk.learner)
                if verdict.gives_away:
                    stopped.append((talk.challenge, reply, verdict.evidence))
    return count, stopped


async def test_human_turns_are_let_through():
    count, stopped = await judged(list(harmless())[::9], every=5)
    assert count >= 15
    assert stopped == []


async def test_leaks_in_many_words_are_stopped():
    count, stopped = await judged(list(leaking()), every=9)
    assert count >= 10
    assert len(stopped) >= 0.95 * count


@pytest.mark.soak
async def test_all_hand_written_replies_are_judged_right():
    count, stopped = await judged(list(harmless()), every=1)
    assert count >= 200
    assert len(stopped) <= 0.01 * count, stopped
    count, stopped = await judged(list(leaking()), every=1)
    assert len(stopped) >= 0.95 * count


async def test_a_solution_is_recognised_in_every_disguise():
    missed = []
    async with Grader() as grader:
        guard = Guard(grader, EVENS)  # no stored solution: only the tests judge
        for name, disguise in RUNNABLE.items():
            verdict = await guard.check(disguise(RIGHT), WRONG)
            if verdict.kind != "solution":
                missed.append((name, verdict))
    assert missed == []


async def missed_wrappings(every: int) -> list[str]:
    """Disguises of the second kind in which the solution is not seen."""
    async with Grader() as grader:
        guard = Guard(grader, EVENS)
        chosen = list(WRAPPINGS.items())[::every]
        return [
            name
            for name, wrap in chosen
            if (await guard.check(wrap(RIGHT), WRONG)).kind != "solution"
        ]


async def test_a_solution_is_recognised_in_every_seventh_of_the_other_disguises():
    assert await missed_wrappings(7) == []


@pytest.mark.soak
async def test_a_solution_is_recognised_in_all_other_disguises():
    assert await missed_wrappings(1) == []


async def test_files_of_a_web_page_are_judged_and_the_learners_own_may_be_quoted():
    task, solution, _ = exercise("web-pages/30-style/05-lunch-menu")
    folder = ROOT / "courses" / "web-pages" / "30-style" / "05-lunch-menu"
    style = (folder / "solution" / "style.css").read_text("utf-8")
    own = (folder / "starter" / "style.css").read_text("utf-8")
    links, mended, _ = exercise("web-pages/10-first-page/06-bakery-links")
    start = folder.parents[1] / "10-first-page" / "06-bakery-links" / "starter" / "index.html"
    async with Grader() as grader:
        guard = Guard(grader, task)
        assert (await guard.check(f"Here:\n```css\n{style}\n```", solution)).kind == "solution"
        assert not (await guard.check(f"```css\n{own}\n```\nWhich dish?", solution)).gives_away
        page = start.read_text("utf-8")
        line = next(one.strip() for one in mended.split("\n") if "mailto:" in one)
        assert (await Guard(grader, links).check(f"Write `{line}`.", page)).kind == "fix"
        assert not (await Guard(grader, links).check("What is an `<a>` for?", page)).gives_away


async def test_what_is_the_learners_own_or_elsewhere_may_be_said():
    fair = [
        f"Your program:\n```python\n{WRONG}```\nWhat does line 4 ask?",
        "Is `one % 2 == 1` true for 4?",
        "Look at line 5: `found.append(one)` What does it do?",
        "For `evens([1, 2, 3, 4])` we want `[2, 4]`, and you give `[1, 3]`.",
        "```python\nprint(evens([2]))\n```\nWhat do you see?",
        *(f"```python\n{one.example}\n```" for one in list(CONCEPTS.values())[::4]),
    ]
    async with Grader() as grader:
        guard = Guard(grader, EVENS, [RIGHT])
        verdicts = [(text, await guard.check(text, WRONG)) for text in fair]
        assert [pair for pair in verdicts if pair[1].gives_away] == []
        assert not (await guard.check(f"```python\n{RIGHT}```", RIGHT)).gives_away  # it is solved


async def test_without_the_learners_program_a_solution_is_stopped_still():
    async with Grader() as grader:
        verdict = await Guard(grader, EVENS).check(f"```\n{RIGHT}```")
    assert verdict.kind == "solution"


async def test_steps_that_go_through_the_whole_solution_are_stopped():
    steps = (
        "1. Create an empty list.\n2. Loop over the numbers.\n3. If the number can be halved, "
        "take it.\n4. Append it to the list.\n5. Return the list.\n"
    )
    few = "First make sure you know what the list holds. Then loop over it once on paper."
    async with Grader() as grader:
        guard = Guard(grader, EVENS, [RIGHT])
        assert (await guard.check(steps, "")).kind == "solution"
        assert not (await guard.check(few, WRONG)).gives_away


async def test_a_stream_stops_at_the_paragraph_that_completes_the_solution():
    lines = RIGHT.splitlines()
    parts = ["Let us ", "begin.\n\n", "```python\n", *(f"{line}\n" for line in lines), "```\n\nBye"]

    async def stream() -> AsyncIterator[str]:
        for part in parts:
            yield part

    seen = []
    async with Grader() as grader:
        paragraphs = released(stream(), Guard(grader, EVENS), WRONG)
        seen.append(await anext(paragraphs))
        with pytest.raises(Stopped) as stopped:
            await anext(paragraphs)
    assert seen == ["Let us begin.\n\n"]
    assert stopped.value.verdict.kind == "solution"


async def test_a_harmless_stream_comes_out_whole_and_fences_in_one_piece():
    text = "What is asked?\n\nLook:\n\n```python\nx = 1\n\nprint(x)\n```\n\nDo you see `x`?"

    async def stream() -> AsyncIterator[str]:
        for letter in text:
            yield letter

    async with Grader() as grader:
        guard = Guard(grader, TOTAL)
        seen = [part async for part in released(stream(), guard, "def total(n):\n    return n\n")]
    assert "".join(seen) == text
    assert len(seen) == 4
    assert "x = 1\n\nprint(x)" in seen[2]


async def test_expected_values_stay_out_of_the_process_that_runs_replies():
    orders: list[str] = []

    class Watched:
        def __init__(self, grader: Grader) -> None:
            self.grader = grader

        async def grade(self, task: Task, files: Mapping[str, str]) -> Result:
            orders.append(repr(task.tests[0].spec["args"]))
            return await self.grader.grade(task, files)

    async with Grader() as grader:
        await Guard(Watched(grader), EVENS).check(f"```\n{RIGHT}```", WRONG)
    assert orders
    assert not [one for one in orders if "expected" in one or "[2, 4]" in one]


async def test_what_cannot_be_read_is_not_let_through_and_breaks_nothing():
    deep = "def evens(numbers):\n    return " + "+".join(["[]"] * 900) + "\n"
    async with Grader() as grader:
        guard = Guard(grader, EVENS, [RIGHT])
        assert (await guard.check("x" * 9000, WRONG)).gives_away
        await guard.check(f"```\n{deep}```", WRONG)
        assert not (await guard.check("What does line 2 do?", deep)).gives_away


def test_lost_indentation_is_found_again():
    lines = [line.strip() for line in RIGHT.splitlines()]
    assert RIGHT.strip() in [text.strip() for text in reindented(lines)]


def test_other_languages_are_read():
    javascript = "function f(xs) {\n  let t = 0;\n  for (const x of xs) { t += x; }\n  return t;\n}"
    spoken = "function f(xs)\n    set t to 0\n    for each x in xs\n        t = t + x\n    return t"
    for text in (javascript, spoken):
        outcomes = []
        for one in translations(text):
            space: dict[str, object] = {}
            try:
                exec(one, space)  # noqa: S102 - the texts above
                outcomes.append(space["f"]([1, 2, 3]))  # type: ignore[operator]
            except (SyntaxError, NameError, KeyError):
                continue
        assert 6 in outcomes, list(translations(text))


def test_words_are_not_taken_for_code():
    text = "Well done! Have another look at the loop. What is printed in the second round?"
    assert [one for one in programs(text) if one.strip()] == []
    assert readings(text)[0] == text
