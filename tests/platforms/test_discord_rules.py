"""What Discord refuses in messages, dialogs and commands, our Discord refuses too."""

import pytest

from tests.platforms.discord import limits
from tests.platforms.discord.commands import check_all
from tests.platforms.discord.components import check_modal
from tests.platforms.discord.errors import ApiError
from tests.platforms.discord.messages import check

BUTTON = {"type": 2, "style": 1, "label": "A", "custom_id": "a"}


def row(*components: object) -> dict[str, object]:
    return {"type": 1, "components": list(components)}


@pytest.mark.parametrize(
    "wrong",
    [
        {"content": "x" * 2001},
        {"content": "x", "flags": limits.EPHEMERAL},
        {"content": "x", "flags": limits.COMPONENTS_V2},
        {"content": "x", "nonce": "n" * 26},
        {"embeds": [{"title": "x" * 257}]},
        {"embeds": [{"description": "x" * 3001}, {"description": "x" * 3000}]},
        {"embeds": [{"title": "x"}] * 11},
        {"content": "x", "components": [row(BUTTON)] * 2},
        {"content": "x", "components": [row(*[BUTTON | {"custom_id": str(n)} for n in range(6)])]},
        {"content": "x", "components": [row(BUTTON | {"custom_id": str(n)}) for n in range(6)]},
        {"content": "x", "components": [row(BUTTON | {"custom_id": "c" * 101})]},
        {"content": "x", "components": [row(BUTTON | {"label": "l" * 81})]},
        {"content": "x", "components": [row(BUTTON | {"style": 5})]},
        {"content": "x", "components": [row(BUTTON | {"style": 7})]},
        {"content": "x", "components": [row({"type": 2, "style": 1, "custom_id": "a"})]},
        {"content": "x", "components": [row()]},
        {"content": "x", "components": [BUTTON]},
        {"content": "x", "components": [row({"type": 3, "custom_id": "s", "options": []})]},
        {"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}},
        {"content": "x", "attachments": [{"id": 0, "description": "d" * 1025}]},
        {"content": ""},
    ],
)
def test_messages_that_discord_refuses_are_refused(wrong: dict[str, object]):
    with pytest.raises(ApiError) as refused:
        check(wrong, {})
    assert refused.value.code in (50035, 50006)


def test_messages_at_the_limits_pass():
    rows = [row(*[BUTTON | {"custom_id": f"{r}{n}" * 2} for n in range(5)]) for r in range(5)]
    check({"content": "x" * 2000, "components": rows}, {})
    check({"content": "x", "flags": limits.EPHEMERAL}, {}, most_flags=limits.EPHEMERAL)
    check({}, {0: ("a.txt", b"x")})


TEXT_INPUT = {"type": 4, "custom_id": "t", "style": 1}
LABELLED = {"type": 18, "label": "Answer", "component": TEXT_INPUT}


def test_dialogs_and_commands_that_discord_refuses_are_refused():
    dialog = {"title": "T", "custom_id": "m", "components": [LABELLED]}
    check_modal(dialog)
    faults: list[dict[str, object]] = [
        {"title": "t" * 46},
        {"components": []},
        {"components": [LABELLED] * 6},
        {"components": [LABELLED | {"label": "l" * 46}]},
        {"components": [LABELLED | {"component": TEXT_INPUT | {"placeholder": "p" * 101}}]},
        {"components": [LABELLED | {"component": TEXT_INPUT | {"max_length": 4001}}]},
        {"components": [LABELLED | {"component": BUTTON}]},
        {"components": [row(TEXT_INPUT)]},
    ]
    for fault in faults:
        with pytest.raises(ApiError):
            check_modal(dialog | fault)
    command = {"name": "learn", "description": "Learn", "type": 1}
    option = {"name": "a", "description": "A", "type": 3}
    check_all([command, command | {"type": 2, "description": ""}])
    trees: list[list[dict[str, object]]] = [
        [command, command],
        [command | {"name": "Learn"}],
        [command | {"name": "l" * 33}],
        [command | {"description": ""}],
        [command | {"description_localizations": {"xx": "x"}}],
        [command | {"options": [option, option | {"name": "b", "required": True}]}],
        [command | {"options": [option, option]}],
        [command | {"options": [option | {"choices": [{"name": "n" * 101, "value": "v"}]}]}],
        [command | {"options": [option | {"name": f"o{n}"} for n in range(26)]}],
        [command | {"contexts": [3]}],
        [command | {"name": f"c{n}"} for n in range(101)],
        [command | {"options": [option | {"choices": [
            {"name": f"{n}", "value": "v" * 99} for n in range(25)], "name": f"o{m}"}
            for m in range(4)]}],
    ]  # fmt: skip
    for tree in trees:
        with pytest.raises(ApiError):
            check_all(tree)
