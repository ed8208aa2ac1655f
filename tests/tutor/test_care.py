"""Somebody in danger is noticed, and everyday talk of programmers is not taken for it."""

import time
from pathlib import Path

import pytest
import yaml

from tutor.care import needs_a_person

PHRASES = yaml.safe_load(
    (Path(__file__).parents[1] / "data" / "tutor" / "care.yaml").read_text("utf-8")
)
LONGEST = 2_000  # characters of a question


def of(kind: str) -> list[str]:
    """All phrases of a kind, in each language."""
    return [phrase for phrases in PHRASES[kind].values() for phrase in phrases]


@pytest.mark.parametrize("kind", ["person", "program"])
def test_a_person_in_danger_is_told_from_a_program(kind: str):
    mistaken = [text for text in of(kind) if needs_a_person(text) != (kind == "person")]
    assert mistaken == []


def test_there_are_enough_phrases_of_both():
    assert len(set(of("person"))) >= 40
    assert len(set(of("program"))) >= 80


@pytest.mark.parametrize(
    "piece", ["i want to ", "i am i am ", "my dad he ", "chce juz ", "` ", "(' "]
)
def test_it_reads_what_is_as_long_as_a_question_may_be(piece: str):
    begun = time.process_time()
    needs_a_person((piece * LONGEST)[:LONGEST])
    assert time.process_time() - begun < 2.0
