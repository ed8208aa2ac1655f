"""Words of other languages that tell a change, as the English ones that the guard reads.

Only what orders and names changes is turned: verbs of changing, "instead of", places, numbers and
the names of signs. The rest stays as it is; nobody reads the result but the guard.
"""

import re
from functools import lru_cache

_NUMBERS = (
    ("zero", "zero|zerem|zera|null|cero|nought"),
    ("1", "jeden|jedynk[aęi]|eins|uno"),
    ("2", "two|dwa|dwójk[aęi]|zwei|dos"),
    ("3", "three|trzy|trójk[aęi]|drei|tres"),
    ("4", "four|cztery|vier|cuatro"),
    ("5", "five|pięć|fünf|cinco"),
    ("6", "six|sześć|sechs|seis"),
    ("7", "seven|siedem|sieben|siete"),
    ("8", "eight|osiem|acht|ocho"),
    ("9", "nine|dziewięć|neun|nueve"),
    ("10", "ten|dziesięć|zehn|diez"),
    ("11", "eleven|jedenaście|elf|once"),
    ("12", "twelve|dwanaście|zwölf|doce"),
    ("13", "thirteen|trzynaście|dreizehn|trece"),
    ("14", "fourteen|czternaście|vierzehn|catorce"),
    ("15", "fifteen|piętnaście|piętnastkę|fünfzehn|quince"),
    ("16", "sixteen|szesnaście|szesnastkę|sechzehn|dieciséis|dieciseis"),
    ("17", "seventeen|siedemnaście|siebzehn|diecisiete"),
    ("18", "eighteen|osiemnaście|achtzehn|dieciocho"),
    ("19", "nineteen|dziewiętnaście|neunzehn|diecinueve"),
    ("20", "twenty|dwadzieścia|zwanzig|veinte"),
    ("60", "sixty|sześćdziesiąt|sechzig|sesenta"),
    ("64", "sixty[- ]four"),
    ("65", "sixty[- ]five"),
    ("100", "hundred|one hundred|sto|hundert|cien"),
)
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_SIGNS = (
    (
        "`<=`",
        r"mniejsze (?:lub|albo) równe|mniejsze bądź równe|kleiner(?: oder)? gleich"
        r"|menor o igual(?: que)?|nie większe niż|co najwyżej|höchstens|como máximo",
    ),
    (
        "`>=`",
        r"większe (?:lub|albo) równe|größer(?: oder)? gleich|mayor o igual(?: que)?"
        r"|nie mniejsze niż|co najmniej|mindestens|por lo menos|al menos",
    ),
    ("`<`", r"mniejsze niż|mniejsze od|mniejsze|kleiner als|kleiner|menor que"),
    ("`>`", r"większe niż|większe od|większe|größer als|größer|mayor que"),
    (
        "`%`",
        r"percent sign|the percent|modulo|modulus|modulo operator|remainder operator"
        r"|znak(?:u|iem)? procent\w*|operator(?:a|em)? modulo|reszt[yęa] z dzielenia"
        r"|prozentzeichen|el operador de módulo|módulo|signo de porcentaje",
    ),
    (
        "`//`",
        r"(?:the )?(?:two|double) slash(?:es)?|whole[- ]number division|integer division"
        r"|floor division|dzieleni\w+ całkowit\w+|dwóch ukośników|dwa ukośniki"
        r"|(?:der )?ganzzahlige[nr]? division|división entera|doble barra",
    ),
)
_VERBS = (
    (r"zmień|zamień|zastąp|podmień|cambia|cambie|reemplaza|sustituye|ersetze?|ändere?|tausche?"
     r"|wechsle", "replace"),
    (r"zmienić|zamienić|zastąpić|cambiar|reemplazar|sustituir|ersetzen|ändern", "replace"),
    (r"usuń|skasuj|wyrzuć|wykreśl|usunąć|quita|elimina|borra|suprime|quitar|eliminar|borrar"
     r"|lösche?|entferne?|lass(?=[^.]* weg)|streiche?|löschen|entfernen", "remove"),
    (r"użyj|użyć|zastosuj|wykorzystaj|usa|usar|utiliza|utilizar|verwende?|benutze?|nimm|nutze"
     r"|verwenden|benutzen", "use"),
    (r"napisz|wpisz|wstaw|dopisz|pisz|wpisać|napisać|escribe|pon|pone|escribir|añade|agrega"
     r"|inserta|schreibe?|setze?|füge?|schreiben|einfügen", "write"),
    (r"przesuń|przenieś|przesunąć|przenieść|wetnij|mueve|mover|desplaza|verschiebe?|rücke?"
     r"|schiebe?|verschieben", "move"),
    (r"zwróć|zwracaj|devuelve|devolver|gib", "return"),
    (r"zacznij|rozpocznij|empieza|comienza|empezar|beginne?|starte?|fange?", "start"),
    (r"podnieś|zwiększ|erhöhe?|hebe?|sube|aumenta|incrementa", "raise"),
    (r"obniż|zmniejsz|verringere?|senke?|baja|reduce|disminuye", "lower"),
    (r"zrób|utwórz|stwórz|haz|crea|erstelle?|mache?|machst|lege?", "make"),
    (r"pracuj|trabaja|arbeite", "use"),
    (r"pomiń|opuść|ignoruj|omite|salta|ignora|überspringe?|ignoriere?", "skip"),
    (r"połącz|łącz|une|junta|combina|verbinde?|verknüpfe?", "join with"),
    (r"dodaj|dodawaj|suma|addiere?|zähle [^.]* dazu", "add"),
    (r"podaj|daj|przypisz|pasa|asigna|übergib|weise?", "give"),
    (r"zamknij|cierra|schließe?", "end"),
    (r"zapisz|zachowaj|guarda|speichere?|merke?", "store"),
    (r"porównaj|porównuj|compara|vergleiche?", "compare"),
    (r"sobra|está de más|jest zbędn\w+|ist überflüssig|zu viel", "has to go"),
    (r"b[oó]rralo|quítalo|elimínalo", "remove it"),
    (r"rücke?\b[^.]*\bein", "indent"),
    (r"skopiuj|kopiuj|kopiere?|copia(?= [a-z`])", "copy"),
    (r"posortuj|sortuj|ordena|sortiere?", "sort"),
    (r"bez|ohne|sin", "without"),
    (r"zadziała|będzie działać|funktioniert(?: es)?|klappt(?: es)?|funcionará|funciona",
     "it works"),
    (r"zamiast|en lugar de|en vez de|anstelle von|anstatt|statt", "instead of"),
    (r"powin\w+(?: być| stać)?|ma być|mus\w+ być|trzeba|należy|potrzebujesz|deb\w+ ser"
     r"|tien\w+ que(?: ser| estar)?|tendr\w+ que(?: ser| estar)?|hay que|debe\w*|necesitas|brauchst"
     r"|musst?|sollte[nst]*|sollst?|müss\w+", "should be"),
    (r"do środka|do wnętrza|wewnątrz|dentro de(?:l)?|adentro|in den|in die|hinein|innerhalb",
     "into"),
    (r"poza|na zewnątrz|za pętlę|fuera de(?:l)?|afuera|aus dem|aus der|außerhalb|hinaus", "out of"),
    (r"w linii|w wierszu|en la línea|in zeile", "in line"),
    (r"linię|linia|linii|wiersz|la línea|línea|zeile", "line"),
    (r"wcięci\w+|sangría|einrückung", "indent"),
    (r"początku|comienzo|principio|anfang", "start"),
    (r"ostatni\w+ linii|la última línea|der letzten zeile", "the last line"),
)  # fmt: skip
_NO_ORDERS = frozenset(
    {"instead of", "should be", "into", "out of", "in line", "line", "indent", "start", "without"}
    | {"the last line", "it works", "has to go"}
)
_WITH = r"durch|gegen|por|con|na|słowem|przez|mit|en"  # "replace X ... Y"
_FOREIGN = re.compile(r"\b(?:" + "|".join(words for words, _ in _VERBS) + r")\b", re.IGNORECASE)


