"""Aiken: a question, lettered options, and `ANSWER: B`.

Format: https://docs.moodle.org/en/Aiken_format. Kinder than Moodle to small letters, to blank
lines between the parts and to a question of several lines; as strict about which answer is right.
"""

import re

from pydantic import ValidationError

from domain.authoring.foreign.found import Found, Harvest, words
from domain.authoring.foreign.texts import literal, tidy
from domain.quizzes import forms
from domain.quizzes import questions as quiz

_OPTION = re.compile(r"\s*([A-Za-z])\s*[.)]\s*(.*?)\s*")
_ANSWER = re.compile(r"\s*ANSWER\s*:\s*(.*?)\s*", re.IGNORECASE)
_LETTER = re.compile(r"([A-Za-z])[.)]?")


class _Open:
    """A question that is being read."""

    def __init__(self) -> None:
        self.line = 0
        self.prompt: list[str] = []
        self.options: list[tuple[str, str]] = []

    def begin(self, line: int) -> None:
        self.line = self.line or line


def read_aiken(text: str) -> Harvest:
    """Read a whole file. After a fault it goes on with what follows, and names the line."""
    harvest = Harvest()
    now = _Open()
    for number, line in enumerate(text.splitlines(), start=1):
        if answer := _ANSWER.fullmatch(line):
            _finish(harvest, now, number, answer[1])
            now = _Open()
        elif (option := _OPTION.fullmatch(line)) and _is_next(now, option[1]):
            now.begin(number)
            now.options.append((option[1].upper(), option[2]))
        elif line.strip():
            if now.options:
                harvest.skip(now.line, "the question has no ANSWER line")
                now = _Open()
            now.begin(number)
            now.prompt.append(line.strip())
    if now.line:
        harvest.skip(now.line, "the question has no ANSWER line")
    return harvest


def _is_next(now: _Open, letter: str) -> bool:
    """Options come in alphabetical order: "I. Introduction" in a question is not one."""
    return letter.upper() == chr(ord("A") + len(now.options))


def _finish(harvest: Harvest, now: _Open, number: int, answer: str) -> None:
    line = now.line or number
    letters = [letter for letter, _ in now.options]
    chosen = _LETTER.fullmatch(answer)
    if not now.prompt:
        harvest.skip(line, "there is no question before the options")
    elif len(now.options) < 2:
        harvest.skip(line, "the question has fewer than two options")
    elif chosen is None or chosen[1].upper() not in letters:
        harvest.skip(number, f"'ANSWER: {answer[:20]}' names none of the options")
    else:
        try:
            question = quiz.Question(
                kind="single",
                prompt=literal(tidy("\n".join(now.prompt))),
                data=forms.ChoiceData(options=tuple(literal(text) for _, text in now.options)),
                key=forms.ChoiceKey(correct=(letters.index(chosen[1].upper()),)),
            )
        except ValidationError as error:
            harvest.skip(line, words(error))
        else:
            harvest.questions.append(Found(line, question))
