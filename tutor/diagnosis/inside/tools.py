"""What assertions may use, and where printed text goes.

Only the standard library, and of ours only what stands in this folder: these files travel alone.
"""

import io
import sys
from types import TracebackType


class Full(Exception):
    """A program printed more than is kept."""


class Out(io.StringIO):
    """Keeps what is printed, up to a limit."""

    def write(self, text: str) -> int:
        """Keep more; raises `Full`."""
        if self.tell() > 1 << 18:
            raise Full
        return super().write(text)


class Tools:
    """The helpers that assertions may use."""

    class raises:  # noqa: N801 - the name that authors know
        """The block must raise: `with raises(ValueError): ...`."""

        def __init__(self, *kinds: type[BaseException]) -> None:
            self.kinds = kinds
            self.value: BaseException | None = None

        def __enter__(self) -> object:
            return self

        def __exit__(
            self,
            kind: type[BaseException] | None,
            value: BaseException | None,
            _trace: TracebackType | None,
        ) -> bool:
            if kind is None:
                raise AssertionError("not raised")
            self.value = value
            return issubclass(kind, self.kinds)

    class approx:  # noqa: N801 - the name that authors know
        """Equals numbers within a millionth: `x == approx(0.3)`."""

        def __init__(self, value: float, tolerance: float = 1e-6) -> None:
            self.value, self.tolerance = value, tolerance

        def __eq__(self, other: object) -> bool:
            if type(other) not in (int, float):
                return False
            gap = abs(float(other) - self.value)  # type: ignore[arg-type]
            return gap <= self.tolerance * max(1.0, abs(self.value))

        def __hash__(self) -> int:
            return hash(self.value)

    @staticmethod
    def printed() -> str:
        """What was printed since this was last asked."""
        out = sys.stdout
        text = out.getvalue() if isinstance(out, io.StringIO) else ""
        if isinstance(out, io.StringIO):
            out.seek(0)
            out.truncate()
        return text
