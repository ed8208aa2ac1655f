"""What a quiz says after an answer and at its end: feedback, result and review.

A key is written only where the service gave it, which follows the quiz's policy.
"""

from collections.abc import Sequence
from decimal import Decimal

from bots.conversation.controls import control
from bots.conversation.dialogue import Button, Reply, escape
from bots.conversation.flows.quiz.question import Rows, option_lines, prompt_text
from bots.conversation.turn import Turn
from domain.quizzes import rules
from domain.quizzes.grading import Result
from domain.quizzes.review import Reviewed
from domain.quizzes.sheet import Sheet
from domain.quizzes.shown import Answered


def feedback(turn: Turn, answered: Answered) -> Reply:
    """What became of an answer; the key only where the policy shows it."""
    sheet, texts = answered.sheet, turn.texts
    if not answered.is_recorded:
        text = turn.say("So close. Check the spelling and send it again. Nothing is counted yet.")
        return Reply(text, rows=(_stay(turn, sheet, answered.position),))
    if answered.mark is None or answered.earned is None:
        text = turn.say("Answer saved. You can change it until you hand in.")
        return Reply(text, rows=(_forward(turn, answered),), ends_at=sheet.ends_at)
    points = turn.say(
        "{earned} of {points}.",
        earned=texts.points(answered.earned),
        points=texts.points(answered.points),
    )
    if answered.mark.is_correct:
        words = turn.say("Right.")
    elif answered.mark.fraction:
        words = turn.say("Partly right.")
    elif answered.mark.close:
        words = turn.say("So close, but not right.")
    else:
        words = turn.say("Not right.")
    lines = [f"**{words}** {points}", *answered.remarks]
    if not answered.mark.is_correct:
        lines.append(_right_answer(turn, answered.right))
    if answered.explanation:
        lines.append(answered.explanation)
    row = _forward(turn, answered)
    if not answered.mark.is_correct:
        payload = control("quiz.appeal", sheet.id, answered.position)
        row = (*row, Button(turn.say("Mine was right"), payload))
    return Reply("\n\n".join(lines), rows=(row,), ends_at=sheet.ends_at)


def ready(turn: Turn, sheet: Sheet) -> Reply:
    """Before handing in: what has no answer yet."""
    hand_in = Button(turn.say("Hand in"), control("quiz.submit", sheet.id), primary=True)
    if not sheet.unanswered:
        text = turn.count(
            "The question is answered.", "All {n} questions are answered.", len(sheet.slots)
        )
        again = Button(turn.say("Look again"), control("quiz.go", sheet.id, 0))
        return Reply(text, rows=((hand_in, again),), ends_at=sheet.ends_at)
    numbers = ", ".join(str(position + 1) for position in sheet.unanswered)
    text = turn.count(
        "Without an answer: question {numbers}.",
        "Without an answer: questions {numbers}.",
        len(sheet.unanswered),
        numbers=numbers,
    )
    first = sheet.unanswered[0]
    back = Button(
        turn.say("Question {number}", number=first + 1), control("quiz.go", sheet.id, first)
    )
    return Reply(text, rows=((back, hand_in),), ends_at=sheet.ends_at)


def result(turn: Turn, graded: Result, rewards: Sequence[str], onward: Sequence[Button]) -> Reply:
    """The score in words and numbers, and where to go from here."""
    sheet, texts = graded.sheet, turn.texts
    lines = []
    if graded.was_late:
        lines.append(turn.say("The time is over. What you had was handed in."))
    passed = turn.say("passed") if sheet.passed else turn.say("not passed yet")
    score = turn.say(
        "{score} of {most} = {percent}. Pass mark {mark}: {passed}.",
        score=texts.points(sheet.score or Decimal(0)),
        most=texts.points(sheet.max_score or Decimal(0)),
        percent=texts.percent(sheet.percentage or Decimal(0)),
        mark=texts.percent(sheet.pass_mark),
        passed=passed,
    )
    lines.append(f"**{sheet.title}**\n\n{score} {_attempt(turn, sheet)}".rstrip())
    lines += rewards
    left = rules.attempts_left(sheet.max_attempts, sheet.number)
    buttons = [Button(turn.say("Review"), control("quiz.review", sheet.id, 0))]
    if left != 0 and not sheet.passed:
        buttons.append(Button(turn.say("Try again"), control("quiz.open", sheet.quiz_id)))
    if rules.shows_after(sheet.reveal) and sheet.score != sheet.max_score:
        buttons.append(Button(turn.say("Missed ones to cards"), control("card.misses", sheet.id)))
    rows: Rows = ((*onward, *buttons),) if sheet.passed else ((*buttons, *onward),)
    return Reply("\n\n".join(lines), rows=rows)


