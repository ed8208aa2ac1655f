"""What a submission's result says: the card, the log, the history of attempts."""

from collections.abc import Sequence
from decimal import Decimal

from bots.conversation.controls import control
from bots.conversation.dialogue import Button, File, Reply, code_block, escape
from bots.conversation.flows.code.screens import help_buttons, own_buttons
from bots.conversation.flows.note_words import told
from bots.conversation.turn import Turn
from domain.challenges import rules
from domain.challenges.attempts import HISTORY_PAGE, Attempt, PastAttempt
from domain.challenges.queries import Challenge
from domain.challenges.rules import TestLine
from domain.errors import N_
from domain.grading import explain

INLINE_TESTS = 10  # lines in a message; the rest is in the file
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
            turn.count(
                "{n} more test is in the file.",
                "{n} more tests are in the file.",
                len(tests) - INLINE_TESTS,
            )
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
                expected=safe(_short(turn, test.expected)),
                got=safe(_short(turn, test.got)),
            )
        if test.note is not None and str(test.note) not in said and not _repeats(test):
            said.add(str(test.note))
            line += f". {told(turn, test.note, markup=markup)}"
        lines.append(f"- {line}" if markup else line)
    return lines


def _repeats(test: TestLine) -> bool:
    """Whether the note says only what "expected" and "got" have said already."""
    if test.note is None or test.note.message not in {explain.LINE_DIFFERS, explain.FEWER_LINES}:
        return False
    return all(text is not None and "\n" not in text.strip() for text in (test.expected, test.got))


def _short(turn: Turn, value: str) -> str:
    """A value in one line; quotes show where lines or spaces would not be seen."""
    shown = value.strip("\n")
    if not shown:
        return turn.say("(nothing)")
    if "\n" in shown or shown != shown.strip():
        shown = repr(value)
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
        review = Button(turn.say("Review my code"), control("ask.review", attempt.id))
        return ((*onward, review, look, log),)
    explain = Button(turn.say("Explain my error"), control("ask.explain", attempt.id))
    own = (*own_buttons(turn, challenge), log)
    if turn.learner.display == "compact":  # five buttons; /code history lists the attempts
        own = own_buttons(turn, challenge)[:1]
    return ((again, explain, *help_buttons(turn, challenge)), own)


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
