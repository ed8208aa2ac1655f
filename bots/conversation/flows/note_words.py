"""Notes of the grader and the tutor in the learner's language, what a learner wrote made safe."""

from bots.conversation.dialogue import escape
from bots.conversation.turn import Turn
from domain.grading import Note, explain

_LOOKED_UP = frozenset({"concept", "kind", "left", "right"})  # message ids themselves
_MARKED = frozenset({"names", "values"})  # Markdown already


def told(turn: Turn, note: Note, *, markup: bool = True) -> str:
    """A note as one sentence.

    Args:
        turn: whose language.
        note: of the grader or the tutor.
        markup: for a message, where text of a learner is escaped; not for a file.
    """
    every = note.message == explain.WRONG_TYPE  # all its values are words of ours
    values: dict[str, object] = {}
    for name, value in note.values.items():
        if not isinstance(value, str):
            values[name] = value
        elif every or name in _LOOKED_UP:
            values[name] = turn.say(value)
        elif not markup or name in _MARKED:
            values[name] = value
        elif f"`{{{name}}}`" in note.message:
            values[name] = value.replace("`", "'")  # a learner's would end the code around it
        else:
            values[name] = escape(value)
    return turn.say(note.message, **values)
