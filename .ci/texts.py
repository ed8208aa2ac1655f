"""Collect the sentences of the conversation, bring each language up to date, compile them.

Run by `make texts`. Writes bots/locale/stoa.pot, and for each bots/locale/*/LC_MESSAGES/stoa.po
the new sentences (untranslated ones are listed) and the compiled stoa.mo beside it. See
docs/translating.md.
"""

import ast
import io
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "bots" / "locale"
# How many of a call's first arguments are sentences: N_ marks what is translated later, `say` and
# `count` are the methods of Texts and Turn.
MARKS = {"N_": 1}
SPOKEN = {**MARKS, "say": 1, "count": 2}
FOLDERS = {"bots": SPOKEN, "tutor": MARKS, "domain": MARKS}
Sentence = str | tuple[str, ...]


class Lasting(Catalog):
    """A catalogue whose header has no dates, so that it changes only with its sentences."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """The header as it is written."""
        headers = [
            ("Project-Id-Version", "Stoa"),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]
        if self.locale is not None:
            headers += [("Language", str(self.locale)), ("Plural-Forms", self.plural_forms)]
        return [*headers[:-1], (headers[-1][0], f"{headers[-1][1]}\n")]


def lasting(language: str | None = None) -> Catalog:
    """An empty catalogue; without a language it is a template."""
    return Lasting(locale=language, project="Stoa", header_comment="", fuzzy=False, charset="utf-8")


def sentences(source: str, marks: Mapping[str, int]) -> Iterator[Sentence]:
    """The sentences of one module, in the order of the tree; a pair for a singular and its plural.

    A variable is passed over: what it holds was marked with N_ where it was written.

    Args:
        source: the module's text.
        marks: names of functions, and how many of their first arguments are sentences.

    Raises:
        ValueError: a sentence is put together, so that no translation can be found for it.
    """
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        wanted, found = marks.get(name, 0), list[str]()
        for argument in node.args[:wanted]:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                found.append(argument.value)
            elif isinstance(argument, ast.JoinedStr | ast.BinOp):
                raise ValueError(f"line {node.lineno}: write the sentence whole, as one text")
        if found and len(found) == wanted:  # str.count has one argument
            yield found[0] if wanted == 1 else tuple(found)


def collect() -> Catalog:
    """Every sentence in the program, with the files that say it.

    Raises:
        ValueError: see `sentences`.
    """
    catalog = lasting()
    for path in sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")):
        place = path.relative_to(ROOT).as_posix()
        marks = FOLDERS[place.partition("/")[0]]
        try:
            for sentence in sentences(path.read_text("utf-8"), marks):
                # Without line numbers, which would change the file with every edit.
                catalog.add(sentence, locations=[(place, 0)])
        except ValueError as error:
            raise ValueError(f"{place}: {error}") from error
    return catalog


def updated(path: Path, template: Catalog) -> Catalog:
    """The translation at `path`, with exactly the sentences of the template."""
    language = path.parent.parent.name
    with path.open("rb") as file:
        before = read_po(file, locale=language)
    before.update(template, no_fuzzy_matching=True)
    catalog = lasting(language)
    for message in before:
        if message.id:
            catalog.add(message.id, message.string, message.locations, message.flags)
    return catalog


def as_po(catalog: Catalog) -> bytes:
    """The catalogue as a .po or .pot file."""
    file = io.BytesIO()
    write_po(file, catalog, sort_output=True, include_lineno=False)
    return file.getvalue()


def as_mo(catalog: Catalog) -> bytes:
    """The catalogue compiled, as the program reads it."""
    file = io.BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def is_whole(message: Message) -> bool:
    """Whether every plural form is translated."""
    forms = (message.string,) if isinstance(message.string, str) else message.string or ()
    return bool(forms) and all(forms)


def main() -> int:
    """Write everything; returns 1 when a language lacks sentences."""
    template = collect()
    LOCALE.mkdir(exist_ok=True)
    (LOCALE / "stoa.pot").write_bytes(as_po(template))
    print(f"{len(template)} sentences")
    lacking = 0
    for path in sorted(LOCALE.glob("*/LC_MESSAGES/stoa.po")):
        catalog = updated(path, template)
        path.write_bytes(as_po(catalog))
        path.with_suffix(".mo").write_bytes(as_mo(catalog))
        todo = [message.id for message in catalog if message.id and not is_whole(message)]
        lacking += len(todo)
        print(f"{catalog.locale}: {len(catalog) - len(todo)} translated, {len(todo)} missing")
        for sentence in todo:
            print(f"  {sentence!r}")
    return int(lacking > 0)


if __name__ == "__main__":
    sys.exit(main())
