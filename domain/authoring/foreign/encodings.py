"""From the bytes of a file to its text, whatever program wrote it."""

import codecs

from domain.errors import N_, Refusal

MOST_BYTES = 20 * 1024 * 1024
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 4096


def decode(content: bytes) -> tuple[str, str]:
    """The text of a file and the name of its encoding.

    Without a mark it is UTF-8, or UTF-16 when every second byte is nought. A line that is not
    UTF-8 is read as Windows-1252, so that one pasted line does not spoil the others.

    Raises:
        Refusal: the file is too large, or not text.
    """
    if len(content) > MOST_BYTES:
        raise Refusal(N_("The file is over {most} MB. Split it."), {"most": MOST_BYTES // 1024**2})
    for mark, name in _MARKS:
        if content.startswith(mark):
            return _told(content, name), name.removesuffix("-sig")
    sample = content[:_SAMPLE]
    if sample.count(0) * 3 > len(sample):
        name = "utf-16-be" if sample[:1] == b"\0" else "utf-16-le"
        return _told(content, name), name
    if 0 in sample:
        raise Refusal(N_("This is not a text file."))
    try:
        return content.decode(), "utf-8"
    except UnicodeDecodeError:
        lines = content.split(b"\n")
        decoded = [_line(line) for line in lines]
        mixed = any(
            name == "utf-8" and not line.isascii()
            for line, (_, name) in zip(lines, decoded, strict=True)
        )
        return "\n".join(text for text, _ in decoded), "mixed" if mixed else "windows-1252"


def _told(content: bytes, name: str) -> str:
    try:
        text = content.decode(name)
    except UnicodeDecodeError as error:
        raise Refusal(N_("This is not a text file.")) from error
    if "\0" in text:
        raise Refusal(N_("This is not a text file."))
    return text


def _line(line: bytes) -> tuple[str, str]:
    try:
        return line.decode(), "utf-8"
    except UnicodeDecodeError:
        # Five bytes have no sign in Windows-1252; Latin-1 has one for every byte.
        try:
            return line.decode("cp1252"), "windows-1252"
        except UnicodeDecodeError:
            return line.decode("latin-1"), "windows-1252"
