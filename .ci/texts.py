"""Collect the sentences of the conversation, bring each language up to date, compile them.

Run by `make texts`. Writes bots/locale/stoa.pot, and for each bots/locale/*/LC_MESSAGES/stoa.po
the new sentences (untranslated ones are listed) and the compiled stoa.mo beside it.
"""

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "bots" / "locale"
# `say` and `count` are the methods of Texts and Turn; N_ marks what is translated later.
MARKED: dict[str, tuple[int, ...] | None] = {"N_": None}
SOURCES = {"bots": {"say": None, "count": (1, 2), **MARKED}, "domain": MARKED}


def collect() -> Catalog:
    """Every sentence in the program, with the files that say it."""
    catalog = Catalog(project="Stoa", fuzzy=False, charset="utf-8")
    for folder, keywords in SOURCES.items():
        for name, line, message, comments, _ in extract_from_dir(
            ROOT / folder, method_map=[("**.py", "python")], keywords=keywords
        ):
            del line  # line numbers would change the file with every edit
            catalog.add(message, locations=[(f"{folder}/{name}", 0)], auto_comments=comments)
    return catalog


def as_po(catalog: Catalog) -> bytes:
    """The catalogue as a .po file, without dates, so that it changes only with its sentences."""
    file = io.BytesIO()
    write_po(
        file, catalog, sort_output=True, omit_header=catalog.locale is None, include_lineno=False
    )
    return file.getvalue()


def main() -> int:
    """Write everything; returns 1 when a language lacks sentences."""
    template = collect()
    LOCALE.mkdir(exist_ok=True)
    (LOCALE / "stoa.pot").write_bytes(as_po(template))
    print(f"{len(template)} sentences")
    missing = 0
    for path in sorted(LOCALE.glob("*/LC_MESSAGES/stoa.po")):
        language = path.parent.parent.name
        catalog = read_po(path.open("rb"), locale=language)
        catalog.update(template, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        path.write_bytes(as_po(catalog))
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalog)
        todo = [message.id for message in catalog if message.id and not message.string]
        todo += [m.id for m in catalog if isinstance(m.string, tuple) and not all(m.string)]
        missing += len(todo)
        print(f"{language}: {len(catalog) - len(todo)} translated, {len(todo)} missing")
        for sentence in todo:
            print(f"  {sentence!r}")
    return int(missing > 0)


if __name__ == "__main__":
    sys.exit(main())
