"""Which file of a page a piece of code is."""

import pytest

from domain.challenges.pages import from_named, kind_of
from domain.challenges.understanding import Understood, Wanted, from_files, from_text
from domain.errors import Refusal

NAMES = ("index.html", "style.css", "script.js")
WEB = Wanted("web", "index.html", NAMES)


def files(text: str, wanted: Wanted = WEB) -> dict[str, str]:
    understood = from_text(text, wanted)
    assert isinstance(understood, Understood)
    return dict(understood.files)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("<!doctype html>\n<p>x</p>", ".html"),
        ("  <h1>Hi</h1>", ".html"),
        ("<!-- x -->\n<p>", ".html"),
        ("h1 { color: red; }", ".css"),
        ("a:hover,\n.b > #c { margin: 0 auto; padding: 1px }", ".css"),
        ("@media (max-width: 600px) {\n  p { color: red; }\n}", ".css"),
        ("const a = 1;", ".js"),
        ("document.querySelector('p').textContent = 'x'", ".js"),
        ("function f() {\n  return { a: 1 };\n}", ".js"),
        ("button.addEventListener('click', () => {\n  n += 1;\n});", ".js"),
        ("hello there", ""),
        ("is 3 < 4?", ""),
    ],
)
def test_code_is_known_by_its_looks(code: str, kind: str) -> None:
    assert kind_of("", code) == kind
    assert kind_of("CSS", code) == ".css"


def test_several_blocks_are_several_files() -> None:
    text = "Here:\n```html\n<p>x</p>\n```\nand\n```css\np { color: red }\n```\n```js\nlet a\n```\n"
    assert files(text) == {
        "index.html": "<p>x</p>\n",
        "style.css": "p { color: red }\n",
        "script.js": "let a\n",
    }
    assert files("```\n<p>x</p>\n```\n```\np { color: red }\n```") == {
        "index.html": "<p>x</p>\n",
        "style.css": "p { color: red }\n",
    }
    assert files("p { color: red }") == {"style.css": "p { color: red }\n"}
    other = Wanted("web", "index.html", ("index.html", "app.js"))
    assert files("```javascript\nlet a = 1\n```", other) == {"app.js": "let a = 1\n"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hello", "no code"),
        ("```html\n<p>\n```\n```html\n<b>\n```", "two pieces of HTML"),
        ("```\nwhat is this\n```", "cannot tell"),
        ("```python\nprint(1)\n```", "marked as python, but this challenge takes HTML"),
    ],
)
def test_what_is_no_page_is_said(text: str, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        files(text)


def test_files_get_the_names_that_the_page_uses() -> None:
    assert from_named({"mine.css": "a", "page.html": "b"}, NAMES) == {
        "style.css": "a",
        "index.html": "b",
    }
    two = {"a.js": "1", "b.js": "2"}
    assert from_named(two, NAMES) == two
    assert from_named({"script.js": "1", "more.js": "2"}, NAMES) == {
        "script.js": "1",
        "more.js": "2",
    }
    understood = from_files([("STYLE.CSS", b"p {}")], WEB)
    assert dict(understood.files) == {"style.css": "p {}\n"}
    with pytest.raises(Refusal, match="does not fit here"):
        from_files([("a.py", b"x")], WEB)
