"""What went wrong, in words a beginner understands; marked for translation."""

import difflib

from domain.errors import N_
from domain.grading.model import Json, Limits, Note

OUT_OF_TIME = N_(
    "It was stopped after {seconds} s. That is usually a loop that never ends: check what makes "
    "it stop."
)
OUT_OF_TIME_AT = N_(
    "It was stopped after {seconds} s, while line {line} was running. That is usually a loop "
    "that never ends: check what makes it stop."
)
NOT_RUN = N_("Not run, because the tests before it ran out of time.")
NO_INPUT = N_(
    "`input()` asked for more than there was. Read only as many lines as the task gives; a "
    "function gets its values as arguments, not from `input()`."
)
ENDLESS_RECURSION = N_(
    "A function called itself again and again until Python gave up. It needs a case in which it "
    "answers without calling itself."
)
TOO_MUCH_MEMORY = N_("It needed more than the {memory} MB that this challenge allows.")
TOO_MUCH_OUTPUT = N_(
    "It printed more than the {output} KB that this challenge allows. Is there a `print` in a "
    "loop that never ends?"
)
MISSING_FUNCTION = N_("There is no function called `{name}`. The name must be exactly that.")
MISSING_FUNCTION_CLOSE = N_(
    "There is no function called `{name}`, but there is `{close}`. The name must be exactly "
    "`{name}`."
)
MISSING_FILE = N_("The file {name} is missing. Send it under exactly that name.")
SYNTAX = N_(
    "Python could not read line {line}: {reason}. Look for a missing bracket, quote or colon "
    "there or one line above."
)
UNKNOWN_NAME = N_("Line {line} uses a name that Python does not know: {reason}.")
RAISED = N_("Line {line} raised {type}: {reason}")
RAISED_ANYWHERE = N_("It raised {type}: {reason}")
LEFT = N_("It ended by itself with: {reason}")
ENDED_EARLY = N_("It ended before it gave an answer. Is there an `exit()` or `quit()` in it?")
OWN_CHANNEL = N_("It wrote where it must not write, so it was stopped.")
CRASHED = N_(
    "The Python interpreter itself crashed (signal {signal}). Very deep recursion does that."
)
NOT_ALLOWED = N_(
    "Line {line} tried something that is not allowed here: no network, no other programs, no "
    "files but its own. ({type}: {reason})"
)
RETURNED_NOTHING = N_(
    "The function returned None. Did you `print` the answer where the task wants `return`?"
)
WRONG_TYPE = N_("The value looks right but is {got}; {expected} is wanted.")
NO_SUCH_ERROR = N_("It should raise {expected} here, and returned instead.")
OTHER_ERROR = N_("It should raise {expected} here, and raised {got}.")
TOO_LARGE = N_("The answer is too large to be compared.")
LINE_DIFFERS = N_("Line {line} differs: expected {expected}, got {got}.")
FEWER_LINES = N_("The output ends too early: line {line} should be {expected}.")
MORE_LINES = N_("There is more output than wanted, from line {line} on: {got}.")
PROMPTS = N_(
    "The text in the brackets of `input()` is shown, too, and counts as output. Leave the "
    "brackets empty here."
)
SPACES_ONLY = N_("Only spaces or line ends differ.")
FALSE_ASSERTION = N_("This should be true: {code}")
CHECK_SAYS = N_("{reason}")

TYPES = {
    "str": N_("a text"),
    "int": N_("a whole number"),
    "float": N_("a number with a decimal point"),
    "bool": N_("True or False"),
    "list": N_("a list"),
    "tuple": N_("a tuple"),
    "dict": N_("a dictionary"),
    "set": N_("a set"),
}


def note(message: str, /, **values: Json) -> Note:
    """A note with its values."""
    return Note(message, values)


def out_of_time(limits: Limits, line: int | None) -> Note:
    """For a test that used up its time; `line` is where, when known."""
    seconds = limits.time_s  # a number, which each language writes its own way
    if line is None:
        return note(OUT_OF_TIME, seconds=seconds)
    return note(OUT_OF_TIME_AT, seconds=seconds, line=line)


def missing_function(name: str, present: list[str]) -> Note:
    """For a submission without the function; names the likeliest slip."""
    close = difflib.get_close_matches(name, present, n=1, cutoff=0.5)
    if close:
        return note(MISSING_FUNCTION_CLOSE, name=name, close=close[0])
    return note(MISSING_FUNCTION, name=name)


def raised(kind: str, bases: list[str], message: str, line: int | None, limits: Limits) -> Note:
    """For an exception, by its type."""
    every = {kind, *bases}
    if "EOFError" in every:
        return note(NO_INPUT)
    if "RecursionError" in every:
        return note(ENDLESS_RECURSION)
    if "MemoryError" in every:
        return note(TOO_MUCH_MEMORY, memory=limits.memory_mb)
    if "OSError" in every and "File too large" in message:
        return note(TOO_MUCH_OUTPUT, output=limits.output_kb)
    if "SystemExit" in every:
        return note(ENDED_EARLY)
    if line is None:
        return note(RAISED_ANYWHERE, type=kind, reason=message)
    if "SyntaxError" in every:
        return note(SYNTAX, line=line, reason=message.split(" (")[0])
    if "PermissionError" in every:
        return note(NOT_ALLOWED, line=line, type=kind, reason=message)
    if "NameError" in every:
        return note(UNKNOWN_NAME, line=line, reason=message)
    return note(RAISED, line=line, type=kind, reason=message)


def wrong_type(expected: object, got: object) -> Note | None:
    """For a value of another type that prints the same, such as "3" for 3, or None."""
    if got is None and expected is not None:
        return note(RETURNED_NOTHING)
    names = type(expected).__name__, type(got).__name__
    if names[0] != names[1] and str(expected) == str(got) and set(names) <= set(TYPES):
        return note(WRONG_TYPE, expected=TYPES[names[0]], got=TYPES[names[1]])
    return None
