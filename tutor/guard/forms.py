"""How the words and signs of a program are called in sentences, in four languages."""

import re
from collections.abc import Sequence

# After what words a bare "and" or "or" is the operator and not part of the sentence.
_AS_WORD = (
    r"(?:[`'\"‘’“”]{0}[`'\"‘’“”]|\b(?:with|by|word|the other one:?|an?|un|una|be|use|is|operator"
    r"|want|make|needs?|słow\w+|palabra|wort|ein)\s*:?\s*{0}\b"
    r"(?=\s*(?:$|[.,;!)]|instead|not\b|there|here"
    r"|between|machen|in\b)))"
)
_FORMS = {
    "<=": r"<=|or equal|equal,? too|also equal|inclusive|\binclud\w+|equals? sign"
    r"|\ballow\w*[^.]*\bequal|włącznie|einschließlich|auch gleich|también igual",
    ">=": r">=|or equal|equal,? too|also equal|inclusive|\binclud\w+|equals? sign"
    r"|\ballow\w*[^.]*\bequal|włącznie|einschließlich|auch gleich|también igual",
    "<": r"(?<![<>=!])<(?!=)|less than|smaller than|strict\w*|\bexclud\w+|exclusive|under",
    ">": r"(?<![<>=!])>(?!=)|greater than|larger than|strict\w*|\bexclud\w+|exclusive|over",
    "==": r"==|\bempty\b|\bcompar\w+|\bequals?\b|\bis (?:exactly )?(?:0|zero|empty)\b"
    r"|równ\w+|gleich|igual",
    "!=": r"!=|\bempty\b|not equal|differs?|is not|unless",
    "%": r"%|\bpercent\b|procent|prozent|porcentaje|remainder|left[- ]?over|modul\w+"
    r"|reszt\w+|\brest\b|\bresto\b",
    "//": r"//|two slashes|double slash|whole[- ]number|floor|integer division",
    "/": r"(?<!/)/(?!/)|true division|\bdivid\w+",
    "*": r"(?<!\*)\*(?!\*)|(?<!hundred )(?<!\b100 )(?<!many )\btimes\b(?!\s*(?:[.,;:!?)]|$))"
    r"|multipl\w+|mal\b|razy",
    "**": r"\*\*|power|squar\w+",
    "=": r"\bstor\w+|\b(?:re)?assign\w*|\bsav\w+|\bkeep\w*|\bback (?:to|in|into)\b"
    r"|\bput\b[^.]*\bback|`[^`]*=`|zapis\w+|speicher\w+|guard[ae]\w*|asign\w+",
    "+": r"(?<![\w+])\+|\bgrow\w*|\baccumulat(?:e|ing)\b|on top of|\badd\w*|\bappend\w*"
    r"|\bglue\w*|\battach\w*|\bconcat\w*|\bplus\b|\bsum\b|dod\w+"
    r"|addier\w+|sum[ae]",
    "-": r"\bsubtract\w*|\bminus\b|take away|\bodejm\w+|abzieh\w+|resta",
    "+=": r"\+=|\badd\b|increase|raise|\bgrow\w*|\baccumulat(?:e|ing)\b|\bsum\b|on top of|\bplus\b",
    "-=": r"-=|subtract|decrease|lower",
    "and": _AS_WORD.format("and")
    + r"|\bboth (?:must|have to|need to|should|hold|conditions|parts)",
    "or": _AS_WORD.format("or") + r"|\b(?:one of them|either(?: one| side)?) is enough",
    "not": r"\bnot\b|opposite|negat\w+|nie\b|nicht",
    "if": r"\bif\b|\bwhen(?:ever)?\b|\bif-|\bquestion\b|condition|\bcheck\w*|\bignor\w+|\bskip\w*"
    r"|unless|jeśli|wenn|\bsi\b",
    "elif": r"\belif\b|else if",
    "else": r"\belse\b|otherwise",
    "for": r"\bfor\b|\bloop\w*|\beach\b|comprehension|every|pętl\w+|schleife|bucle",
    "while": r"\bwhile\b|\bloop",
    "continue": r"\bcontinue\b|\bskip\w*|\bignor\w+|next (?:one|note|round|value)"
    r"|leave (?:it|them) out|\bonly (?:count|add|use|take|store)|pomi\w+|überspring\w+|salta",
    "break": r"\bbreak\b|\bstop\w*|leave the loop",
    "return": r"\breturn\w*|give (?:it )?back|hand (?:it )?back|zwró\w+|devuel\w+|zurück",
    "print": r"\bprint\w*|show|output",
    "None": r"\bNone\b|nothing",
    "True": r"\bTrue\b|\byes\b",
    "False": r"\bFalse\b|\bno\b",
    '""': r"\bempty\b|\"\"|''|blank",
    "''": r"\bempty\b|\"\"|''|blank",
    "strip": r"\bstrip\w*|\btrim\w*|spaces|blanks|whitespace|leerzeichen|spacj\w+|espacios",
    "lower": r"\blower\w*|small letters",
    "upper": r"\bupper\w*|capital",
    "sorted": r"\bsorted\b|\bsort(?:ed)? (?:a|the) (?:copy|new)|new sorted",
    "copy": r"\b(?:cop(?:y|ies|ying|ied)|duplicat\w+)\b|\bnew (?:list|dict\w*|one)|kopi\w+|copia",
    "list": r"\b(?:cop(?:y|ies|ying|ied)|duplicat\w+)\b"
    r"|\b(?:new|second|other|separate|fresh) list|\blist\(|`list`|kopi\w+|copia",
    "dict": r"\b(?:cop(?:y|ies|ying|ied)|duplicat\w+)\b"
    r"|\b(?:new|second|other|separate|fresh) dict\w*|\bdict\(|`dict`|kopi\w+|copia",
    "get": r"\bget\b|\bold (?:sum|value|amount|one|number)|previous|so far|default"
    r"|already (?:stored|there)|what is there|nothing (?:there )?yet",
    "append": r"\bappend\w*|\badd\w*|put .* into",
    "range": r"\brange\b|separate\w*|for (?:each|every)|own (?:empty )?list|every time|times\b"
    r"|\bcount\b|number of",
    "len": r"\blen\b|length|how many|number of",
    "sum": r"\bsum\b|total|add (?:all|up)|suma|summe",
    "max": r"\bmax\b|largest|biggest|highest|maximum|größte|najwięk\w+",
    "min": r"\bmin\b|smallest|lowest|minimum|kleinste|najmniej\w+",
    "int": r"\bint\b|whole number|integer|number",
    "str": r"\bstr\b|\btext\b|string",
    "round": r"\bround\w*",
    "float": r"\bfloat\b|decimal",
    "reversed": r"\brevers\w+|backwards",
    "startswith": r"\bstart",
    "isdigit": r"\bdigits?\b",
    "[0]": r"\b(?:index|position) (?:0|zero)|\b(?:take|use) (?:0|zero)\b|\bone before"
    r"|\bfirst (?:\w+ )?(?:letter|character|word|price|temperature|value|element|item|one|number"
    r"|entry|mark|name|of the)"
    r"|pierwsz\w+|\berste\w*|\bprimer\w*|\[0\]",
    "[-1]": r"\blast (?:\w+ )?(?:value|element|item|one|number|entry|mark|name|of the)"
    r"|ostatni\w*|\bletzte\w*|\búltim\w*|\[-1\]",
    "[] for": r"\[\]|\b(?:empty|new|own|fresh|separate) list|\blists? (?:separately|each)"
    r"|each \w* ?list|puste?\w* list|neue Liste|lista (?:nueva|vacía)",
    "_": r"",
}
# Signs and methods that nobody names by accident; other words need an order around them.
SIGNS = frozenset({"%", "//", "**", "and", "or"})
_STRICT = (
    r"\bstrict\w*"
    r"|\b(?:drop|remov\w+|without|take|delet\w+|leave out|omit|get rid)\b[^.]*(?:equal|=)"
    r"|\breally (?:longer|larger|bigger|greater|smaller|shorter|less|more)|\bexclu\w+"
)
_EQUAL_TOO = (
    r"equals? sign|\b(?:also|too|even)\b[^.]*\bequal|\bequal\w*\b[^.]*\b(?:also|too|even|counts)"
    r"|\binclu\w+|\bor equal|\bthe same\b[^.]*\btoo|\ballow\w*[^.]*\bequal|\bnot (?:greater|larger)"
)
# What one sign in place of another is called.
PAIRS = {
    ("<", "<="): _STRICT,
    (">", ">="): _STRICT,
    ("<=", "<"): _EQUAL_TOO,
    (">=", ">"): _EQUAL_TOO,
    ("or", "and"): r"\bone (?:of (?:them|the two|both) )?is enough|\bother connective"
    r"|\beither\b|`or`|\bor[.!]?$|\ban or\b",
    ("*", "**"): r"\b(?:one|1|single|a) (?:star|asterisk)\b|\bone of the (?:stars|asterisks)",
    ("and", "or"): r"\bboth\b[^.]*\b(?:must|have to|need|should|hold)|\bother connective"
    r"|\bstricter connective",
}
ONE_MORE = re.compile(
    r"\b(?:one|a|1) (?:\w+ )?(?:more|further|longer|later|higher|larger|bigger|up)\b"
    r"|\b(?:one|1) (?:\w+ )?(?:short|too (?:few|small|low|early|soon))\b|\bn ?\+ ?1\b"
    r"|\btoo (?:early|soon)\b|\b(?:plus|add) (?:one|1)\b|\bup to and including"
    r"|\bitself\b[^.]*\binclu"
    r"|\binclu\w+ (?:the )?(?:end|last|limit)|\bend after\b|\bo (?:jeden|1) (?:dalej|więcej)"
    r"|\blast (?:number|value|factor|round)\b[^.]*\btoo\b",
    re.IGNORECASE,
)
ONE_LESS = re.compile(
    r"\b(?:one|a|1) (?:\w+ )?(?:less|fewer|earlier|lower|smaller|before)\b"
    r"|\btoo (?:late|far|long)\b"
    r"|\b(?:one|1) (?:\w+ )?too (?:many|large|high|late|far)\b|\b(?:minus|subtract) (?:one|1)\b"
    r"|\bo (?:jeden|1) (?:mniej|wcześniej)",
    re.IGNORECASE,
)
_TURNED = (
    r"\bswap\w*|\b(?:inter|ex)chang\w*|\bupside down|\b(?:wrong|other) way (?:a)?round"
    r"|\bvertausch\w*|\bmiejscami\b|\bintercambia\w*|\brevers\w+"
)
TURNED = re.compile(_TURNED, re.IGNORECASE)
# Something in place of its contrary.
OPPOSITES = frozenset(
    frozenset(pair)
    for pair in (("+", "-"), ("and", "or"), ("upper", "lower"), ("==", "!="), ("max", "min"))
)
OPPOSITE = re.compile(
    r"\b(?:opposite|contrary|other) (?:operator|method|sign|connective|comparison|function|of)\b",
    re.IGNORECASE,
)
BRACKETS = re.compile(
    r"\bbracket\w*|\bparenthes\w+|\bround brackets|\bklammer\w*|\bnawias\w*|\bparéntesis",
    re.IGNORECASE,
)
ORDER = re.compile(
    rf"{_TURNED}|\bto the (?:top|start|front|beginning|end|bottom)\b"
    r"|\bat the (?:\w+ )?(?:top|start|beginning|end)"
    r"|\b(?:come|go|check\w*|test\w*|ask\w*|be|done) (?:\w+ )?(?:first|last|earlier|later)\b"
    r"|\bfirst\b[^.]*\bthen\b|\b(?:before|above) (?:the (?:other|rest)|all|any|them|line)",
    re.IGNORECASE,
)
MOVES = re.compile(
    r"\bindent\w*|\b(?:four|4) (?:more |fewer |less )?spaces|\bdedent|\bunindent"
    r"|\b(?:inside|into|within|under|below|out of|outside(?: of)?|after|before|behind)\s+"
    r"(?:of )?(?:the |that |your )?[`'\"]?(?:\w+ )?(?:if|loop|block|for|while|else|function)\b"
    r"|\b(?:in|into|of|to) the (?:branch|condition|if-block)|\bone level|\bonce more"
    r"|\bbelongs? (?:in|under|inside|after|outside)"
    r"|to the (?:left|right)|further (?:in|out|left|right)|block\b"
    r"|too (?:deep|far (?:in|right|left))|\bline (?:it|\w+) up|\btuck\w*"
    r"|\balign\w*|\bsame (?:column|level|indentation|depth)"
    r"|\b(?:once|until|after|when) the loop",
    re.IGNORECASE,
)
REMOVES = re.compile(
    r"\bremov\w+|\bdelet\w+|\bdrop\w*|\bwithout\b|\btake (?:it |that |the \w+ )?(?:away|out)"
    r"|\bget rid|\bleave out|\bcut\b|\beras\w+|\bhas to go|\bmust go|\bshould (?:not be there|go)"
    r"|\bdoes not belong|\bnot needed|\bdo(?:es)? not need|\bneedless"
    r"|\bthrow\b[^.]*\b(?:out|away)"
    r"|\bomit|\bstrike\b",
    re.IGNORECASE,
)


