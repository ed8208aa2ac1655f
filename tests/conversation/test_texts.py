"""Every sentence goes through gettext, is translated, and fits where it is shown."""

import ast
import gettext
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest

from bots.conversation import texts
from bots.conversation.router import Router
from bots.conversation.texts import choose, find, texts_for
from bots.conversation.turn import Services
from bots.terminal.door import Door
from domain.clock import ManualClock
from domain.database import Database
from domain.grading import Grader
from domain.settings import Settings
from tests.support import discord, languages, telegram_judge
from tests.support.courses import teach
from tests.support.languages import Explorer, forms, load_collector

collector = load_collector()
TRANSLATIONS = sorted(collector.LOCALE.glob("*/LC_MESSAGES/stoa.po"))
_PLACEHOLDER = re.compile(r"\{(\w*)\}")


@pytest.fixture(scope="module")
def collected():
    return collector.collect()


def test_the_template_holds_exactly_the_sentences_of_the_program(collected):
    written = (collector.LOCALE / "stoa.pot").read_bytes()
    assert written == collector.as_po(collected), "run: make texts"


@pytest.mark.parametrize("path", TRANSLATIONS, ids=lambda path: path.parts[-3])
def test_a_translation_is_complete_and_compiled(path: Path, collected):
    catalog = collector.updated(path, collected)
    assert path.read_bytes() == collector.as_po(catalog), "run: make texts"
    assert path.with_suffix(".mo").read_bytes() == collector.as_mo(catalog), "run: make texts"
    assert [one.id for one in catalog if one.id and not collector.is_whole(one)] == []
    assert len(list(catalog)) == len(list(collected))


@pytest.mark.parametrize("path", TRANSLATIONS, ids=lambda path: path.parts[-3])
def test_a_translation_keeps_placeholders_and_commands(path: Path, collected):
    for message in collector.updated(path, collected):
        if not message.id or not collector.is_whole(message):
            continue
        given = forms(message)[-1]
        strings = (message.string,) if isinstance(message.string, str) else message.string
        for form, text in enumerate(strings):
            # The form for one may leave the number out.
            english = forms(message)[0] if form == 0 else given
            assert set(_PLACEHOLDER.findall(text)) == set(_PLACEHOLDER.findall(english)), given
            assert Counter(re.findall(r"(?<!\w)/[a-z]+", text)) == Counter(
                re.findall(r"(?<!\w)/[a-z]+", given)
            ), given
            assert text.count("`") == given.count("`"), given
            assert text.count("**") == given.count("**"), given


def test_the_compiled_catalogue_can_be_read_by_gettext():
    file = BytesIO((collector.LOCALE / "pl" / "LC_MESSAGES" / "stoa.mo").read_bytes())
    assert gettext.GNUTranslations(file).info()["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize(
    "source",
    ['turn.say(f"Hello {name}")', 'turn.say("Hello " + name)', 'N_("Hello %s" % name)'],
)
def test_a_sentence_that_is_put_together_is_refused(source: str):
    with pytest.raises(ValueError, match="whole"):
        list(collector.sentences(source, collector.SPOKEN))


def test_sentences_are_found_inside_formatted_strings_and_split_lines():
    source = (
        """f"({turn.say('hidden')})"; count("{n} a", "{n} b", 2); N_("one " "two"); x.count("y")"""
    )
    found = list(collector.sentences(source, collector.SPOKEN))
    assert sorted(found, key=str) == sorted(["hidden", ("{n} a", "{n} b"), "one two"], key=str)


