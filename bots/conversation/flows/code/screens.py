"""What a challenge says before it is solved: the statement, hints, the solution, the list."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import PurePosixPath
from typing import Any

from bots.conversation.controls import control
from bots.conversation.dialogue import Button, File, Prompt, Reply, code_block
from bots.conversation.flows.general import line_button
from bots.conversation.flows.learn import LONGEST_LABEL, OPENERS
from bots.conversation.turn import Declined, Turn
from domain.challenges import rules
from domain.challenges.lists import Listed
from domain.challenges.queries import Challenge
from domain.challenges.rules import Hint, Locked
from domain.grading.tasks import literal

_BUTTONS = 5  # challenges that a list offers by button
_INLINE_LINES = 20  # of code in a message; a longer file is only attached
LANGUAGES = {"python": "Python", "web": "HTML, CSS, JavaScript"}
_OWN_SAMPLES = re.compile(r"^#+\s*samples?\b", re.IGNORECASE | re.MULTILINE)
_FENCES = {".py": "python", ".html": "html", ".css": "css", ".js": "js"}


def statement(turn: Turn, challenge: Challenge) -> Reply:
    """The task, its samples and limits, the starter files, and what can be done."""
    lines = [_heading(turn, challenge)]
    if challenge.context:
        lines.append(f"*{challenge.context.strip()}*")
    lines.append(challenge.instructions.strip())
    lines += _samples(turn, challenge)
    hidden = challenge.tests - len(challenge.samples)
    lines.append(
        turn.count(
            "{n} test, {hidden} of them hidden.",
            "{n} tests, {hidden} of them hidden.",
            challenge.tests,
            hidden=hidden,
        )
    )
    lines += [_taken(turn, hint) for hint in challenge.hints if hint.taken]
    lines += _inline(turn.say("Start with:"), challenge.starter)
    lines.append(_ways_in(turn, challenge))
    files = tuple(File(name, text.encode()) for name, text in challenge.starter.items())
    return Reply(
        "\n\n".join(lines),
        rows=(statement_buttons(turn, challenge),),
        files=files,
        prompt=Prompt(
            turn.say("Your code"),
            challenge.main,
            multiline=True,
            payload=control("code.open", challenge.id),
            files=True,
        ),
        topic=challenge.title,
    )


def _heading(turn: Turn, challenge: Challenge) -> str:
    limits = turn.say(
        "{seconds} s, {memory} MB",
        seconds=float(challenge.limits.get("time_s", 2)),
        memory=challenge.limits.get("memory_mb", 64),
    )
    parts = [f"**{challenge.title}**"]
    if challenge.difficulty:
        parts.append(turn.say("level {level}", level=challenge.difficulty))
    parts.append(turn.texts.worth(challenge.most))
    parts += [LANGUAGES[challenge.language], limits]
    if challenge.best is not None:
        parts.append(turn.say("your best: {percent}", percent=turn.texts.percent(challenge.best)))
    return " · ".join(parts)


def _ways_in(turn: Turn, challenge: Challenge) -> str:
    platform = turn.incoming.actor.platform
    if platform == "discord" and turn.incoming.place.kind != "private":  # nothing is heard there
        return turn.say(
            "Hand in: press “Your code”, then paste it or add the file {main}.",
            main=challenge.main,
        )
    if platform == "terminal":
        return turn.say(
            "Hand in: your code between two lines of \\`\\`\\`, or `/code submit {main}`.",
            main=challenge.main,
        )
    return turn.say(
        "Hand in: send your code between two lines of \\`\\`\\`, or the file {main}.",
        main=challenge.main,
    )


def _samples(turn: Turn, challenge: Challenge) -> list[str]:
    if _OWN_SAMPLES.search(challenge.instructions):
        return []
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
    ask = Button(turn.say("Ask"), control("ask.open", challenge.id), asks=True)
    return (*help_buttons(turn, challenge), ask, *own_buttons(turn, challenge))


def help_buttons(turn: Turn, challenge: Challenge) -> tuple[Button, ...]:
    """The next hint: the author's with its price, else the tutor's about what was tried."""
    hint = rules.next_hint(challenge.hints)
    if hint is not None:
        return (hint_button(turn, challenge, hint),)
    if challenge.attempts and not challenge.is_done:
        return (Button(turn.say("Hint, free"), control("ask.hint", challenge.id)),)
    return ()


def own_buttons(turn: Turn, challenge: Challenge) -> tuple[Button, ...]:
    """Giving up or the solution, and what was handed in."""
    buttons = []
    if challenge.is_done:
        buttons.append(Button(turn.say("Solution"), control("code.solution", challenge.id)))
    else:
        buttons.append(Button(turn.say("Give up"), control("code.give", challenge.id)))
    if challenge.attempts:
        buttons.append(Button(turn.say("My attempts"), control("code.past", challenge.id, 0)))
    return tuple(buttons)


def hint_button(turn: Turn, challenge: Challenge, hint: Hint) -> Button:
    """The button for the next hint, with its price: Hint 1 of 3, −10 %."""
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
    lines += _inline("", challenge.solution)
    files = tuple(
        File(f"solution-{name}", text.encode()) for name, text in challenge.solution.items()
    )
    return Reply("\n\n".join(lines), rows=(tuple(onward),) if onward else (), files=files)


def _inline(title: str, files: Mapping[str, str]) -> list[str]:
    """The files as code blocks, those that are short."""
    short = {
        name: text
        for name, text in files.items()
        if text.strip() and text.count("\n") <= _INLINE_LINES
    }
    blocks = [
        code_block(text, _FENCES.get(PurePosixPath(name).suffix, ""))
        for name, text in short.items()
    ]
    return [title, *blocks] if blocks and title else blocks


def locked(refused: Locked) -> Declined:
    """The refusal of a challenge that something comes before, with the buttons that lead there."""
    buttons = tuple(
        Button(step.title[:LONGEST_LABEL], control(OPENERS[step.kind], step.id))
        for step in refused.missing[:_BUTTONS]
    )
    return Declined(refused, buttons)


def listing(turn: Turn, found: Sequence[Listed], total: int) -> Reply:
    """The challenges of the learner's courses, those that can be done now first.

    Args:
        turn: whose language.
        found: the first of them.
        total: how many there are.
    """
    lines = [turn.say("Which challenge?"), ""]
    for number, one in enumerate(found, start=1):
        mark = ""
        if one.is_done:
            mark = f" ({turn.say('done')})"
        elif one.missing:
            mark = f" ({turn.say('opens later')})"
        lines.append(f"{number}. {one.title}{mark}: `/code {one.slug}`")
    buttons = tuple(
        Button(one.title[:LONGEST_LABEL], control("code.open", one.id))
        for one in found
        if not one.is_done and not one.missing
    )
    if total > len(found):
        more = total - len(found)
        lines += ["", turn.say("And {number} more.", number=more)]
    if not buttons:  # what opens them comes first
        buttons = (line_button(turn.say("Continue"), "/learn"),)
    return Reply("\n".join(lines), rows=(buttons[:_BUTTONS],))
