"""Which sentences of a reply tell something about the program, and which ask or explain."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_VERBS = (
    r"use|write|put|make|change|replace|swap|switch|turn|take|give|let|set|begin|start|add|remove"
    r"|delete|drop|leave out|skip|ignore|insert|move|indent|join|store|build|fill|copy|call|create"
    r"|connect|combine|widen|wrap|bump|work on|shift|push|close|initiali[sz]e|sort|define|subtract"
    r"|include|allow|raise|increase|decrease|lower|compare|return|append|keep|save|end|write"
    r"|(?:re)?assign|enclose|align|apply|glue|attach|duplicate|strike|line|parenthesi[sz]e|throw|tuck|chain|wait|multiply|divide|stop|extend|reverse|convert"
    r"|format|strip|continue|count|get rid|erase|drop|cut|have|be"
)
# A verb orders at the beginning of a clause, or after such words; elsewhere it only tells.
_ORDERS = re.compile(
    rf"(?:^|[,;:(]\s*|\b(?:and|then|just|simply|please|now|to|so|instead|first|also|not|don't|never"
    rf"|always|better|i'd|would|should|must|could|can|you'll|also|only|that|it)\s+)(?:{_VERBS})\b"
    r"|\b(?:should|must|has to|have to|needs? (?:to|an?|the|your|and|or)|need\b|ought to"
    r"|wants to|belongs? (?:in|under|after|outside)"
    r"|instead of|rather than|without|correct\w*|ought|reads:?|becomes?|does it|do that"
    r"|it is [^.]*not|too (?:small|large|big|early|late)|that is what|will do|does the trick|helps?"
    r"|(?:it|that|this) (?:works|would work|fixes|solves)|replac\w+|remov\w+|delet\w+|swapp\w+"
    r"|is the right (?:one|bound|sign|operator|number)|line \d+:)(?!\w)|^only\b"
    r"|^\w+ing\b.* is enough",
    re.IGNORECASE,
)
INSTEAD = re.compile(
    r"\b(?:instead|should|must|replac\w+|rather|not|chang\w+|swap\w*|turn\w*|place|with|than)\b|->|n't\b",
    re.IGNORECASE,
)
# Questions that propose: "Shouldn't that be `<=`?"
_PROPOSES = re.compile(
    r"\b(?:shouldn't|wouldn't|what (?:if you|about)(?: \w+ing)?|how about|have you thought of"
    r"|why not|why don't you|maybe you need|perhaps you need|a może"
    r"|nie (?:powin|lepiej)|wie wäre|sollte (?:da|dort|es|das|hier) nicht|y si|no deber|qué tal)",
    re.IGNORECASE,
)
# How a sentence goes on with the one before, also in another paragraph or answer.
_GOES_ON = re.compile(r"(?:and|but|so|then|now|it|that|this|there|they)\b", re.IGNORECASE)
_INQUIRES = re.compile(
    r"^(?:so |now |then |and |but |first )?(?:look|check|read|think|ask yourself|follow|find out"
    r"|try (?:it|your|the|a|to|with|\w+\()|run|step|trace|test|go through|draw|imagine|remember"
    r"|compare (?:your|that|this|it|them|both|how)|write (?:down|it down|out)|circle|mark|colou?r"
    r"|underline|explain|tell me|consider|predict|name|describe|recall|suppose|notice"
    r"|count (?:the|with|how|them|from)"
    r"|let's (?:look|talk|see|trace|do|go|take|think|imagine|start|try|say|add some)|let me"
    r"|fill it in|in python"
    r"|(?:i would )?(?:make|fill|draw)[^.]* table"
    r"|what|which|when|where|why|how|who|does|do you|is|are"
    r"|can|could|would|czy|jak|co|kiedy|ile|dlaczego|który|która|was|welche|wie|warum|wann|wo"
    r"|qué|cuál|cuándo|cómo|por qué)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+|(?<=:)\s+(?=[A-Z])")
# What is wrong with something says what to do about it: "stops one too early", "a sign is missing".
_LACKS = re.compile(
    r"\b(?:miss(?:es|ing)|lacks?|forg[eo]t\w*|short\b|too \w+|off by|culprit|wrong|instead|rather"
    r"|please|in other words|you're done|what you (?:want|need|mean)|you want|must|would do"
    r"|upside down|wrong way|first\b.*\bthen|other way|opposite"
    r"|one (?:\w+ )?(?:more|less|further|earlier|later|higher|lower)"
    r"|(?:you mean|meant)|wait with|so (?:take|the|it|use)|is no good|enough)\b|->",
    re.IGNORECASE,
)
# To look at something with `print` changes nothing.
_LOOKS = re.compile(
    r"\b(?:an?|some|add|put|insert|with|more|the) (?:\w+ )?prints?\b|\bprint\(|\bprint(?:ing|ed)\b"
    r"|\bprint (?:it|the|out|your|both|in|there|before|after|\w+ (?:before|after|in))\b"
    r"|\brepr\b|\bdebug",
    re.IGNORECASE,
)
# An example of another program, or a rule of the language.
_EXPLAINS = re.compile(
    r"\b(?:in another program|in python|for example|means?|stands for"
    r"|is (?:true|false) (?:as|if|when)"
    r"|gives you (?:the|a)|always (?:gives|returns)|(?:is|are) called|decides?)\b"
    r"|^(?:with )?[`'\"]?(?:(?-i:and|or|not)|[<>=!%/*+-]{1,2})[`'\"]? \w",
    re.IGNORECASE,
)
_HERE = re.compile(
    r"\b(?:your?|there|here|line \d+|instead|replac\w+|should|must|use|put|write)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that tells something, alone or with the one before it.

    Args:
        text: its words.
        orders: whether it orders, proposes, or says what is wrong.
        looks: whether it is about printing something.
    """

    text: str
    orders: bool
    looks: bool


