"""What a challenge says: the statement, the result of a submission, hints, the history."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from bots.conversation.controls import control
from bots.conversation.dialogue import Button, File, Prompt, Reply, code_block, escape
from bots.conversation.turn import Turn
from domain.challenges import rules
from domain.challenges.queries import HISTORY_PAGE, Attempt, Challenge, Listed, PastAttempt
from domain.challenges.rules import Hint, TestLine
from domain.errors import N_
from domain.grading.tasks import literal

INLINE_TESTS = 10  # lines in a message; the rest is in the file
_INLINE_LINES = 20  # of code in a message; a longer file is only attached
_VALUE = 120  # characters of a value in a line
_TRACEBACK_LINES = 12
WORDS = {"passed": N_("PASS"), "failed": N_("FAIL"), "timeout": N_("TIMEOUT"), "error": N_("ERROR")}
STATUSES = {
    "queued": N_("waiting"),
    "running": N_("running"),
    "passed": N_("passed"),
    "failed": N_("not passed"),
    "partial": N_("partly passed"),
    "timeout": N_("out of time"),
    "error": N_("error"),
}
LANGUAGES = {"python": "Python", "web": "HTML, CSS, JavaScript"}
_FENCES = {"python": "python", "web": "html"}


def statement(turn: Turn, challenge: Challenge) -> Reply:
    """The task, its samples and limits, the starter files, and what can be done."""
    lines = [_heading(turn, challenge)]
    if challenge.context:
        lines.append(f"*{challenge.context.strip()}*")
    lines.append(challenge.instructions.strip())
    lines += _samples(turn, challenge)
    hidden = challenge.tests - len(challenge.samples)
    lines.append(
        turn.say("{tests} tests, {hidden} of them hidden.", tests=challenge.tests, hidden=hidden)
    )
    lines += [_taken(turn, hint) for hint in challenge.hints if hint.taken]
    lines += _inline(turn.say("Start with:"), challenge.starter, challenge.language)
    lines.append(_ways_in(turn, challenge))
    files = tuple(File(name, text.encode()) for name, text in challenge.starter.items())
    return Reply(
        "\n\n".join(lines),
        rows=(statement_buttons(turn, challenge),),
        files=files,
        prompt=Prompt(turn.say("Your code"), challenge.main, multiline=True),
    )


def _heading(turn: Turn, challenge: Challenge) -> str:
    limits = turn.say(
        "{seconds} s, {memory} MB",
        seconds=f"{challenge.limits.get('time_s', 2):g}",
        memory=challenge.limits.get("memory_mb", 64),
    )
    parts = [f"**{challenge.title}**"]
    if challenge.difficulty:
        parts.append(turn.say("level {level}", level=challenge.difficulty))
    parts.append(turn.say("{points} points", points=turn.texts.points(challenge.most)))
    parts += [LANGUAGES[challenge.language], limits]
    if challenge.best is not None:
        parts.append(turn.say("your best: {percent}", percent=turn.texts.percent(challenge.best)))
    return " · ".join(parts)


def _ways_in(turn: Turn, challenge: Challenge) -> str:
    if turn.incoming.actor.platform == "terminal":
        return turn.say(
            "Hand in: your code between two lines of \\`\\`\\`, or `/code submit {main}`.",
            main=challenge.main,
        )
    return turn.say(
        "Hand in: send your code between two lines of \\`\\`\\`, or the file {main}.",
        main=challenge.main,
    )


def _samples(turn: Turn, challenge: Challenge) -> list[str]:
    shown: list[str] = []
    for sample in challenge.samples:
        spec = sample.spec
        if "code" in spec:
            shown.append(code_block(str(spec["code"]), "python"))
        elif "stdin" in spec:
            shown.append(_sample_program(turn, spec))
        elif "function" in spec and "source" not in spec:
            shown.append(_sample_call(turn, spec))
        elif "args" in spec:
            shown.append(f"- `{_call(spec)}`")
    if not shown:
        return []
    tight = all(line.startswith("- ") for line in shown)
    return [turn.say("Samples:"), *(["\n".join(shown)] if tight else shown)]


def _sample_call(turn: Turn, spec: Mapping[str, Any]) -> str:
    if "raises" in spec:
        return "- " + turn.say(
            "{call} raises {error}", call=f"`{_call(spec)}`", error=f"`{spec['raises']}`"
        )
    return f"- `{_call(spec)}` → `{literal(spec.get('expected'))!r}`"


def _call(spec: Mapping[str, Any]) -> str:
    values = [repr(literal(arg)) for arg in spec.get("args", [])]
    values += [f"{name}={literal(arg)!r}" for name, arg in spec.get("kwargs", {}).items()]
    return f"{spec.get('function')}({', '.join(values)})"


def _sample_program(turn: Turn, spec: Mapping[str, Any]) -> str:
    given = code_block(str(spec["stdin"])) if spec["stdin"] else turn.say("(nothing)")
    parts = [turn.say("Input:"), given]
    if "stdout" in spec:
        parts += [turn.say("Output:"), code_block(str(spec["stdout"]))]
    return "\n".join(parts)


def statement_buttons(turn: Turn, challenge: Challenge) -> tuple[Button, ...]:
    """What can be done with a challenge besides handing in."""
    buttons = []
    hint = rules.next_hint(challenge.hints)
    if hint is not None:
        buttons.append(hint_button(turn, challenge, hint))
    if challenge.is_done:
        buttons.append(Button(turn.say("Solution"), control("code.solution", challenge.id)))
    else:
        buttons.append(Button(turn.say("Give up"), control("code.give", challenge.id)))
    if challenge.attempts:
        buttons.append(Button(turn.say("My attempts"), control("code.past", challenge.id, 0)))
    return tuple(buttons)


def hint_button(turn: Turn, challenge: Challenge, hint: Hint) -> Button:
    """ "Hint 1 of 3, −10 %"."""
    number, count = hint.position + 1, len(challenge.hints)
    if not hint.cost or challenge.is_done:
        label = turn.say("Hint {number} of {count}, free", number=number, count=count)
    else:
        label = turn.say(
            "Hint {number} of {count}, −{percent}",
            number=number,
            count=count,
            percent=turn.texts.percent(100 * hint.cost / (challenge.most or Decimal(1))),
        )
    return Button(label, control("code.hint", challenge.id))


def _taken(turn: Turn, hint: Hint) -> str:
    return turn.say("Hint {number}: {text}", number=hint.position + 1, text=hint.text.strip())


def hint_price(turn: Turn, challenge: Challenge, hint: Hint) -> Reply:
    """What a hint costs, before it is taken."""
    text = turn.say(
        "Hint {number} costs {cost} of {most} points for this challenge.",
        number=hint.position + 1,
        cost=turn.texts.points(hint.cost),
        most=turn.texts.points(challenge.most),
    )
    take = Button(turn.say("Take it"), control("code.take", challenge.id, hint.position))
    return Reply(
        text, rows=((take, Button(turn.say("Not yet"), control("code.open", challenge.id))),)
    )


def hint_shown(turn: Turn, challenge: Challenge, hint: Hint) -> Reply:
    """A hint that was taken, and the next one."""
    buttons = [Button(turn.say("Back to the challenge"), control("code.open", challenge.id))]
    following = rules.next_hint(challenge.hints)
    if following is not None:
        buttons.append(hint_button(turn, challenge, following))
    return Reply(_taken(turn, hint), rows=(tuple(buttons),))


def give_up(turn: Turn, challenge: Challenge) -> Reply:
    """Ask before a challenge is given up."""
    text = turn.say(
        "Give up “{title}”? It then counts as finished with 0 points, and I show a solution.",
        title=challenge.title,
    )
    yes = Button(turn.say("Show the solution"), control("code.gave", challenge.id))
    return Reply(
        text, rows=((Button(turn.say("Not yet"), control("code.open", challenge.id)), yes),)
    )


def solution(turn: Turn, challenge: Challenge, onward: Sequence[Button]) -> Reply:
    """A reference solution; there are others."""
    lines = [turn.say("A solution of “{title}”. There are others.", title=challenge.title)]
    lines += _inline("", challenge.solution, challenge.language)
    files = tuple(File(name, text.encode()) for name, text in challenge.solution.items())
    return Reply("\n\n".join(lines), rows=(tuple(onward),) if onward else (), files=files)


def _inline(title: str, files: Mapping[str, str], language: str) -> list[str]:
    """The files as code blocks, those that are short."""
    short = {
        name: text
        for name, text in files.items()
        if text.strip() and text.count("\n") <= _INLINE_LINES
    }
    blocks = [code_block(text, _FENCES[language]) for text in short.values()]
    return [title, *blocks] if blocks and title else blocks


def result(
    turn: Turn,
    attempt: Attempt,
    challenge: Challenge | None,
    rewards: Sequence[str],
    onward: Sequence[Button],
) -> Reply:
    """The result card: counts, points, time and memory, then test by test, in words."""
    tests = rules.visible(attempt.tests, show_hidden=attempt.show_hidden)
    lines = [_summary(turn, attempt)]
    lines.append("\n".join(test_lines(turn, tests[:INLINE_TESTS], markup=True)))
    if len(tests) > INLINE_TESTS:
        lines.append(
            turn.say("{count} more tests are in the file.", count=len(tests) - INLINE_TESTS)
        )
    traceback = rules.visible_traceback(
        attempt.errors, attempt.tests, show_hidden=attempt.show_hidden
    )
    if traceback:
        lines.append(code_block("\n".join(traceback.splitlines()[-_TRACEBACK_LINES:])))
    lines += rewards
    files = (log_file(turn, attempt),) if len(tests) > INLINE_TESTS else ()
    return Reply("\n\n".join(lines), rows=_rows(turn, attempt, challenge, onward), files=files)


def _summary(turn: Turn, attempt: Attempt) -> str:
    passed = sum(test["status"] == "passed" for test in attempt.tests)
    parts = [
        turn.say("**{passed} of {total} tests passed**", passed=passed, total=len(attempt.tests)),
        turn.say(
            "{score} of {most}",
            score=turn.texts.points(attempt.score or Decimal(0)),
            most=turn.texts.points(attempt.most or Decimal(0)),
        ),
    ]
    if attempt.hint_cost:
        if attempt.most and attempt.hint_cost >= attempt.most:
            parts[-1] += " " + turn.say("(the solution was shown)")
        else:
            cost = turn.texts.points(attempt.hint_cost)
            parts[-1] += " " + turn.say("(hints −{cost})", cost=cost)
    parts.append(turn.say("{ms} ms", ms=attempt.wall_ms or 0))
    parts.append(turn.say("{mb} MB", mb=max(1, round((attempt.peak_kb or 0) / 1024))))
    return " · ".join(parts)


def test_lines(turn: Turn, tests: Sequence[TestLine], *, markup: bool) -> list[str]:
    """One line per test; an explanation is given once.

    Args:
        turn: whose language.
        tests: as the learner may see them.
        markup: learner text is escaped for a message; not for a file.
    """
    safe = escape if markup else str
    lines, said = [], set()
    for test in tests:
        name = safe(test.name)
        if not test.is_sample:
            name = f"({turn.say('hidden')}) {name}"
        line = f"{turn.say(WORDS[test.status])} {test.number} {name}"
        if test.status == "failed" and test.expected is not None and test.got is not None:
            line += ": " + turn.say(
                "expected {expected}, got {got}",
                expected=safe(_short(test.expected)),
                got=safe(_short(test.got)),
            )
        if test.note is not None and str(test.note) not in said:
            said.add(str(test.note))
            values = {
                key: safe(value) if isinstance(value, str) else value
                for key, value in test.note.values.items()
            }
            line += f". {turn.say(test.note.message, **values)}"
        lines.append(f"- {line}" if markup else line)
    return lines


def _short(value: str) -> str:
    shown = repr(value) if "\n" in value.strip("\n") else value.strip("\n")
    return shown if len(shown) <= _VALUE else f"{shown[:_VALUE]}…"


def _rows(
    turn: Turn, attempt: Attempt, challenge: Challenge | None, onward: Sequence[Button]
) -> tuple[tuple[Button, ...], ...]:
    log = Button(turn.say("Full log"), control("code.log", attempt.id))
    again = Button(turn.say("Try again"), control("code.open", attempt.component_id), primary=True)
    if challenge is None:
        return ((again, log),)
    if attempt.status == "passed":
        look = Button(turn.say("Solution"), control("code.solution", challenge.id))
        return ((*onward, look, log),)
    return ((again, *statement_buttons(turn, challenge), log),)


def log_file(turn: Turn, attempt: Attempt) -> File:
    """Everything the learner may know about an attempt, as a text file."""
    tests = rules.visible(attempt.tests, show_hidden=attempt.show_hidden)
    parts = [f"{attempt.title} ({attempt.slug})", _summary(turn, attempt).replace("**", ""), ""]
    parts += test_lines(turn, tests, markup=False)
    for test in tests:
        if test.output:
            parts += ["", turn.say("Printed in test {number}:", number=test.number), test.output]
    traceback = rules.visible_traceback(
        attempt.errors, attempt.tests, show_hidden=attempt.show_hidden
    )
    if traceback:
        parts += ["", traceback]
    return File(f"{attempt.slug}-log.txt", ("\n".join(parts).rstrip() + "\n").encode())


def listing(turn: Turn, found: Sequence[Listed]) -> Reply:
    """The challenges of the learner's courses."""
    lines = [turn.say("Which challenge?"), ""]
    for number, one in enumerate(found, start=1):
        done = f" ({turn.say('done')})" if one.status == "completed" else ""
        lines.append(f"{number}. {one.title}{done}: `/code {one.slug}`")
    buttons = tuple(
        Button(turn.say("Challenge {number}", number=number), control("code.open", one.id))
        for number, one in enumerate(found, start=1)
    )
    return Reply("\n".join(lines), rows=(buttons,))


