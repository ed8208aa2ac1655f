"""Answers that are built press by press: picks to be confirmed, pairs, orders, gaps. Pure.

A draft is a list of small values: places shown (not stored) for multi, matching and ordering, and
texts for cloze. It is kept in the database between presses and belongs to one question.
"""

from collections.abc import Sequence

from domain.errors import N_, Refusal
from domain.quizzes.answers import Answer, Gaps, Order, Pairs, Picks
from domain.quizzes.questions import PublicQuestion

Draft = list[int] | list[str]
BUILT = frozenset({"multi", "matching", "ordering", "cloze"})


def press(question: PublicQuestion, draft: Sequence[int], place: int) -> list[int]:
    """The draft after a press on one option.

    Args:
        question: as this attempt shows it.
        draft: what was pressed before.
        place: the place shown of the option pressed.

    Raises:
        Refusal: the press does nothing there, because the option is gone or all is chosen.
    """
    if not 0 <= place < len(question.options):
        raise Refusal(N_("That option is not there any more. Choose one of those shown."))
    if question.kind == "multi":
        return sorted(set(draft) ^ {place})
    if question.kind == "ordering" and place in draft:
        raise Refusal(N_("You have placed that one already. Press Undo to take it back."))
    if len(draft) >= wanted(question):
        raise Refusal(N_("Everything is placed. Submit it, or press Undo."))
    return [*draft, place]


def wanted(question: PublicQuestion) -> int:
    """How many steps make a whole answer; 0 when any number does."""
    match question.kind:
        case "matching":
            return len(question.left)
        case "ordering":
            return len(question.options)
        case "cloze":
            return question.gaps
    return 0


def is_whole(question: PublicQuestion, draft: Draft) -> bool:
    """Whether the draft can be handed in."""
    steps = wanted(question)
    return len(draft) == steps if steps else bool(draft)


def finished(question: PublicQuestion, order: Sequence[int], draft: Draft) -> Answer:
    """The answer that a whole draft stands for.

    Args:
        question: as this attempt shows it.
        order: the attempt's order: place shown -> place stored.
        draft: a whole one.

    Raises:
        Refusal: something is still missing.
    """
    if not is_whole(question, draft):
        if question.kind == "multi":
            raise Refusal(N_("Choose at least one option before you submit."))
        raise Refusal(
            N_("{left} more to go before you can submit."),
            {"left": wanted(question) - len(draft)},
        )
    if question.kind == "cloze":
        return Gaps(gaps=tuple(str(text) for text in draft))
    places = tuple(order[int(place)] for place in draft)
    if question.kind == "multi":
        return Picks(picks=tuple(sorted(places)))
    return Pairs(pairs=places) if question.kind == "matching" else Order(order=places)
