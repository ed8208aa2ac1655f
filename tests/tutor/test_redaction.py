"""Secrets and personal data do not leave; ordinary programs stay as they are."""

import re
import time
from pathlib import Path

import pytest

from tutor.redaction import Redacted, pseudonym, redact

ROOT = Path(__file__).parent.parent.parent
# Other people's programs, kept beside the project where there are any.
BUGGY = ROOT.parent / "shared" / "data" / "buggy"

SECRETS = {
    "bot token": [
        "MTE4NzY1NDMyMTA5ODc2NTQzMg.GhIjKl.abcdefghijklmnopqrstuvwxyz0123456789_-",
        "7000000001:AAloopback-loopback-loopback-loopba",
    ],
    "API key": [
        "AIzaSyA1234567890abcdefghijklmnopqrstuv",
        "sk-proj-abcdefghijklmnopqrstuvwxyz0123456789",
        "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
        "AKIAABCDEFGHIJKLMNOP",
        "xoxb-123456789012-abcdefghij",
    ],
    "JWT": [
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"
    ],
    "private key": ["-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nabc\n-----END RSA PRIVATE KEY-----"],
    "password": ["postgresql://ada:hunter2@db.school.pl/stoa"],
    "e-mail": ["ada.lovelace+school@gmail.com", "jan@uni.edu.pl"],
    "mention": ["<@118765432109876543>", "<@!118765432109876543>", "<#118765432109876543>"],
    "invite": ["https://discord.gg/abcDEF1", "t.me/+AbCdEfGhIjK"],
    "webhook": ["https://discord.com/api/webhooks/118765432109876543/abc-DEF_123"],
    "IBAN": ["DE89 3704 0044 0532 0130 00", "PL61109010140000071219812874"],
    "phone number": ["+48 601 234 567", "+1 (415) 555-2671"],
    "card number": ["4929 1234 5678 9015", "5425233430109903"],
    "handle": ["@maria_kowalska"],
}


@pytest.mark.parametrize(
    ("kind", "secret"), [(kind, secret) for kind, found in SECRETS.items() for secret in found]
)
def test_a_secret_does_not_leave(kind: str, secret: str) -> None:
    found = redact(f"It fails, write to me: {secret} please.")
    assert secret not in found.text
    assert found.kinds == (kind,)
    assert f"[removed: {kind}]" in found.text
    assert found.text.startswith("It fails")
    assert found.text.endswith("please.")


@pytest.mark.parametrize("kind", sorted(set(SECRETS) - {"handle", "private key", "webhook"}))
def test_a_secret_in_a_program_does_not_leave_either(kind: str) -> None:
    for secret in SECRETS[kind]:
        found = redact(f'def call():\n    return "{secret}"\n', code=True)
        assert secret not in found.text
        assert found.kinds == (kind,)


def test_a_private_key_that_is_cut_off_does_not_leave_in_part() -> None:
    found = redact("-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\nkqhkiG9w0B")
    assert found.text == "[removed: private key]"


@pytest.mark.parametrize(
    "unit",
    ["-----BEGIN PRIVATE KEY-----", "a@", "1 ", "+1 ", "AB12 ", "://a:", "@abcde ", "eyJaaaaaaaa."],
)
def test_no_text_makes_it_slow(unit: str) -> None:
    """In processor time, with much room: the slow way takes many seconds."""
    text = unit * (100_000 // len(unit))
    began = time.process_time()
    redact(text)
    assert time.process_time() - began < 5


def test_of_an_address_only_the_password_is_removed() -> None:
    found = redact("postgresql://ada:hunter2@db.school.pl/stoa")
    assert found.text == "postgresql://ada:[removed: password]@db.school.pl/stoa"


ORDINARY = [
    "@property\ndef name(self):\n    return self._name",
    "  @staticmethod\n  def f(): pass",
    "What does @property do, and @dataclass?",
    "y = x @ w\nz = a@b.T\nv = x@self.weights.to(device)",
    "n = n +1000000007\nm = (a+1000000007) % 998244353",
    "mail = 'ada@example.com'  # of nobody",
    "assert luhn('4111 1111 1111 1111')\nassert luhn('378282246310005')",
    "numbers = [1234567890123456, 1111111111111111]",
    "pi = 3.141592653589793238462643383279",
    "2001:db8::1 and 192.168.0.1 and 00:1A:2B:3C:4D:5E",
    "url = f'postgresql://{user}:{password}@{host}/db'",
    "time = '12:30:45'; ratio = 16:9",
    "@media (max-width: 600px) { a { color: red } }",
    "hash = 'd41d8cd98f00b204e9800998ecf8427e'",
    "The answer is 42. See https://docs.python.org/3/library/re.html#module-re",
]


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_text_stays(text: str) -> None:
    assert redact(text) == Redacted(text, ())
    assert redact(text, code=True).text == text


def programs() -> list[Path]:
    return sorted((ROOT / "courses").rglob("*.py"))


def test_the_programs_of_the_shipped_courses_stay() -> None:
    found = programs()
    assert len(found) > 20
    for path in found:
        text = path.read_text(encoding="utf-8")
        assert redact(text, code=True).kinds == (), path


def test_the_lessons_of_the_shipped_courses_stay() -> None:
    pages = sorted((ROOT / "courses").rglob("*.md"))
    assert len(pages) > 20
    for path in pages:
        for block in re.findall(r"```\w*\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL):
            assert redact(block, code=True).text == block, path


@pytest.mark.skipif(not BUGGY.is_dir(), reason="no programs of students beside the project")
def test_the_programs_of_students_stay() -> None:
    found = sorted(BUGGY.rglob("*.py"))
    assert found
    for path in found:
        text = path.read_text(encoding="utf-8", errors="replace")
        assert redact(text, code=True).kinds == (), path


def test_a_pseudonym_is_stable_and_tells_nothing() -> None:
    secret = b"x" * 32
    mine = pseudonym(secret, "learner", "challenge")
    assert mine == pseudonym(secret, "learner", "challenge")
    assert len(mine) == 16
    others = {
        pseudonym(secret, "learner", "other"),
        pseudonym(secret, "another", "challenge"),
        pseudonym(b"y" * 32, "learner", "challenge"),
        pseudonym(secret, "learnerchallenge"),
    }
    assert mine not in others
    assert len(others) == 4
