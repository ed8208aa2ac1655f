"""Tests of web pages: what they must have, and what they ask of the grader in vain."""

import re
from collections.abc import Mapping as Map
from collections.abc import Sequence

from domain.authoring.fields import Json
from domain.authoring.problems import Spot

_ASSERTS = re.compile(r"\bexpect\b|\bthrow\b")
_NOT_AWAITED = re.compile(r"^(?!.*\b(?:await|return)\b).*\.(?:resolves|rejects)\.", re.MULTILINE)
# There is no layout: nothing has a size or a place, and no screen answers media queries.
_LAYOUT = re.compile(
    r"\b(?:offset(?:Width|Height|Top|Left|Parent)|client(?:Width|Height|Top|Left)"
    r"|scroll(?:Width|Height|Top|Left|IntoView|To|By)|getBoundingClientRect|getClientRects"
    r"|elements?FromPoint|inner(?:Width|Height)|outer(?:Width|Height)|matchMedia"
    r"|ResizeObserver|IntersectionObserver)\b"
)


def check_page_tests(cases: Sequence[Map[str, Json]], spots: Sequence[Spot]) -> None:
    """Report tests that assert nothing, and warn of those that need a laid out page.

    Args:
        cases: as cases.yaml has them.
        spots: where each stands.
    """
    for case, spot in zip(cases, spots, strict=True):
        source = case.get("test")
        if not isinstance(source, str):
            continue
        if not _ASSERTS.search(source):
            spot.error("this test asserts nothing: write expect(...) in it")
        if _NOT_AWAITED.search(source):
            spot.warn("write await before an expect with resolves or rejects")
        for name in sorted({found[0] for found in _LAYOUT.finditer(source)}):
            spot.warn(
                f"'{name}' needs a page that is laid out on a screen, and the grader has none: "
                "test the style that makes the layout instead"
            )