def past(
    turn: Turn, attempts: Sequence[PastAttempt], total: int, offset: int, older: str, newer: str
) -> Reply:
    """One page of the history.

    Args:
        turn: whose language and time zone.
        attempts: those on this page, newest first.
        total: how many there are.
        offset: how many come before this page.
        older: the payload of the next page.
        newer: the payload of the page before.
    """
    if not attempts:
        return Reply(turn.say("You have handed in nothing yet. Open a challenge with /code."))
    zone = turn.learner.timezone
    lines = [turn.count("{n} attempt, newest first:", "{n} attempts, newest first:", total), ""]
    for number, one in enumerate(attempts, start=offset + 1):
        points = ""
        if one.score is not None and one.most is not None:
            points = ", " + turn.say(
                "{score} of {most}",
                score=turn.texts.points(one.score),
                most=turn.texts.points(one.most),
            )
        when = f"{turn.texts.day(one.submitted_at, zone)} {turn.texts.time(one.submitted_at, zone)}"
        lines.append(f"{number}. {when} · {one.title}: {turn.say(STATUSES[one.status])}{points}")
    row = [
        Button(turn.say("Attempt {number}", number=number), control("code.mine", one.id))
        for number, one in enumerate(attempts, start=offset + 1)
    ]
    pages = []
    if offset:
        pages.append(Button(turn.say("Newer"), newer))
    if offset + HISTORY_PAGE < total:
        pages.append(Button(turn.say("Older"), older))
    return Reply("\n".join(lines), rows=(tuple(row), tuple(pages)) if pages else (tuple(row),))
