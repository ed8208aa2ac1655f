"""Where somebody is, from what they type."""

from datetime import UTC, datetime, time

import pytest

from domain.errors import Refusal
from domain.identity.rules import day_end_from, find_timezone, zone_words

NOW = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wish", "zone"),
    [
        ("Europe/Warsaw", "Europe/Warsaw"),
        ("europe/warsaw", "Europe/Warsaw"),
        ("warsaw", "Europe/Warsaw"),
        ("New York", "America/New_York"),
        ("new   york", "America/New_York"),
        ("  Kolkata ", "Asia/Kolkata"),
        ("UTC", "UTC"),
        ("+2", "Etc/GMT-2"),
        ("UTC-3", "Etc/GMT+3"),
        ("−5", "Etc/GMT+5"),
        ("+0", "Etc/UTC"),
        ("utc+5:45", "Asia/Kathmandu"),
    ],
)
def test_a_place_or_an_offset_becomes_a_zone(wish: str, zone: str):
    assert find_timezone(wish, NOW) == zone


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Etc/GMT-2", "UTC+2"),
        ("Etc/GMT+11", "UTC-11"),
        ("Etc/UTC", "UTC"),
        ("Europe/Warsaw", "Europe/Warsaw"),
    ],
)
def test_an_offset_is_said_with_its_usual_sign(zone: str, words: str):
    assert zone_words(zone) == words


@pytest.mark.parametrize(
    "wish", ["", "moon", "+15", "+99", "-13", "+2:17", "+x", "-", "../etc/passwd", "Factory"]
)
def test_anything_else_is_refused_with_a_way_on(wish: str):
    with pytest.raises(Refusal):
        find_timezone(wish, NOW)


def test_a_misspelt_city_is_the_first_of_five_suggestions():
    with pytest.raises(Refusal) as refused:
        find_timezone("Warszw", NOW)
    assert refused.value.choices[0] == "/settings time Europe/Warsaw"
    assert len(refused.value.choices) == 5


def test_a_number_is_asked_for_its_sign():
    with pytest.raises(Refusal) as refused:
        find_timezone("2", NOW)
    assert refused.value.choices == ("/settings time +2", "/settings time -2")


@pytest.mark.parametrize(
    ("text", "hour"), [("3:00", time(3)), ("00:00", time(0)), ("05:30", time(5, 30))]
)
def test_a_day_may_end_until_six(text: str, hour: time):
    assert day_end_from(text) == hour


@pytest.mark.parametrize("text", ["", "25:00", "06:01", "noon", "3"])
def test_other_hours_are_refused(text: str):
    with pytest.raises(Refusal, match="between 00:00 and 06:00"):
        day_end_from(text)
