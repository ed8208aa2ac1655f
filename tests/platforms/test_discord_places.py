"""Where things are said on Discord: threads of one's own, mentions, and where nothing is heard."""

from bots.conversation.turn import Services
from domain.clock import ManualClock
from tests.platforms.discord.driver import DiscordPerson
from tests.platforms.discord.house import door
from tests.platforms.discord.server import LoopbackDiscord
from tests.platforms.discord.world import Channel
from tests.platforms.person import sees


def threads(platform: LoopbackDiscord) -> list[Channel]:
    return [one for one in platform.world.channels.values() if one.is_thread]


async def test_a_challenge_finds_its_thread_again_and_says_that_it_cannot_hear(
    platform: LoopbackDiscord,
    services: Services,
    clock: ManualClock,
    ada: DiscordPerson,
    room: Channel,
):
    ada.place = room
    bob = DiscordPerson(platform, "Bob", room)
    async with door(platform, services):
        for person in (ada, bob):
            await person.command("/learn doors")
            await sees(person, "page 1 of 2")
        for person in (ada, ada, bob):
            await person.command("/code doors-double")
            await sees(person, "This has a thread of its own", "press “Your code”")
        assert len(threads(platform)) == 2
        ours = next(one for one in threads(platform) if ada.user in one.people)
        assert bob.user not in ours.people
        ada.place = ours
        await ada.says("print(1)")
        await sees(ada, "I cannot read what is typed here.")
        before = len(ours.messages)
        await ada.says("print(2)")
        await ada.command("/progress")
        await sees(ada, "Doors and rooms")
        said = [one.content for one in list(ours.messages.values())[before:] if one.author.bot]
        assert not any("cannot read" in content for content in said)  # once a minute is enough


async def test_a_mention_is_answered_in_private_or_with_a_way_there(
    platform: LoopbackDiscord, services: Services, ada: DiscordPerson, room: Channel
):
    ada.place = room
    async with door(platform, services):
        await ada.says(f"<@{platform.world.bot.id}> help")
        await sees(ada, "You can do everything with buttons.")
        assert [one for one in room.messages.values() if one.author.bot] == []
        ada.user.closed = True
        await ada.says(f"<@{platform.world.bot.id}> help")
        await sees(ada, "I could not write to you.")
        await ada.press("Start here")
        await sees(ada, "Stoa")
        assert ada.messages()[-1].only is ada.user
