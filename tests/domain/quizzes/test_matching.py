"""What is taken for an accepted answer, and what must never be."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import matcher, matcher_cases
from domain.quizzes.matching import Vocabulary, match
from domain.quizzes.normalise import form

BANK = Vocabulary(
    ["Zambia", "Namibia", "Liberia", "Nigeria", "Virginia", "West Virginia", "network layer"]
)

SAME = [
    ("café", "cafe"),
    ("cafe", "café"),
    ("Paris!", "Paris"),
    ("  THE   network-layer. ", "Network layer"),
    ("hashmap", "hash map"),
    ("R and D", "R&D"),
    ("c++", "C++"),
    ("1,024", "1024"),
    ("organisation", "organization"),
    ("2¹⁰", "2^10"),
    ("a record", "A record"),
    ("wifi", "Wi-Fi"),
    ("UTF8", "UTF-8"),
    ("Rek’sai", "Reksai"),
    ("U.S.A.", "USA"),
    ("a router", "router"),
    ("strasse", "Straße"),
    ("H₂O", "H2O"),
    ("...", "..."),
    ("netwrok layer", "network layer"),
    ("Mnoet", "Monet"),
    ("Trinidad adn Tobago", "Trinidad & Tobago"),
    ("incrase", "increase"),
    ("encapsualtoin", "encapsulation"),
]
DIFFERENT = [
    ("decrease", "increase"),
    ("Zambia", "Namibia"),
    ("Nigeria", "Liberia"),
    ("1000", "10000"),
    ("10000", "1000"),
    ("World War II", "World War I"),
    ("Python 3.11", "Python 3.10"),
    ("b is less than a", "a is less than b"),
    ("ordered", "unordered"),
    ("predictable", "unpredictable"),
    ("North Carolina", "South Carolina"),
    ("West Virginia", "Virginia"),
    ("macroscopic", "microscopic"),
    ("not connected", "connected"),
    ("paris london rome madrid", "Paris"),
    ("chair", "air"),
    ("C", "C++"),
    ("-5", "5"),
    ("210", "2¹⁰"),
    ("192.168.1.1", "192.168.1.2"),
    ("record", "A record"),
    ("HTTP", "HTTPS"),
    ("WAN", "LAN"),
    ("Manet", "Monet"),
    ("first", "second"),
    ("sixty", "sixteen"),
    ("a<b", "a>b"),
    ("11/2", "1½"),
    ("", "x"),
]


@pytest.mark.parametrize(("typed", "accepted"), SAME)
def test_same_answer_however_it_is_typed(typed: str, accepted: str):
    assert match(typed, [accepted], vocabulary=BANK).verdict == "right"


@pytest.mark.parametrize(("typed", "accepted"), DIFFERENT)
def test_different_answer_is_never_right(typed: str, accepted: str):
    assert match(typed, [accepted], vocabulary=BANK).verdict != "right"
    assert match(typed, [accepted]).verdict != "right"


def test_accents_count_where_they_tell_two_answers_apart():
    assert match("año", ["ano"]).verdict == "right"
    assert match("año", ["ano"], others=["año"]).verdict == "wrong"
    assert match("anó", ["ano"], others=["año"]).verdict == "close"


def test_an_article_does_not_make_another_answer():
    others = ["A stateful firewall", "The router", "record"]
    assert match("a stateful firewall", ["stateful firewall"], others=others).verdict == "right"
    assert match("router", ["a router"], others=others).verdict == "right"
    assert match("record", ["A record"], others=others).verdict == "wrong"
    assert match("a record", ["A record"], others=others).verdict == "right"


def test_slip_is_refused_when_a_distractor_is_as_near():
    assert match("Gambua", ["Gambia"]).verdict == "right"
    assert match("ambia", ["Gambia"], others=["Zambia"]).verdict != "right"


def test_slip_that_makes_a_word_is_close_and_says_so():
    found = match("pocket", ["packet"])
    assert found.verdict == "close"
    assert "another word" in found.reason


def test_capitals_and_code_are_exact():
    assert match("true", ["True"], case=True).verdict == "close"
    assert match("True", ["True"], case=True).verdict == "right"
    assert match("print(x)", ["print(y)"], code=True).verdict == "wrong"
    assert match(" `len(x)` ", ["len(x)"], code=True).verdict == "right"
    assert match("LEN(x)", ["len(x)"], code=True).verdict == "close"
    assert match("Tru", ["True"], case=True).verdict == "wrong"


def test_no_slip_passes_where_the_author_says_so():
    assert match("lopback", ["loopback"]).verdict == "right"
    assert match("lopback", ["loopback"], fuzzy=False).verdict == "wrong"


def test_length_decides_how_many_slips_pass():
    assert match("porrt", ["port"]).verdict != "right"
    assert match("etherent", ["ethernet"]).verdict == "right"
    assert match("etherrent", ["ethernet"]).verdict != "right"
    assert match("encapslatoin", ["encapsulation"]).verdict == "right"


@given(st.text(max_size=60), st.text(min_size=1, max_size=30))
def test_any_text_gets_a_verdict(typed: str, accepted: str):
    assert match(typed, [accepted], vocabulary=BANK).verdict in {"right", "close", "wrong"}


@given(st.text(min_size=1, max_size=40).filter(lambda text: form(text).tokens))
def test_the_accepted_answer_itself_is_right(answer: str):
    assert match(answer, [answer], others=["something else"]).verdict == "right"
    assert match(f"  {answer} ", [answer]).verdict == "right"


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_numbers_match_exactly(first: int, second: int):
    for frame in ("{}", "port {}", "Python 3.{}", "-{}"):
        found = match(frame.format(first), [frame.format(second)])
        assert (found.verdict == "right") == (first == second)


def test_reduced_benchmark_reaches_the_aim():
    figures = matcher.measure(seed=7, nearest=4, each=1, count=12)
    assert figures.holds(pairs=8_000), matcher.report(figures)


def test_benchmark_makes_slips_of_its_own():
    made = list(matcher_cases.misspellings("router", random.Random(1), 3))  # noqa: S311
    assert len(made) == 12
    assert "router" not in made
