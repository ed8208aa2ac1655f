"""Takes secrets and personal data out of what leaves for a model, and gives learners pseudonyms.

Hygiene, not a wall: a name written in a sentence cannot be told from any other word. What is found
by its form (keys, addresses, numbers with check digits) is replaced by what it was, so that a model
still understands the sentence. Ordinary programs stay as they are, since a changed program gets a
wrong answer: decorators, `a@b.T`, `x +1000000007` and the documented example addresses and card
numbers are kept.
"""

import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass

_PSEUDONYM_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text without secrets.

    Args:
        text: with "[removed: e-mail]" and the like in their place.
        kinds: what was removed, each kind once, in alphabetical order.
    """

    text: str
    kinds: tuple[str, ...]


_Rule = Callable[[re.Match[str]], bool]
_Pattern = tuple[str, re.Pattern[str], _Rule | None]

_KEYS = (
    r"AIza[0-9A-Za-z_-]{35}|AQ\.[0-9A-Za-z_-]{30,}"  # Google
    r"|sk-[0-9A-Za-z_-]{20,}"  # OpenAI, Anthropic and many after them
    r"|(?:sk|rk|pk)_(?:live|test)_[0-9A-Za-z]{16,}"  # Stripe
    r"|gh[pousr]_[0-9A-Za-z]{36,}|github_pat_[0-9A-Za-z_]{40,}|glpat-[0-9A-Za-z_-]{20,}"
    r"|(?:AKIA|ASIA)[0-9A-Z]{16}"  # AWS
    r"|xox[abeprs]-[0-9A-Za-z-]{10,}"  # Slack
    r"|hf_[0-9A-Za-z]{30,}|npm_[0-9A-Za-z]{36}|pypi-[0-9A-Za-z_-]{50,}"
)
_TLD = (
    "[a-z]{2}|com|org|net|edu|gov|mil|int|info|biz|name|pro|dev|app|cloud|online|site|tech|xyz|"
    "email|mail|school|academy|studio|social"
)
# Reserved by RFC 2606: they belong to nobody, and programs of beginners are full of them.
_NOBODY = re.compile(
    r"(?:^|[@.])(?:example\.(?:com|org|net|edu)|example|test|invalid)$", re.IGNORECASE
)
# What documents and payment services publish for tests.
_TEST_CARDS = {
    "4111111111111111", "4242424242424242", "4012888888881881", "5555555555554444",
    "5105105105105100", "378282246310005", "371449635398431", "6011111111111117",
    "30569309025904", "3530111333300000", "4539578763621486", "4000000000000002",
}  # fmt: skip
_CARD_BEGINS = re.compile(r"4|5[1-5]|2[2-7]|3[4-8]|6(?:011|4|5)")
_AT_WORDS = {
    "abstractmethod", "cached_property", "charset", "classmethod", "container", "contextmanager",
    "dataclass", "decorator", "deprecated", "final", "fixture", "functools", "import", "keyframes",
    "layer", "lru_cache", "media", "override", "overload", "param", "patch", "property", "pytest",
    "return", "route", "setter", "singledispatch", "staticmethod", "supports", "total_ordering",
    "unittest", "wraps",
}  # fmt: skip


def _is_somebodys(match: re.Match[str]) -> bool:
    return _NOBODY.search(match[0]) is None


def _is_handle(match: re.Match[str]) -> bool:
    return match[1].lower() not in _AT_WORDS


def _is_card(match: re.Match[str]) -> bool:
    digits = re.sub(r"\D", "", match[0])
    if digits in _TEST_CARDS or not _CARD_BEGINS.match(digits) or len(set(digits)) < 3:
        return False
    doubled = [int(d) * (2 if n % 2 else 1) for n, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def _is_iban(match: re.Match[str]) -> bool:
    """Whether the check digits of ISO 13616 are right."""
    letters = match[0].replace(" ", "")
    turned = letters[4:] + letters[:4]
    return 15 <= len(letters) <= 34 and int("".join(str(int(c, 36)) for c in turned)) % 97 == 1


def _is_phone(match: re.Match[str]) -> bool:
    """By its length (ITU-T E.164), and not where a plus adds: on a line that calculates."""
    long_enough = 8 <= len(re.sub(r"\D", "", match[0])) <= 15
    return long_enough and not any(mark in _before(match) for mark in "=%*")


def _is_written_phone(match: re.Match[str]) -> bool:
    """In a program, only inside of a string or a comment: elsewhere a plus is a plus."""
    long_enough = 8 <= len(re.sub(r"\D", "", match[0])) <= 15
    return long_enough and any(mark in _before(match) for mark in "\"'#")


def _before(match: re.Match[str]) -> str:
    """The line up to the match."""
    return match.string[match.string.rfind("\n", 0, match.start()) + 1 : match.start()]


def _pattern(kind: str, expression: str, rule: _Rule | None = None) -> _Pattern:
    return kind, re.compile(expression), rule


_ANYWHERE: tuple[_Pattern, ...] = (
    _pattern(
        "private key",
        r"-----BEGIN [A-Z0-9 ]{0,40}(?:KEY|CERTIFICATE)[A-Z0-9 ]{0,20}-----"
        r"(?:[\s\S]*?-----END [A-Z0-9 ]{1,60}-----|[\s\S]*)",
    ),
    _pattern("webhook", r"https://(?:\w+\.)?discord(?:app)?\.com/api/(?:v\d+/)?webhooks/[\w/-]+"),
    _pattern("bot token", r"(?<![\w-])[MNO][\w-]{22,27}\.[\w-]{6}\.[\w-]{27,45}(?![\w-])"),
    _pattern("bot token", r"(?<![\w:-])\d{8,11}:[A-Za-z0-9_-]{35}(?![\w-])"),
    _pattern("JWT", r"(?<![\w-])eyJ[\w-]{8,}\.eyJ[\w-]{4,}\.[\w-]{10,}"),
    _pattern("API key", rf"(?<![\w-])(?:{_KEYS})(?![\w-])"),
    _pattern("API key", r"(?i)(?<=bearer )[a-z0-9._~+/=-]{20,}"),
    _pattern("password", r"(?<=://)([^\s:/@'\"<>{}]{0,100}):(?![{<])[^\s/@'\"<>]{1,200}(?=@[\w.\[-])"),
    _pattern(
        "e-mail",
        rf"(?<![\w.+/-])[\w.+-]{{1,64}}@(?:[A-Za-z0-9-]{{1,63}}\.){{1,6}}(?i:{_TLD})(?![\w(-]|\.\w)",
        _is_somebodys,
    ),
    _pattern("mention", r"<(?:@[!&]?|#)\d{15,21}>"),
    _pattern(
        "invite",
        r"(?i)\b(?:discord\.gg|discord(?:app)?\.com/invite|t\.me/joinchat|chat\.whatsapp\.com)"
        r"/[\w-]+|\bt\.me/\+[\w-]+",
    ),
    _pattern("IBAN", r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?"
             r"(?![A-Za-z0-9])", _is_iban),
    _pattern("card number", r"(?<![\w.+-])\d(?:[ -]?\d){12,18}(?![\w.])", _is_card),
)  # fmt: skip
_PHONE = r"(?<![\w)\]+])\+\d(?:[ ().-]{0,2}\d){7,14}(?!\w)"
_PROSE = (
    _pattern("phone number", _PHONE, _is_phone),
    # Not at the start of a line, where a decorator stands.
    _pattern("handle", r"(?m)(?<=[ \t(,:;])(?<!^)@([A-Za-z][\w]{4,31})(?![\w(.])", _is_handle),
)
_CODE = (_pattern("phone number", _PHONE, _is_written_phone),)


def redact(text: str, *, code: bool = False) -> Redacted:
    """Replace what must not leave.

    Args:
        text: of any form.
        code: it is a program: `@names` stay, and numbers only count inside of strings and comments.
    """
    kinds: set[str] = set()
    for kind, expression, rule in (*_ANYWHERE, *(_CODE if code else _PROSE)):

        def replaced(match: re.Match[str], kind: str = kind, rule: _Rule | None = rule) -> str:
            if rule is not None and not rule(match):
                return match[0]
            kinds.add(kind)
            kept = f"{match[1]}:" if kind == "password" else ""
            return f"{kept}[removed: {kind}]"

        text = expression.sub(replaced, text)
    return Redacted(text, tuple(sorted(kinds)))


def pseudonym(secret: bytes, *parts: object) -> str:
    """A name for a conversation that only who has the secret can lead back to anybody.

    Args:
        secret: of this installation (`domain.settings.encryption_secret`).
        parts: what the conversation is, such as the learner's id and the component's.

    Returns:
        16 hexadecimal digits: HMAC-SHA-256 of the parts, cut.
    """
    message = "\0".join(["tutor conversation", *map(str, parts)]).encode()
    return hmac.new(secret, message, hashlib.sha256).hexdigest()[:_PSEUDONYM_LENGTH]
