"""Slash commands: made from the vocabulary, within Discord's limits, and read back."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

from bots.conversation.completion import COMPLETED
from bots.conversation.vocabulary import VERBS, Verb
from bots.discord import commands, grammar, localised
from bots.discord.commands import SUBCOMMAND, digest, tree, used
from bots.discord.grammar import OPEN, Option, Way, ways
from tests.platforms.discord.commands import check_all
from tests.platforms.discord.spec import judge_request

TREE = tree(COMPLETED)
BULK = "/applications/300000000000000001/commands"


def test_discord_takes_the_whole_tree():
    check_all([dict(command) for command in TREE])
    assert judge_request("PUT", BULK, [dict(one) for one in TREE], multipart=False) is None


def test_every_verb_is_a_command_everywhere_with_words_in_each_language():
    assert [command["name"] for command in TREE] == [verb.name for verb in VERBS]
    for command in TREE:
        assert command["contexts"] == [0, 1, 2]
        assert command["integration_types"] == [0, 1]
        assert {"en-US", "en-GB", "pl"} <= set(command["description_localizations"])
    learn = next(one for one in TREE if one["name"] == "learn")
    assert learn["description_localizations"]["pl"] != learn["description"]


def test_options_have_names_in_other_languages_that_discord_takes():
    learn = next(one for one in TREE if one["name"] == "learn")
    course = next(one for one in learn["options"] if one["name"] == "course")
    assert course["name_localizations"]["pl"] == "kurs"
    assert course["name_localizations"]["en-US"] == "course"


def test_a_translation_that_is_no_name_or_is_taken_is_left_out(monkeypatch: pytest.MonkeyPatch):
    words = {"course": "Kurs!", "note": "zone", "code": "kod", "file": "kod", "zone": "strefa"}
    monkeypatch.setattr(localised, "translated", lambda text: {"pl": words.get(text, text)})
    verb = Verb("x", "X", "[course] [note] [code] [file] [zone]")
    options = commands._command(verb, frozenset())["options"]
    names = {one["name"]: one["name_localizations"] for one in options}
    assert names == {"course": {}, "note": {}, "code": {"pl": "kod"}, "file": {},
                     "zone": {"pl": "strefa"}}  # fmt: skip


def test_staff_commands_are_hidden_from_others(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(commands, "VERBS", (Verb("admin", "Keep house"), Verb("mod", "Keep peace")))
    admin, mod = tree(frozenset())
    assert admin["default_member_permissions"] == 0
    assert mod["default_member_permissions"] == 1 << 40
    check_all([dict(admin), dict(mod)])


def test_the_same_tree_has_the_same_digest_and_another_one_has_not():
    assert digest(TREE) == digest(tree(COMPLETED))
    assert digest(TREE) != digest(tree(frozenset()))


@pytest.mark.parametrize(
    ("usage", "words", "found"),
    [
        ("", (), (Way("", ()),)),
        ("[course]", (), (Way("", (Option("course"),)),)),
        ("text", (), (Way("", (Option("show", choices=("text",)),)),)),
        (
            "[check | host … | language …]",
            ("check", "host everyone", "host managers", "language"),
            (
                Way("", ()),
                Way("check", ()),
                Way("host", (Option("host", is_required=True, offered=("everyone", "managers")),)),
                Way("language", (Option("language", is_required=True),)),
            ),
        ),
        (
            "[week | all | CHALLENGE]",
            ("week", "all"),
            (Way("", (Option("show", choices=("week", "all")), Option("challenge"))),),
        ),
        (
            "[words] [tag:…] [level:…]",
            ("tag:", "level:low", "level:high"),
            (
                Way(
                    "",
                    (
                        Option("words"),
                        Option("tag", prefix="tag:"),
                        Option("level", prefix="level:", choices=("low", "high")),
                    ),
                ),
            ),
        ),
        (
            "[challenge] | history | submit FILE",
            ("list", "history", "submit"),
            (
                Way("", (Option("challenge"),)),
                Way("history", ()),
                Way("submit", (Option("file", "file", True),)),
                Way("list", ()),
            ),
        ),
        (
            "[time ZONE | day HH:MM | language CODE | display full|compact]",
            (),
            (
                Way("", ()),
                Way("time", (Option("zone", is_required=True),)),
                Way("day", (Option("time", is_required=True),)),
                Way("language", (Option("language", is_required=True),)),
                Way("display", (Option("display", is_required=True, choices=("full", "compact")),)),
            ),
        ),
        (
            "[set] | add front | back | import",
            ("add", "import"),
            (
                Way("", (Option("set"),)),
                Way("add", (Option("front", is_required=True), Option("back", prefix="| "))),
                Way("import", ()),
            ),
        ),
        (
            "[20m | off | new 50 cards by 1 Dec | CHALLENGE]",
            ("off", "new"),
            (
                Way("", (Option("text", example="20m"), Option("challenge"))),
                Way("off", ()),
                Way("new", (Option("text", is_required=True, example="50 cards by 1 Dec"),)),
            ),
        ),
        (
            "[quiz] | [n domain:…]",
            (),
            (
                Way(
                    "",
                    (Option("quiz"), Option("count", "number"), Option("domain", prefix="domain:")),
                ),
            ),
        ),
    ],
)
def test_a_usage_is_read_as_ways_and_options(usage: str, words: tuple[str, ...], found):
    assert ways(Verb("x", "X", usage, words=words)) == found


usages = some.lists(
    some.sampled_from(
        ["[", "]", " | ", "|", "[a]", "N", "HH:MM", "level:…", "on|off", "word", "[b c]", " ", "…",
         "[x | y Z]", "FILE", "Ω", "[n domain:…]", "add FRONT | BACK", "é"]
    ),
    max_size=12,
).map("".join)  # fmt: skip


@settings(max_examples=120, deadline=None)
@given(usages)
@example("[word] | ")
def test_whatever_a_usage_looks_like_discord_takes_it(usage: str):
    verb = Verb("verb", "Do something", usage, words=("word", "list", "tag:x"))
    command = commands._command(verb, COMPLETED)
    check_all([dict(command)])


def slash(name: str, *options: dict[str, object], word: str = "") -> dict[str, object]:
    given = list(options)
    if word:
        given = [{"type": SUBCOMMAND, "name": word, "options": given}]
    return {"name": name, "options": given}


@pytest.mark.parametrize(
    ("data", "arguments"),
    [
        (slash("learn"), ""),
        (slash("learn", {"name": "course", "type": 3, "value": "python"}), "python"),
        (
            slash(
                "courses",
                {"name": "level", "type": 3, "value": "beginner"},
                {"name": "words", "type": 3, "value": "web pages"},
            ),
            "web pages level:beginner",
        ),
        (slash("quiz", {"name": "count", "type": 4, "value": 7}), "7"),
        (slash("code", word=OPEN), ""),
        (
            slash("code", {"name": "challenge", "type": 3, "value": "two-fer"}, word=OPEN),
            "two-fer",
        ),
        (slash("code", word="history"), "history"),
        (
            slash("settings", {"name": "zone", "type": 3, "value": "Europe/Warsaw"}, word="time"),
            "time Europe/Warsaw",
        ),
        ({}, ""),
        ({"name": "unheard-of", "options": [None, 3]}, ""),
    ],
)
def test_what_was_used_is_the_line_somebody_would_have_typed(data, arguments: str):
    found = used(data)
    assert (found.verb, found.arguments) == (data.get("name", ""), arguments)


def test_a_file_and_the_option_being_typed_are_found():
    file = {"name": "file", "type": 11, "value": "42"}
    assert used(slash("code", file, word="submit")).files == ("42",)
    typing = {"name": "course", "type": 3, "value": "py", "focused": True}
    found = used(slash("learn", typing))
    assert (found.focused, found.typed) == ("course", "py")


def test_every_example_of_the_help_can_be_used():
    for verb in VERBS:
        for typed in verb.examples:
            words = typed.split()[1:]
            fixed = [way.word for way in grammar.ways(verb) if way.word]
            options = [option for way in ways(verb) for option in way.options]
            assert not words or words[0] in fixed or options, typed