def forms(token: str, own: bool) -> str:
    """A pattern for everything that a token may be called in a sentence.

    Args:
        token: a word or sign of Python, or a name.
        own: whether the name stands in the learner's program.
    """
    if token in _FORMS:
        return _FORMS[token]
    if token.isidentifier():
        word = rf"\b{re.escape(token)}\b"
        # A name that the learner does not have is called by what it is for.
        return word if own else word + r"|\bvariable|\bhelper\b|\b(?:third|temporary|another|new) "
    if token[:1] in "\"'":
        inside = token.strip("\"'")
        return re.escape(inside) if inside else r"\bempty\b|\"\"|''"
    return re.escape(token)


# "One round", "the second kind", "2 tests": what is counted is no number of the program.
_COUNTED = (
    r"(?! (?:(?:more|of the|of your|of these|of them|failing|small|single) )?"
    r"(?:kind|test|round|day|rule|way|case|sentence|example|part|thing|question|idea|reason|try|thought|look|step|mistake|hint"
    r"|branch|program|print|experiment|paragraph|minute|box|column|row|message|word|line)(?:s|es)?\b)"
)
_NUMBER_WORD = (
    r"\b(?:an?|at|with|from|by|to|be|is|as|it|use|write|put|say|starts?|number|value|but|into|than"
    r"|returns?|take|pass|give|plus|minus|add|index|position|needs?|wants?)\s+"
    r"(?:with |at |from |a |the |number |position |index )?"
)