@lru_cache(maxsize=256)
def english(text: str) -> tuple[str, ...]:
    """The text, and how it reads with numbers and words of changes in English.

    Args:
        text: without disguises.
    """
    plain = _numbered(text)
    found = [text, plain]
    if _FOREIGN.search(text):
        turned = plain
        for signs, words in _SIGNS:
            turned = re.sub(rf"\b(?:{words})\b", signs, turned, flags=re.IGNORECASE)
        for words, meant in _VERBS:
            # These verbs order wherever they stand in the sentence; "please" says so in English.
            said = meant if meant in _NO_ORDERS else f"please {meant}"
            turned = re.sub(rf"\b(?:{words})\b", said, turned, flags=re.IGNORECASE)
        turned = re.sub(r"\b(?:el|la|los|das|den|die|der|dem|zur?|ins)\b", "the", turned)
        turned = re.sub(
            rf"\b(replace\b.*?)\s(?:{_WITH})\s+(?=`|[\"']|-?\d|[<>=!%/*+-]|\w)",
            r"\1 with ",
            turned,
            flags=re.IGNORECASE,
        )
        turned = re.sub(r"``+", "`", turned)
        found.append(turned)
    return tuple(dict.fromkeys(found))


def _numbered(text: str) -> str:
    """Numbers in words as digits; names of signs as signs."""
    for digits, words in _NUMBERS:
        meant = "0" if digits == "zero" else digits
        text = re.sub(rf"\b(?:{words})\b(?! slash)", meant, text, flags=re.IGNORECASE)
    for number, word in enumerate(_ORDINALS, 1):
        text = re.sub(rf"\b(?:the )?{word} line\b", f"line {number}", text, flags=re.IGNORECASE)
    text = re.sub(r"\b(?:the )?2 slashes\b", "`//`", text, flags=re.IGNORECASE)
    for signs, words in _SIGNS:
        text = re.sub(rf"\b(?:{words})\b", signs, text, flags=re.IGNORECASE)
    return re.sub(r"``+", "`", text)


_OPERATORS = (
    (
        r"(?:strictly )?less than or equal(?: to)?|smaller or equal|at most(?! (?:one|both|two)\b)",
        "<=",
    ),
    (
        r"(?:strictly )?(?:greater|larger|bigger|more) than or equal(?: to)?"
        r"|at least(?! (?:one|both|two)\b)",
        ">=",
    ),
    (r"(?:strictly )?less than|smaller than", "<"),
    (r"(?:strictly )?(?:greater|larger|bigger|more) than", ">"),
    (r"double equals(?: sign)?|equal equal|two equals signs", "=="),
    (r"not equal(?: to)?s?", "!="),
    (r"(?:integer|floor) division|double slash", "//"),
    (r"modulo|the remainder operator", "%"),
)


def with_signs(text: str) -> str:
    """Comparisons and operators in words as signs in backticks."""
    for words, sign in _OPERATORS:
        text = re.sub(rf"\b(?:{words})\b", f"`{sign}`", text, flags=re.IGNORECASE)
    return re.sub(r"`+", "`", text)