def test_no_refusal_and_no_reply_is_written_past_gettext():
    """The first argument is marked, or made by a call; a bare text would stay English."""
    shown = {"Refusal", "NotFound", "Reply", "Prompt", "Button", "line_button"}
    bare = []
    for folder in ("bots/conversation", "domain"):
        for path in (collector.ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if not isinstance(node, ast.Call) or not node.args:
                    continue
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                first = node.args[0]
                if name in shown and isinstance(first, ast.Constant) and first.value:
                    bare.append((str(path), node.lineno, first.value))
    assert bare == []


@pytest.mark.parametrize(
    ("number", "days", "lessons"),
    [
        (1, "1 dzień z rzędu.", "1 lekcja"),
        (2, "2 dni z rzędu.", "2 lekcje"),
        (5, "5 dni z rzędu.", "5 lekcji"),
        (12, "12 dni z rzędu.", "12 lekcji"),
        (22, "22 dni z rzędu.", "22 lekcje"),
        (25, "25 dni z rzędu.", "25 lekcji"),
    ],
)
def test_polish_plurals(number: int, days: str, lessons: str):
    polish = texts_for("pl")
    assert polish.count("{n} day in a row.", "{n} days in a row.", number) == days
    assert polish.count("{n} lesson", "{n} lessons", number) == lessons


@pytest.mark.parametrize(
    ("wishes", "language"),
    [
        (("pl", "en-US"), "pl"),
        ((None, "pl-PL"), "pl"),
        ((None, "PL"), "pl"),
        ((None, "pl_PL.UTF-8"), "pl"),
        (("en", "pl"), "en"),
        (("xx", "pl"), "pl"),
        ((None, "xx-YY"), "en"),
        ((None, "C"), "en"),
        ((None, None), "en"),
    ],
)
def test_the_own_choice_comes_first_then_the_platform_then_english(wishes, language: str):
    assert choose(*wishes) == language


def test_find_knows_only_what_is_spoken():
    assert (find("en-GB"), find("polish"), find("")) == ("en", None, None)


@pytest.mark.parametrize(
    ("language", "percent", "points", "total"),
    [
        ("en", "29.17 %", ("1 point", "2 points", "2.5 points"), "12,345"),
        ("pl", "29,17 %", ("1 punkt", "2 punkty", "2,5 punktu"), "12\N{NO-BREAK SPACE}345"),
    ],
)
def test_numbers_are_written_as_the_language_writes_them(
    language: str, percent: str, points: tuple[str, ...], total: str
):
    spoken = texts_for(language)
    assert spoken.percent(Decimal("29.17")) == percent
    assert spoken.percent(Decimal("100.00")) == "100 %"
    assert tuple(spoken.worth(Decimal(n)) for n in ("1", "2.00", "2.5")) == points
    assert total in spoken.say("+{xp} XP, {total} in all.", xp=1, total=12345)
    assert percent[:5] in spoken.say("your best: {percent}", percent=29.17)
    assert "1204" in spoken.say(
        "Line {line} raised {type}: {reason}", line=1204, type="", reason=""
    )


def forget() -> None:
    """Let the languages be read again."""
    texts.available.cache_clear()
    texts.choose.cache_clear()
    texts_for.cache_clear()


@pytest.fixture
async def far_router(
    database: Database, clock: ManualClock, settings: Settings, grader: Grader
) -> Router:
    """A router over a course in Greek letters."""
    await teach(database, languages.KOUTIA)
    return Router(Services(database, clock, settings, grader))


@pytest.fixture
def pseudo_language(collected, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A language in which every sentence of ours has no Latin letter and is 40 % longer."""
    folder = tmp_path / "locale" / languages.PSEUDO / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalog = languages.pseudo(collected, collector.lasting(languages.PSEUDO))
    (folder / "stoa.mo").write_bytes(collector.as_mo(catalog))
    monkeypatch.setattr(texts, "CATALOGUES", tmp_path / "locale")
    forget()
    yield languages.PSEUDO
    forget()


def enter(router: Router, clock: ManualClock, folder: Path, locale: str) -> Explorer:
    """Somebody new, whose name has no Latin letter either."""
    name = f"Ξένη {' '.join(str(ord(letter)) for letter in locale)}"
    return Explorer(Door(router, clock, name, folder / "files", locale))


def test_a_made_up_sentence_is_longer_and_keeps_its_placeholders():
    assert languages.accented("Hi {name}.") == "Ħî {name}.éééé"


async def test_in_a_made_up_language_everything_fits_and_nothing_stays_english(
    far_router: Router, clock: ManualClock, tmp_path: Path, pseudo_language: str
):
    explorer = enter(far_router, clock, tmp_path, pseudo_language)
    await languages.look_around(explorer)
    left = {
        (done, word, text)
        for done, text in explorer.shown()
        for word in languages.words([text]) - languages.PLAIN
    }
    assert left == set()
    for done, reply in explorer.replies:
        assert not reply.notice.startswith("E-"), f"a fault of ours: {done}"
        assert 0 < len(reply.text) <= 4096, done
        assert len(reply.notice) <= 200, done
        for button in reply.buttons:
            assert 0 < len(button.label) <= 64, (done, button)
            assert len(button.payload.encode()) <= 64, (done, button)
        labels = [button.label for button in reply.buttons]
        assert len(labels) == len(set(labels)), (done, labels)
        assert discord.refused(reply, texts_for(pseudo_language)) == [], done
        assert await telegram_judge.refused(reply, texts_for(pseudo_language)) == [], done


async def test_english_would_be_noticed(far_router: Router, clock: ManualClock, tmp_path: Path):
    explorer = enter(far_router, clock, tmp_path, "en")
    await explorer.says("/start")
    shown = [text for _, text in explorer.shown()]
    assert {"This", "study", "hall", "Browse"} <= languages.words(shown) - languages.PLAIN


async def test_in_polish_no_english_is_left(
    far_router: Router, clock: ManualClock, tmp_path: Path, collected
):
    explorer = enter(far_router, clock, tmp_path, "pl-PL")
    await languages.look_around(explorer)
    catalog = collector.updated(collector.LOCALE / "pl" / "LC_MESSAGES" / "stoa.po", collected)
    english = languages.words([text for one in catalog if one.id for text in forms(one)])
    polish = languages.words(
        [
            text
            for one in catalog
            if one.id
            for text in ((one.string,) if isinstance(one.string, str) else one.string)
        ]
    )
    left = {
        (done, word, text)
        for done, text in explorer.shown()
        for word in languages.words([text]) & (english - polish) - languages.PLAIN
    }
    assert left == set()


async def test_a_chosen_language_is_spoken_at_once_and_later(person):
    ada = person("ania")
    reply = (await ada.types("/settings language pl"))[-1]
    assert reply.text == "Od teraz rozmawiamy w tym języku."
    assert [button.label for button in reply.buttons] == ["Wszystkie ustawienia"]
    assert "Język: polski (pl)" in await ada.says("/settings")
    again = person("ania")
    assert "Nie rozumiem" in await again.says("xyz")
    assert "Nie ma polecenia /lern" in await again.says("/lern")
    await ada.types("/learn tiny")
    await ada.types("Następna strona")
    finished = await ada.says("Zakończ lekcję")
    assert "1 z 6 kroków (16,67 %)." in finished
    assert "I speak this language" in await ada.says("/settings language EN")
    assert "Language: English (en)" in await ada.says("/settings")


async def test_a_later_result_is_in_the_chosen_language_too(person):
    ada = person("kasia")
    for line in ("/settings language pl", "/learn tiny", "/code tiny-double"):
        await ada.types(line)
    await ada.types("```\ndef double(n):\n    return n\n```")
    assert "Zaliczone testy: 1 z 3" in ada.replies[-1].text.replace("*", "")