def number_forms(number: str, olds: Sequence[str]) -> str:
    """A pattern for a number, alone or as "one more than before"."""
    pattern = rf"(?<!\bline )(?<![\w.\[]){re.escape(number)}(?!\w|\.\d|\]){_COUNTED}"
    if number == "0":
        pattern += r"|\bzero\b|\bnull\b|\bcero\b|\bnothing\b|zer[oa]"
    if number == "1":
        pattern += rf"|{_NUMBER_WORD}one\b{_COUNTED}|\bsecond\b{_COUNTED}"
    if number == "2":
        pattern += rf"|\btwo\b{_COUNTED}|\bthird\b{_COUNTED}"
    for old in olds:
        if float(number) - float(old) == 1:
            pattern += (
                rf"|\b(?:number|one|value) after {old}\b|\bnext (?:number|integer)"
                r"|\b(?:add|plus|raise|bump|up by|increase|more|larger|bigger|higher"
                r"|too small|too low)\b.*\b(?:1|one)\b"
                r"|\b(?:1|one) (?:too small|too low|larger|more|higher|bigger|up)"
                r"|o jeden (?:więcej|większ\w+)|um (?:eins|1)|uno más"
            )
        if float(number) - float(old) == -1:
            pattern += (
                r"|\b(?:subtract|minus|lower|decrease|less|smaller|too large|too big)\b.*"
                r"\b(?:1|one)\b|\b(?:1|one) (?:too large|too big|too high|smaller|less|lower|down)"
                r"|o jeden (?:mniej|mniejsz\w+)|um (?:eins|1)|uno menos"
            )
    return pattern
