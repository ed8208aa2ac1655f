"""From the answers an author wrote to the form in which the quizzes keep them."""

from collections.abc import Mapping
from typing import cast

from domain.authoring.answers import Answers
from domain.quizzes import forms
from domain.quizzes import questions as quiz
from domain.quizzes.forms import Data, Key, Kind


def stored_form(answers: Answers, flags: Mapping[str, bool], unit: str) -> quiz.Question:
    """The question as the quizzes know it, checked by their own rules.

    Args:
        answers: what was read from the file.
        flags: `partial`, `case`, `fuzzy`, `code`, where the author set them.
        unit: of a numeric question.

    Raises:
        pydantic.ValidationError: the parts do not fit each other.
    """
    data, key = _parts(answers, dict(flags), unit)
    kind = cast("Kind", answers.kind)
    return quiz.Question(kind=kind, prompt=answers.prompt, data=data, key=key)


def _parts(answers: Answers, flags: dict[str, bool], unit: str) -> tuple[Data, Key]:
    code = flags.pop("code", None)
    match answers.kind:
        case "ordering":
            return forms.ordering(answers.texts, **flags)
        case "matching":
            return forms.matching(answers.pairs, **flags)
        case "numeric":
            numbers = tuple(
                forms.AcceptedNumber.model_validate({"value": value, "tolerance": tolerance})
                for value, tolerance in answers.pairs
            )
            return forms.NumericData(unit=unit), forms.NumericKey(accepted=numbers)
        case "short":
            return _short(answers, code, flags)
        case "cloze":
            key = forms.ClozeKey.model_validate({"gaps": answers.gaps} | flags)
            return forms.ClozeData(gaps=len(answers.gaps)), key
    return _choice(answers, flags)


def _choice(answers: Answers, flags: dict[str, bool]) -> tuple[Data, Key]:
    right = tuple(place for place, correct in enumerate(answers.correct) if correct)
    feedback = answers.feedback if any(answers.feedback) else ()
    key = forms.ChoiceKey.model_validate({"correct": right, "feedback": feedback} | flags)
    return forms.ChoiceData(options=answers.texts), key


def _short(answers: Answers, code: bool | None, flags: dict[str, bool]) -> tuple[Data, Key]:
    """Answers that all stand in backticks are code, and are kept without them."""
    marked = all(len(text) > 2 and text[0] == text[-1] == "`" for text in answers.texts)
    texts = tuple(text[1:-1] if marked else text for text in answers.texts)
    key = forms.ShortKey.model_validate({"accepted": texts} | flags)
    return forms.ShortData(code=marked if code is None else code), key
