"""What a quiz looks like before and while it is answered; built from views without keys."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from bots.conversation.controls import control
from bots.conversation.dialogue import Button, Field, Form, Prompt, Reply, escape
from bots.conversation.turn import Turn
from domain.quizzes import drafts, rules
from domain.quizzes.forms import GAP
from domain.quizzes.questions import PublicQuestion
from domain.quizzes.sheet import Sheet
from domain.quizzes.shown import Shown
from domain.quizzes.starting import Intro

ROW = 5
LONGEST_LABEL = 20
MOST_FIELDS = 5  # of a form, on the platform that has them
MOST_CHOICES = 25  # of one field
Rows = tuple[tuple[Button, ...], ...]


def introduction(turn: Turn, quiz: Intro) -> Reply:
    """What the quiz asks for, before the clock starts."""
    facts = [
        turn.count("{n} question", "{n} questions", quiz.questions),
        turn.say("pass mark {mark}", mark=turn.texts.percent(quiz.pass_mark)),
    ]
    if quiz.time_limit_seconds:
        minutes = -(-quiz.time_limit_seconds // 60)
        facts.append(turn.count("{n} minute", "{n} minutes", minutes))
    if quiz.max_attempts:
        facts.append(
            turn.say("attempt {number} of {most}", number=quiz.made + 1, most=quiz.max_attempts)
        )
    lines = [f"**{quiz.title}**", " · ".join(facts)]
    if quiz.text:
        lines.append(quiz.text)
    if quiz.time_limit_seconds:
        lines.append(turn.say("The time starts when you press Start, and does not stop."))
    start = Button(turn.say("Start"), control("quiz.start", quiz.id), primary=True)
    return Reply("\n\n".join(lines), rows=((start,),))


def question(turn: Turn, shown: Shown, above: Sequence[str] = (), *, edits: bool = False) -> Reply:
    """One question, with everything that answers it."""
    view = shown.question
    lines = [*above, _heading(turn, shown.sheet, shown.position, view.points)]
    lines.append(prompt_text(view))
    lines += [
        turn.say("Hint {number}: {text}", number=number, text=text)
        for number, text in enumerate(shown.hints, start=1)
    ]
    if options := option_lines(view):
        lines.append("\n".join(options))
    lines += _draft_lines(turn, shown)
    if shown.answer and not shown.draft:
        own = "; ".join(map(escape, shown.answer))
        lines.append(turn.say("Your answer so far: {answer}", answer=own))
    return Reply(
        "\n\n".join(lines),
        rows=(*_answer_rows(turn, shown), _other_row(turn, shown)),
        prompt=_prompt(turn, view, shown),
        form=_form(turn, view, shown),
        edits=edits,
        protect=shown.sheet.quiz_type != "practice",
        ends_at=shown.sheet.ends_at,
    )


def prompt_text(view: PublicQuestion) -> str:
    """The prompt as it is read: gaps are drawn as numbered lines."""
    return GAP.sub(lambda gap: f"\\_\\_\\_\\_ ({gap[1]})", view.prompt)


def option_lines(view: PublicQuestion) -> list[str]:
    """The options with their letters or numbers; matching shows both sides."""
    if view.kind == "ordering":
        return [f"{number}. {text}" for number, text in enumerate(view.options, start=1)]
    lines = [f"{number}. {text}" for number, text in enumerate(view.left, start=1)]
    if lines:
        lines.append("")
    return lines + [f"- {chr(65 + n)}. {text}" for n, text in enumerate(view.options)]


def time_left(ends_at: datetime, now: datetime) -> str:
    """Minutes and seconds: "7:12"."""
    seconds = max(0, int((ends_at - now).total_seconds()))
    return f"{seconds // 60}:{seconds % 60:02}"


def _heading(turn: Turn, sheet: Sheet, position: int, points: Decimal) -> str:
    parts = [
        turn.say("Question {number} of {total}", number=position + 1, total=len(sheet.slots)),
        turn.texts.worth(points),
    ]
    if sheet.ends_at is not None:
        parts.append(turn.say("{time} left", time=time_left(sheet.ends_at, turn.now)))
    return "**" + " · ".join(parts) + "**"


def _draft_lines(turn: Turn, shown: Shown) -> list[str]:
    view, draft = shown.question, shown.draft
    match view.kind:
        case "multi":
            return [turn.say("Choose all that are right, then submit. Or type letters: a c")]
        case "matching":
            pairs = zip(view.left, draft, strict=False)
            done = "\n".join(f"- {left} = {view.options[place]}" for left, place in pairs)
            step, count = len(draft) + 1, len(view.left)
            left = view.left[len(draft)]
            asked = turn.say("Match {n} of {total}: {left} →", n=step, total=count, left=left)
            return [done, asked] if done else [asked]
        case "ordering":
            chosen = [f"{n}. {view.options[place]}" for n, place in enumerate(draft, start=1)]
            if chosen:
                return [turn.say("Your order:") + "\n\n" + "\n".join(chosen)]
            return [turn.say("Press the numbers in order. Or type them: 2 1 3")]
        case "cloze" if view.gaps > 1:
            done = "\n".join(f"- ({n}) {escape(str(text))}" for n, text in enumerate(draft, 1))
            step = len(draft) + 1
            asked = turn.say("Type gap {n} of {total}, or all: a; b", n=step, total=view.gaps)
            return [done, asked] if done else [asked]
    return []


def _answer_rows(turn: Turn, shown: Shown) -> Rows:
    view, attempt = shown.question, shown.sheet.id
    if shown.is_settled:
        return ()
    buttons = [
        Button(label, control("quiz.pick", attempt, f"{shown.position}.{place}"))
        for place, label in _labels(turn, view, shown.draft)
    ]
    rows = [tuple(buttons[start : start + ROW]) for start in range(0, len(buttons), ROW)]
    steps: list[Button] = []
    if shown.draft and view.kind != "multi":
        steps.append(Button(turn.say("Undo"), control("quiz.undo", attempt, shown.position)))
    if view.kind == "multi" or (view.kind == "ordering" and _is_whole(shown)):
        payload = control("quiz.done", attempt, shown.position)
        steps.append(Button(turn.say("Submit answer"), payload, primary=True))
    return (*rows, tuple(steps)) if steps else tuple(rows)


def _is_whole(shown: Shown) -> bool:
    return drafts.is_whole(shown.question, list(shown.draft))


def _labels(turn: Turn, view: PublicQuestion, draft: Sequence[object]) -> list[tuple[int, str]]:
    """The buttons of the options: place shown and label."""
    places = range(len(view.options))
    if view.kind == "multi":
        return [(n, f"[{'x' if n in draft else ' '}] {chr(65 + n)}") for n in places]
    if view.kind == "ordering":
        placed = {n: turn.say("{number} placed", number=n + 1) for n in places if n in draft}
        return [(n, placed.get(n, str(n + 1))) for n in places]
    if view.kind == "true_false" and max(map(len, view.options)) <= LONGEST_LABEL:
        return list(enumerate(view.options))
    return [(n, chr(65 + n)) for n in places]


def _other_row(turn: Turn, shown: Shown) -> tuple[Button, ...]:
    attempt, position = shown.sheet.id, shown.position
    if shown.is_settled:
        return (Button(turn.say("Next"), control("quiz.skip", attempt, position), primary=True),)
    row = []
    if shown.hints_left:
        cost = int(rules.HINT_COST * 100)
        label = turn.say("Hint −{cost} %", cost=cost)
        row.append(Button(label, control("quiz.hint", attempt, position)))
    row.append(Button(turn.say("Skip"), control("quiz.skip", attempt, position)))
    row.append(Button(turn.say("Report"), control("quiz.report", attempt, position)))
    return tuple(row)


def _prompt(turn: Turn, view: PublicQuestion, shown: Shown) -> Prompt | None:
    if shown.is_settled:
        return None
    again = control("quiz.go", shown.sheet.id, shown.position)
    match view.kind:
        case "short":
            return Prompt(turn.say("Your answer"), payload=again)
        case "numeric":
            example = f"1.5 {view.unit}" if view.unit else "1024"
            return Prompt(turn.say("Your answer"), example, payload=again)
        case "cloze":
            number = len(shown.draft) + 1
            return Prompt(turn.say("Gap {number}", number=number), payload=again)
    return None


def _form(turn: Turn, view: PublicQuestion, shown: Shown) -> Form | None:
    """All gaps or all pairs in one form; many of them are answered one by one."""
    again = control("quiz.go", shown.sheet.id, shown.position)
    if shown.is_settled or max(view.gaps, len(view.left)) > MOST_FIELDS:
        return None
    label = turn.say("Answer all at once")
    if view.kind == "cloze" and view.gaps > 1:
        gaps = range(1, view.gaps + 1)
        fields = tuple(Field(turn.say("Gap {number}", number=number)) for number in gaps)
        return Form(label, again, fields, "; ")
    if view.kind == "matching" and len(view.options) <= MOST_CHOICES:
        choices = tuple(
            (f"{chr(65 + n)}. {text}", chr(97 + n)) for n, text in enumerate(view.options)
        )
        fields = tuple(
            Field(f"{number}. {left}", choices=choices, before=str(number))
            for number, left in enumerate(view.left, start=1)
        )
        return Form(label, again, fields)
    return None