def reviewed(turn: Turn, one: Reviewed) -> Reply:
    """One question after the quiz."""
    sheet, view = one.sheet, one.question
    lines = [turn.say("Question {n} of {total}", n=one.position + 1, total=len(sheet.slots))]
    if one.shows_key and one.earned is not None:
        words = turn.say("right") if one.is_correct else turn.say("not all right")
        lines[0] += " · " + turn.say(
            "{words}, {earned} of {points} points",
            words=words,
            earned=turn.texts.points(one.earned),
            points=turn.texts.points(view.points),
        )
    if one.hints_used:
        lines[0] += " · " + turn.count("{n} hint", "{n} hints", one.hints_used)
    lines.append(prompt_text(view))
    if options := option_lines(view):
        lines.append("\n".join(options))
    own = "; ".join(map(escape, one.own)) or turn.say("none")
    lines.append(turn.say("Your answer: {answer}", answer=own))
    if one.shows_key:
        if not one.is_correct:
            lines.append(_right_answer(turn, one.right))
        if one.explanation:
            lines.append(one.explanation)
    else:
        lines.append(turn.say("This quiz does not show its answers."))
    if one.appeal:
        lines.append(turn.say("You said that yours was right. The author will look at it."))
    return Reply("\n\n".join(lines), rows=(_review_row(turn, one),), edits=True)


def _right_answer(turn: Turn, lines: Sequence[str]) -> str:
    if len(lines) == 1:
        return turn.say("The answer: {answer}", answer=lines[0])
    return turn.say("The answer:") + "\n\n" + "\n".join(f"- {line}" for line in lines)


def _forward(turn: Turn, answered: Answered) -> tuple[Button, ...]:
    sheet = answered.sheet
    if sheet.unanswered:
        skip = control("quiz.skip", sheet.id, answered.position)
        return (Button(turn.say("Next"), skip, primary=True), *hand_in_early(turn, sheet))
    if sheet.gives_feedback:
        submit = control("quiz.submit", sheet.id)
        return (Button(turn.say("See the result"), submit, primary=True),)
    hand_in = Button(turn.say("Hand in"), control("quiz.submit", sheet.id), primary=True)
    return hand_in, Button(turn.say("Look again"), control("quiz.go", sheet.id, 0))


def hand_in_early(turn: Turn, sheet: Sheet) -> tuple[Button, ...]:
    """The button that lists what has no answer, and from there hands in."""
    if not sheet.is_open:
        return ()
    return (Button(turn.say("Hand in"), control("quiz.result", sheet.id)),)


def _stay(turn: Turn, sheet: Sheet, position: int) -> tuple[Button, ...]:
    return (Button(turn.say("Skip"), control("quiz.skip", sheet.id, position)),)


def _attempt(turn: Turn, sheet: Sheet) -> str:
    if sheet.max_attempts is None:
        return turn.say("Attempt {number}.", number=sheet.number)
    return turn.say("Attempt {number} of {most}.", number=sheet.number, most=sheet.max_attempts)


def _review_row(turn: Turn, one: Reviewed) -> tuple[Button, ...]:
    attempt, position = one.sheet.id, one.position
    row = []
    if position:
        row.append(Button(turn.say("Back"), control("quiz.review", attempt, position - 1)))
    if position + 1 < len(one.sheet.slots):
        following = control("quiz.review", attempt, position + 1)
        row.append(Button(turn.say("Next"), following, primary=True))
    if one.shows_key and one.own and not one.is_correct and not one.appeal:
        row.append(Button(turn.say("Mine was right"), control("quiz.appeal", attempt, position)))
    if one.shows_key and not one.is_correct and one.right:
        row.append(Button(turn.say("Make a card"), control("card.miss", attempt, position)))
    row.append(Button(turn.say("Report"), control("quiz.report", attempt, position)))
    row.append(Button(turn.say("Result"), control("quiz.result", attempt)))
    return tuple(row)
