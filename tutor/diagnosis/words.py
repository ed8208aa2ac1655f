"""Sentences about what happened in a test; values are filled in where they are known."""

from domain.errors import N_

WRONG_VALUE = N_("`{call}` should give `{expected}`. Your program gives `{got}`.")
RAISED_IN = N_("`{call}` ends with an error.")
WRONG_TEST = N_('The test "{name}" fails.')
HIDDEN = N_('The hidden test "{name}" fails. Think of an input that the samples do not show.')
STOPPED = N_('In the test "{name}" your program does not come to an end.')
FROM_LINE = N_("The answer comes from line {line}.")
NOT_ENTERED = N_("The block under line {line} did not run in this test.")
ALL_PASS = N_("All tests pass: there is no mistake to find.")
ONLY_CASE = N_("The letters are the same. Only capital and small letters differ.")
ONLY_BLANKS = N_("The words are right. Only blanks or line ends differ.")
ONLY_SIGNS = N_("The letters and digits are right. Only signs such as commas or blanks differ.")
SHOWS_FUNCTION = N_("Where a value should be, the output shows a function itself.")
ALWAYS_SAME = N_("Your program shows the same in every test, whatever is typed in.")

UNREADABLE = N_("Python cannot read your program. It stops at line {line}: `{code}`")
UNREADABLE_BLANK = N_("Python cannot read your program. It stops at line {line}.")

POSITION = N_(
    "Line {line}: `{code}` asks for position {index}, but `{name}` has only {n} values there."
)
POSITION_EMPTY = N_("Line {line}: `{code}` asks for a value of `{name}`, which is empty there.")
POSITION_PLAIN = N_("Line {line} asks for a position that does not exist.")
POP_EMPTY = N_("Line {line} takes a value out of something that is empty.")
NO_KEY = N_("Line {line}: there is no key {key} at that moment.")
NO_KEY_PLAIN = N_("Line {line} asks for a key that is not there.")
NO_NAME = N_("Line {line} uses the name `{name}`, which nothing was stored under.")
KNOWN_NAMES = N_("At that moment these names have values: {names}.")
NOT_YET = N_("Line {line} reads `{name}` before this function stored anything under it.")
LOCAL = N_("A name that a function stores to is the function's own, everywhere in it.")
JOIN = N_("Line {line}: the sign {sign} does not work between {left} and {right}.")
ONLY_JOIN = N_("Line {line} joins {left} with {right}; that works only between two of a kind.")
NO_ORDER = N_("Line {line} compares {left} with {right}, and these have no order.")
NOT_A_LIST = N_("Line {line} takes a position or key of {kind}, which has none.")
NOT_WALKED = N_("Line {line} walks through {kind}, which holds no values to walk through.")
NOT_CALLED = N_("Line {line} calls {kind} like a function, with round brackets.")
NONE_USED = N_("Line {line} uses `None` as if it were a value. A call gave nothing back.")
FUNCTION_USED = N_("Line {line} uses a function or method itself, not what it gives.")
TOO_FEW = N_("Line {line}: a call gives fewer values than the function wants.")
TOO_MANY = N_("A call gives another number of values than the function takes.")
INDEX_KIND = N_("Line {line} uses {kind} as a position, and positions are whole numbers.")
UNHASHABLE = N_("Line {line} uses {kind} as a key or in a set; it can change, so it cannot be one.")
NO_LENGTH = N_("Line {line} asks for the length of {kind}, which has none.")
WRONG_KIND = N_("Line {line} works with a value of the wrong kind: {reason}")
NO_ATTRIBUTE = N_("Line {line}: {kind} has nothing called `{name}`.")
NOT_A_NUMBER = N_("Line {line}: {text} cannot be read as a number.")
NOT_IN = N_("Line {line} looks for a value that is not in the list.")
UNPACK = N_("Line {line} takes a value apart into more or fewer names than it has parts.")
BAD_VALUE = N_("Line {line} got a value that it cannot work with: {reason}")
BY_ZERO = N_("Line {line} divides by zero: `{code}` is 0 there.")
BY_ZERO_PLAIN = N_("Line {line} divides by zero.")
DEEP = N_("A function calls itself again and again and never stops. Line {line} is part of it.")
NO_INPUT = N_("Line {line} asks for more input than there is.")
CHANGED_WHILE = N_("Line {line} walks through something that changes its size meanwhile.")
NO_MODULE = N_("Line {line} imports something that is not there: {reason}")
TOO_LARGE = N_("Line {line} calculates a number that is too large.")
FALSE_CLAIM = N_("Line {line}: what `assert` claims is not true.")
NO_MEMORY = N_("Line {line}: the memory is full. Something grows and grows.")
LEFT = N_("Your program ends itself before it gives an answer.")
OTHER = N_("Line {line} raises {type}: {reason}")
OTHER_PLAIN = N_("Line {line} raises {type}.")
WITH_VALUES = N_("At that moment: {values}")

KINDS = {
    "int": N_("a whole number"),
    "float": N_("a number with a decimal point"),
    "str": N_("a text"),
    "list": N_("a list"),
    "tuple": N_("a tuple"),
    "dict": N_("a dictionary"),
    "set": N_("a set"),
    "bool": N_("True or False"),
    "NoneType": "`None`",
    "function": N_("a function"),
    "builtin_function_or_method": N_("a function"),
    "method": N_("a method"),
    "type": N_("a type"),
    "range": N_("a range"),
}
