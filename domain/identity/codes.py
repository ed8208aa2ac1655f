"""One-time codes and tokens that join two accounts. Pure, apart from drawing them.

A code is read aloud and typed, so it is short: 8 characters of Crockford's base 32
(https://www.crockford.com/base32.html), 40 bits, worth ten minutes and few tries. A token travels
in a link that nobody types: 128 bits. The database holds only keyed digests of both.
"""

import hashlib
import hmac
import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 8
SHOWN_HALF = 4  # characters before the dash
TOKEN_BYTES = 16
TOKEN_LENGTH = 22  # of URL-safe base 64 without padding
START_PREFIX = "L"  # of a deep link's parameter: /start L<token>

_LOOKALIKES = str.maketrans("OIL", "011")
_DASHES = re.compile(r"[\s\-\u2010-\u2015\u2212]+")
_TOKEN = re.compile(rf"[A-Za-z0-9_-]{{{TOKEN_LENGTH}}}")


def new_code() -> str:
    """A random code, without its dash."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def new_token() -> str:
    """A random token for a link."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def shown(code: str) -> str:
    """A code as people read it: "7KQ4-X2M9"."""
    return f"{code[:SHOWN_HALF]}-{code[SHOWN_HALF:]}"


def read_code(text: str) -> str | None:
    """The code somebody typed, however they wrote it; None when it cannot be one.

    Small letters, missing or strange dashes, and the letters O, I and L for digits are understood.
    """
    code = _DASHES.sub("", text).upper().translate(_LOOKALIKES)
    is_one = len(code) == CODE_LENGTH and all(character in ALPHABET for character in code)
    return code if is_one else None


def read_start(parameter: str) -> str | None:
    """The token of a deep link's parameter; None when it is about something else."""
    token = parameter.removeprefix(START_PREFIX)
    return token if parameter != token and _TOKEN.fullmatch(token) else None


def digest(secret: bytes, words: str) -> bytes:
    """What the database keeps of a code or token: useless without the secret key.

    Args:
        secret: of this Stoa; without it, all 2^40 codes could be tried against a stolen digest.
        words: the code without its dash, or the token.
    """
    key = hashlib.sha256(b"stoa account link\0" + secret).digest()
    return hmac.digest(key, words.encode(), "sha256")
