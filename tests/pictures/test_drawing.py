"""Pictures are small, say what they say without colour, and are drawn once for their content."""

import asyncio
import threading
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from bots.pictures import drawing
from bots.pictures.bidi import visual
from bots.pictures.canvas import WIDEST, drawable, fitting, width_of
from bots.pictures.drawing import key_of, picture
from bots.pictures.views import Bar, Bars, Heatmap, Month, View

# A busy machine is no failure.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
MONDAY = date(2026, 6, 1)
NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WORDS = ("active", "kept", "off", "down", "flown", "open", "missed")
HEAT = Heatmap("Days", MONDAY, (0, 1, 2, 3, 4) * 36, NAMES, ("",) * 26, ("none", "most"))
MONTH = Month("Days", MONDAY, WORDS * 6, NAMES, tuple((word, word) for word in WORDS))
BARS = Bars("Board", (Bar("1. Ada", 1, "10"), Bar("2. Bob", 0.5, "5", is_me=True)), "you")


def opened(view: View) -> Image.Image:
    return Image.open(BytesIO(view.draw().png()))


@pytest.mark.parametrize("view", [HEAT, MONTH, BARS], ids=["heatmap", "month", "bars"])
def test_a_picture_is_a_small_png(view: View):
    content = view.draw().png()
    image = Image.open(BytesIO(content))
    assert (image.format, image.mode) == ("PNG", "P")
    assert image.width <= WIDEST
    assert len(content) < 30_000
    assert view.draw().png() == content


def test_every_level_and_every_sign_has_a_shape_of_its_own():
    """In two shades, light and dark, they can still be told apart."""

    def shape(view: View, box: tuple[int, int, int, int]) -> bytes:
        return opened(view).convert("L").crop(box).point(lambda one: 255 * (one > 128)).tobytes()

    levels = {shape(replace(HEAT, levels=(level,)), (80, 78, 104, 102)) for level in range(5)}
    assert len(levels) == 5
    signs = {shape(replace(MONTH, words=(word,)), (60, 90, 96, 134)) for word in WORDS}
    assert len(signs) == len(WORDS)


@given(st.text(max_size=80), st.integers(10, 400))
@settings(UNHURRIED, max_examples=60)
def test_any_words_fit_their_room(words: str, room: int):
    shown = fitting(words, 16, room)
    assert width_of(shown) <= max(room, width_of("…"))


def test_letters_the_font_does_not_have_are_no_boxes():
    assert drawable("Zażółć Ωβ Яр") == "Zażółć Ωβ Яр"
    assert drawable("李a\n\u202eb") == "·a b"
    assert drawable("🎉 Ada 🎉👩🏽\u200d🔬") == "Ada"


@pytest.mark.parametrize(
    ("words", "drawn"),
    [
        ("Ada", "Ada"),
        ("שלום עולם", "םלוע םולש"),
        ("1. שלום (you)", "1. םולש (you)"),
        ("Ada שלום 42", "Ada 42 םולש"),
        ("שלום 12:30, Ada", "12:30 םולש, Ada"),
        ("שָׁלוֹם", "םוֹלשָׁ"),
        ("محمد علي", "\ufef2\ufee0\ufecb \ufeaa\ufee4\ufea4\ufee3"),
        ("سلام", "\ufee1\ufefc\ufeb3"),
    ],
)
def test_names_from_right_to_left_are_drawn_so_that_they_can_be_read(words: str, drawn: str):
    assert visual(words) == drawn


def test_who_the_reader_is_stands_there_however_long_the_name():
    """Two pictures that differ only in whose line it is differ in words, not only in colour."""

    def names(*, is_me: bool) -> bytes:
        view = Bars("Board", (Bar("A very long name " * 5, 0, "1", is_me=is_me),), "you")
        image = opened(view).convert("L")
        return image.crop((0, 60, 460, 96)).point(lambda one: 255 * (one > 128)).tobytes()

    assert names(is_me=True) != names(is_me=False)


@given(
    st.lists(st.tuples(st.text(max_size=40), st.floats(0, 1), st.text(max_size=10)), max_size=25)
)
@settings(UNHURRIED, max_examples=20)
def test_any_board_can_be_drawn(lines: list[tuple[str, float, str]]):
    Bars("x", tuple(Bar(*line) for line in lines)).draw().png()


async def test_the_same_view_is_drawn_once_and_off_the_loop(monkeypatch: pytest.MonkeyPatch):
    threads = []
    draw = Bars.draw

    def watched(self: Bars):
        threads.append(threading.current_thread())
        return draw(self)

    monkeypatch.setattr(Bars, "draw", watched)
    drawing._drawn.clear()
    first = await picture(BARS, "board", "1. Ada: 10")
    again = await picture(replace(BARS), "board", "x" * 2_000)
    other = await picture(replace(BARS, title="Other"), "board", "")
    assert first.content == again.content != other.content
    assert first.name == again.name == f"board-{key_of(BARS)}.png" != other.name
    assert len(threads) == 2
    assert threading.main_thread() not in threads
    assert (first.alt, len(again.alt)) == ("1. Ada: 10", 1_024)


async def test_only_so_many_pictures_are_kept(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(drawing, "KEPT", 3)
    drawing._drawn.clear()
    await asyncio.gather(*(picture(replace(BARS, title=str(n)), "b", "") for n in range(8)))
    assert len(drawing._drawn) == 3
