"""One idea of programming: what is asked, said and shown about it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Concept:
    """One idea of programming.

    Args:
        name: what it is about.
        question: for the first rung of the ladder; it names no place and no change.
        idea: one sentence that is true of every program.
        example: a program on another theme; code, not translated.
        says: what to see in the example.
        language: of the example.
    """

    name: str
    question: str
    idea: str
    example: str
    says: str
    language: str = "python"