# "Python was asked to divide a text", "it tried to add them": what happened, not what to do.
_REPORTS = re.compile(
    r"\b(?:(?:was|were|is|are|been) asked|asked (?:it|python)|tries|tried|refuse[sd]|unable) to\b",
    re.IGNORECASE,
)
# What Python itself says of a mistake; the learner has seen it. Only its own words: what somebody
# adds to them is read.
_MESSAGES = re.compile(
    r"unsupported operand type\(s\) for [^\s\w]+: '\w+' and '\w+'"
    r"|can only concatenate \w+ \(not \W?\w+\W?\) to \w+|must be \w+, not \w+"
    r"|'[^'\s]+' not supported between instances of '\w+' and '\w+'"
    r"|'\w+' object (?:is not \w+|cannot be interpreted as an integer"
    r"|does not support item assignment|has no attribute '\w+')"
    r"|invalid literal for int\(\) with base 10: '[^'\n]{0,12}'"
    r"|could not convert string to float: '[^'\n]{0,12}'"
    r"|\w+(?:\(\))? takes \d+ positional arguments? but \d+ (?:was|were) given"
    r"|missing \d+ required positional arguments?: '\w+'"
    r"|(?:local variable|name) '\w+' (?:is not defined|referenced before assignment)"
    r"|cannot access local variable '\w+' where it is not associated with a value"
    r"|(?:string|list|tuple) (?:assignment )?index out of range"
    r"|(?:string|list) indices must be integers"
    r"|(?:integer )?division (?:or modulo )?by zero|(?:max|min)\(\) arg is an empty sequence"
    r"|(?:expected an indented block|unindent does not match|unexpected indent)",
)


def without_messages(text: str) -> str:
    """A reply without the messages of Python that it quotes."""
    return _MESSAGES.sub("…", text)


# "`area(3)` should give `9`": what a test wants of a call is known to whoever sees the test.
_EVIDENCE = re.compile(
    r"`?\w[\w.]*\(.*\)`? (?:should give|ends with an error)\b|line \d+: `[^`]*` asks for\b",
    re.IGNORECASE,
)


def telling(text: str) -> Iterator[Sentence]:
    """Sentences that tell, each alone and with the one before it; questions only if they propose.

    Args:
        text: without disguises.
    """
    last = ""
    for paragraph in re.split(r"\n\s*\n", text):
        parts = [part.strip() for part in _SENTENCE.split(paragraph) if part and part.strip()]
        for place, part in enumerate(parts):
            if _proposes(part):
                yield _sentence(part, orders=True)
            if not _is_told(part):
                continue
            yield _sentence(part, orders=_cue(part))
            before = parts[place - 1] if place else last if _GOES_ON.match(part) else ""
            # "Look at the 15. It should be one larger.", "Join them. Both must hold."
            if before and not before.endswith("?"):
                cue = _cue(part) or (_is_told(before) and _cue(before))
                yield _sentence(f"{before} {part}", orders=cue)
        last = parts[-1] if parts else ""


def _sentence(text: str, *, orders: bool) -> Sentence:
    return Sentence(text, orders, _LOOKS.search(text) is not None)


def _cue(part: str) -> bool:
    part = _REPORTS.sub("…", part)
    return _ORDERS.search(part) is not None or _LACKS.search(part) is not None


def _is_told(part: str) -> bool:
    """Whether a sentence says something, rather than asks, explains or sends somebody to look."""
    if part.endswith("?") or _INQUIRES.match(part) or _EVIDENCE.match(part):
        return False
    if _HERE.search(part) is not None or re.match(rf"(?:{_VERBS})\b", part, re.IGNORECASE):
        return True
    return _EXPLAINS.search(part) is None


def _proposes(part: str) -> bool:
    """Whether a question proposes one change, rather than asks which."""
    return (
        part.endswith("?")
        and _PROPOSES.search(part) is not None
        and re.search(r"\bor\b(?!['`\"’])", part) is None
    )
