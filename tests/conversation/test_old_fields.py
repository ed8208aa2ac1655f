"""A field that was opened for one question never answers another."""

from itertools import count

from bots.conversation.dialogue import (
    Action,
    Actor,
    Command,
    File,
    Incoming,
    Place,
    Reply,
    Text,
    Upload,
)
from bots.conversation.router import Router
from domain.clock import ManualClock

_numbers = count()


async def does(router: Router, clock: ManualClock, action: Action) -> Reply:
    """One event of Ada's; the last reply."""
    incoming = Incoming(
        str(next(_numbers)),
        clock.now(),
        Actor("terminal", "ada", "Ada"),
        Place("private", "terminal:ada"),
        action,
    )
    return [reply async for reply in router.answer(incoming)][-1]


async def test_what_is_typed_answers_its_own_prompt_or_nothing(router: Router, clock: ManualClock):
    asked = await does(router, clock, Command("cards", "add"))
    assert asked.prompt is not None
    about = asked.prompt.about
    assert about
    kept = await does(router, clock, Text("2 ** 3 | 8", about))
    assert "2 \\*\\* 3" in kept.text
    assert kept.prompt is not None
    assert kept.prompt.about == about  # the next card is asked for in the same way
    zone = await does(router, clock, Command("settings", "time"))
    assert zone.prompt is not None
    assert zone.prompt.about not in {"", about}
    for late in (Text("3 ** 3 | 27", about), Upload((File("a.csv", b"x"),), "", about)):
        refused = await does(router, clock, late)
        assert "older message" in refused.text
    assert "Europe/Warsaw" in (await does(router, clock, Text("Warsaw"))).text
    assert "older message" in (await does(router, clock, Text("Warsaw", about))).text
