"""Draw docs/chat.svg: a real conversation in the terminal, as the README shows it.

Run by `make picture`, on an embedded database of its own.
"""

import asyncio
import io
import re
import tempfile
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.text import Text

from bots.conversation.router import Router
from bots.conversation.turn import Services
from bots.terminal.door import Door
from bots.terminal.screen import RichScreen, button_line
from domain.authoring.shipped import ensure_shipped
from domain.clock import SystemClock
from domain.database import Database
from domain.grading import Grader
from domain.settings import load_settings

TARGET = Path(__file__).resolve().parent.parent / "docs" / "chat.svg"
COLUMNS = 84
CODE = '```python\nname = input()\nprint("Hello", name)\n```'
SCRIPT = (  # what is typed, and whether it is drawn
    ("/learn python", False),
    *[("Next page", False)] * 3,
    ("Finish lesson", True),
    ("Take quiz", True),
    ("A", True),
    ("/code door-greeter", False),
    (CODE, True),
)
# The library's template loads its font from the network; a viewer's own font does as well.
TEMPLATE = re.sub(r"@font-face \{\{.*?\}\}\n", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
TEMPLATE = re.sub(r"<!--.*?-->", "", TEMPLATE).replace("Fira Code", "ui-monospace, Menlo, Consolas")


async def draw(folder: Path) -> None:
    """Hold the conversation and write the picture."""
    clock = SystemClock()
    settings = load_settings(data_dir=folder / "data")
    console = Console(record=True, file=io.StringIO(), width=COLUMNS, force_terminal=True)
    screen = RichScreen(console)
    database = await Database.open(settings)
    try:
        await ensure_shipped(database)
        async with Grader() as grader:
            router = Router(Services(database, clock, settings, grader))
            door = Door(router, clock, "ada", folder / "files")
            for typed, drawn in SCRIPT:
                if drawn:
                    console.print(Text(f"> {typed}".replace("\n", "\n> "), style="bold green"))
                for line in typed.split("\n"):
                    async for reply in door.hear(line):
                        if drawn:
                            screen.show(reply, ())
                            if reply.buttons:
                                console.print(Text(button_line(reply.buttons), style="cyan"))
                                console.print()
    finally:
        await database.close()
    TARGET.write_text(
        console.export_svg(title="stoa chat", code_format=TEMPLATE, unique_id="stoa"), "utf-8"
    )
    print(f"{TARGET} written")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        asyncio.run(draw(Path(name)))
