"""What the loopback model does with a request: chosen by the test, never by what is asked."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "answer",  # streams the text and finishes
    "error",  # answers with a status and Google's form of an error
    "html",  # answers with a page of a proxy
    "hang",  # takes the request and says nothing
    "stall",  # begins to answer and says nothing more
    "cut",  # begins to answer and the connection breaks
    "unfinished",  # begins to answer and ends neatly without a reason
    "error_inside",  # begins to answer, then an error comes inside the stream
    "blocked_prompt",  # no candidate at all, and no error status
    "tool_call",  # calls a function that nobody declared
    "garbage",  # half of a JSON object
    "not_utf8",  # begins to answer, then bytes that are no text
    "no_candidates",  # an answer of which there is none
    "short_vectors",  # vectors of another size
    "few_vectors",  # one vector too few
    "zero_vectors",  # vectors without a direction
    "redirect",  # sends the request to somewhere else
]


@dataclass(frozen=True, slots=True)
class Scenario:
    """One answer.

    Args:
        kind: what happens.
        text: of the answer; of a broken one, the part that comes before the break.
        finish: Google's reason on the last chunk.
        status: of an error or a page.
        reason: Google's status word of an error.
        message: of an error.
        retry_s: seconds of a `RetryInfo`, or of the header Retry-After in OpenAI's form.
        pause_s: seconds between the pieces of an answer.
        pieces: how many pieces an answer comes in.
        thought: what the model thinks before it answers; it comes as a part of its own.
        location: where a redirection leads.
    """

    kind: Kind = "answer"
    text: str = "What does the loop do\n\nwhen the list is empty?"
    finish: str = "STOP"
    status: int = 503
    reason: str = "UNAVAILABLE"
    message: str = "The model is overloaded. Please try again later."
    retry_s: float | None = None
    pause_s: float = 0.0
    pieces: int = 3
    thought: str = ""
    location: str = ""


OVERLOADED = Scenario("error")
QUOTA = Scenario("error", status=429, reason="RESOURCE_EXHAUSTED", message="Quota exceeded.")
BAD_KEY = Scenario(
    "error", status=400, reason="INVALID_ARGUMENT", message="API key not valid. Pass a valid one."
)
NO_BILLING = Scenario(
    "error", status=400, reason="FAILED_PRECONDITION", message="User location is not supported."
)
UNREADABLE = Scenario(
    "error", status=400, reason="INVALID_ARGUMENT", message="The input token count is too large."
)
UNKNOWN_THINKING = Scenario(
    "error", status=400, reason="INVALID_ARGUMENT", message="Thinking level is not supported."
)
