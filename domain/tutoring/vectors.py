"""Texts as vectors: how they are kept, how near a question they are, how near is enough. Pure.

A vector has length 1, so the scalar product of two is the cosine between them. All are compared
with all, which is exact, and fast enough for courses of thousands of passages; numpy, which does
it, is imported when it is first needed.
"""

import math
import os
import struct
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeVar

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Task = Literal["passage", "question"]
Key = TypeVar("Key", bound=Hashable)

LEAST_FOREIGN = 8  # questions about something else that a floor is made from
# Standard deviations from their mean to the floor; chosen with `benchmarks/passages`.
SPREAD = 3.0
# Cormack, Clarke, Buettcher, "Reciprocal rank fusion outperforms Condorcet and individual rank
# learning methods", SIGIR 2009.
RANK = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as a vector; only vectors of the same model and size can be compared with it."""

    model: str
    vector: tuple[float, ...]

    @property
    def size(self) -> int:
        """Bytes of a kept vector of the same length."""
        return 2 * len(self.vector)


def normalised(values: Sequence[float]) -> tuple[float, ...]:
    """The same direction with length 1.

    Raises:
        ValueError: there is no direction: no value, only zeros, or something that is no number.
    """
    length = math.hypot(*values)
    if not length or not math.isfinite(length):
        raise ValueError("not a vector")
    return tuple(value / length for value in values)


def packed(values: Sequence[float]) -> bytes:
    """As it is kept: half-precision floats, little endian.

    Two bytes a value are exact to 0.0005 of it, far below what a model can mean, and 768 of them
    stay in the table's own pages.
    """
    return struct.pack(f"<{len(values)}e", *values)


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near passages are to a question.

    Args:
        cosines: of each passage, in the order given; 1 at most.
        floor: from here on a passage counts as an answer; None: that cannot be told yet.
    """

    cosines: list[float]
    floor: float | None


def nearness(kept: bytes, asked: Sequence[float], foreign: bytes) -> Nearness:
    """Compare a question with passages.

    Models differ in how near they put texts that have nothing to do with each other, so that no
    number fits all. Questions about something else tell it: what is nearest to each of them is no
    answer. The floor lies three standard deviations above the mean of these cosines.

    Args:
        kept: vectors of the passages that could answer, one after the other.
        asked: the question's.
        foreign: those of questions that no passage answers, in the same way.
    """
    if not kept:
        return Nearness([], None)
    # numpy reads it once. Threads that wait for each other take longer than one on a busy machine.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    import numpy as np

    strangers = _matrix(foreign, len(asked))
    questions = np.vstack([np.asarray([asked], dtype=np.float32), strangers])
    found = _matrix(kept, len(asked)) @ questions.T
    floor = None
    if len(strangers) >= LEAST_FOREIGN:
        nearest = found[:, 1:].max(axis=0)
        floor = float(nearest.mean() + SPREAD * nearest.std(ddof=1))
    return Nearness(found[:, 0].tolist(), floor)


def fused(*rankings: Iterable[Key]) -> dict[Key, float]:
    """Several rankings as one score: each adds 1 / (60 + rank), from 1, where it has something."""
    scores: dict[Key, float] = {}
    for ranking in rankings:
        for rank, key in enumerate(ranking, 1):
            scores[key] = scores.get(key, 0.0) + 1 / (RANK + rank)
    return scores


def _matrix(kept: bytes, size: int) -> "NDArray[np.float32]":
    """One row for each vector of so many values."""
    import numpy as np

    return np.frombuffer(kept, dtype="<f2").reshape(-1, size).astype(np.float32)
