"""Notices when somebody is in danger or was hurt: then a person must be asked, and no model.

A small catalogue of phrases, in English and Polish, made by hand. It looks for somebody who speaks
of themselves or of a person they know; that a process is killed, a child dies or a list commits
suicide is everyday talk of programmers. It misses much, and does not replace anybody's attention.
"""

import re
import unicodedata

from domain.errors import N_

# Nothing here is true in one country only.
ANSWER = (
    N_("That sounds very hard. I am glad that you wrote it."),
    N_(
        "I am only a program, and this needs a person. Please talk to somebody you trust, today: "
        "a friend, a relative, a teacher or a doctor."
    ),
    N_("If anybody is in danger now, call the emergency number of the place where you are."),
    N_("I keep no copy of your words, and I sent them to nobody."),
    N_("If you meant something else, ask me again in other words."),
)

_READ = 5_000  # characters; a question has fewer
_CODE = re.compile(r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|`[^`\n]*`", re.DOTALL)
_STRING = re.compile(r"([(=,]\s*)(\"[^\"\n]*\"|'[^'\n]*')")
_APOSTROPHE = re.compile(r"['’‘`´]")
_SPACE = re.compile(r"[\s_*~]+")

# What may stand between "I" and what I do: "I really do not want to ...".
_I = (
    r"\bi ?(?:m|am|ve|have|d|ll)?(?: (?:am|have|been|do|dont|not|just|really|only|always|often|"
    r"sometimes|still|keep|kind|of|feel|like|think|thinking|thought|thoughts|about|want|wanted|"
    r"wanna|gonna|going|to|will|would|might|may|could|can|cant|must|need|tried|trying|try|plan|"
    r"planning|wish|rather|so|much|honestly|actually|now|ready|hope|afraid|that|ll|i)){0,9} "
)
_RELATIVE = (
    r"(?:(?:best|older|younger|little|big|ex|step) ?)?(?:dad|father|mum|mom|mother|uncle|aunt|"
    r"brother|sister|cousin|grand(?:pa|father|ma|mother)|boyfriend|girlfriend|husband|wife|"
    r"partner|teacher|coach|friend|classmate|room ?mate|son|daughter)"
)
_SOMEBODY = rf"\b(?:(?:my|a|our|the) {_RELATIVE}s?|my parents|someone|somebody|a man|a boy|a girl)"
_THEY = rf"(?:{_SOMEBODY}|\b(?:he|she|they))"
_NOT_A_PROGRAM = (
    r"(?! ?\(| (?:than|with|gracefully|when (?!i\b)|if (?!i\b)|unless|on|after|loudly|early|inside|"
    r"and (?:print|exit|show|log|respawn)|in (?:my|the|a|this) (?:game|level|loop|program|code)))"
)

_ENGLISH = (
    # taking one's life, hurting oneself
    r"(?<!\bthe )(?<!\ba )(?<!\bthis )(?<!\bthat )\b(?:kill(?:ing|ed)?|hang(?:ing|ed)?|"
    r"shoot(?:ing)?|drown(?:ing)?|unaliv(?:e|ing)|poison(?:ing)?|hurt(?:ing)?|harm(?:ing|ed)?|"
    r"cut(?:ting)?|burn(?:ing)?|starv(?:e|ing)) my ?self\b(?! (?:(?:off|short|out|some|a|with "
    r"coffee|laughing)\b|in (?:the foot|work|docs|documentation|code|tutorials|books)))",
    r"\b(?:to|wanna|gonna) (?:off|end) my ?self\b",
    r"\bself[- ]harm(?:ing|ed)?\b(?! ?[=(.:])",
    _I + r"(?:commit(?:ting)?|attempt(?:ing)?|about|of|considering|contemplating) suicide\b"
    r"(?! (?:burn|snail|linked|list|squad|bomb|king|prevention|in (?:my|the) (?:game|code)))",
    _I + r"(?:feeling |felt |very |quite |a bit )*suicidal\b",
    r"\bsuicidal (?:thoughts?|feelings?|ideas?|ideation)\b",
    _I + r"(?:want to|wanna|wanted to|rather|ready to|wish to|hope to|hope i|wish i could|like to)"
    r" (?:just )?die\b" + _NOT_A_PROGRAM,
    _I + r"i (?:was|were|am) (?:dead|never born|not alive|gone forever)\b",
    _I + r"(?:i )?(?:had never been|was never|d never been|hadnt been) born\b",
    r"\bbetter off (?:without me|if i (?:was|were) (?:dead|gone)|with me dead|dead)\b",
    r"\bi (?:really |just )?(?:do not|dont) (?:really )?(?:want to|wanna) (?:live|be alive|exist|"
    r"wake up)\b(?! ?(?:in|with|on|stream|share|reload|server|at))",
    r"\b(?:end(?:ing)?|take|taking) my (?:own )?life\b(?! (?:cycle|counter|bar|time|points|loop))",
    _I + r"end(?:ing)? it all\b",
    r"\bno (?:reason|point) (?:for me )?(?:to|in|for) (?:live|living|go on living)\b",
    r"\bmy life is (?:pointless|meaningless|worthless|not worth \w+|n[o']t worth \w+)\b",
    r"\blife is(?: not|nt) worth living\b",
    r"\b(?:nobody|no one) would (?:even )?(?:miss me|notice if i (?:died|was gone|were gone))\b",
    r"\b(?:slit|cut|slash)(?:ting|ing)? my (?:wrists?|arms?|veins|legs?)\b",
    _I + r"jump(?:ing)? (?:off|from) (?:a|the|my) (?:bridge|roof|building|balcony)\b"
    r"(?! in (?:my|the|this) (?:game|level))",
    r"\bi (?:have |just |ve )*(?:took|taken|swallowed) (?:\w+ ){0,4}(?:pills|tablets)\b",
    r"\bi (?:just )?(?:want to|wanna|took an|have|ve) overdosed?\b",
    r"\b(?:want to|wanna|gonna|going to|might|will|ill|should) kms\b",
    # somebody else in danger
    _SOMEBODY + r" (?:\w+ ){0,5}(?:kill|hurt|harm|cut|hang)(?:ing|s|ed)? (?:him|her|them)self\b",
    rf"\bmy {_RELATIVE} (?:\w+ ){{0,3}}(?:to die\b|suicidal\b|commit(?:s|ted)? suicide\b)",
    # violence and abuse
    _THEY + r" (?:\w+ ){0,3}(?:hits?|hitting|beats?|beating|hurts?|hurting|abus(?:es?|ed|ing)|"
    r"molest(?:s|ed|ing)?|chok(?:es?|ed|ing)|kick(?:s|ed)|punch(?:es|ed)?|slap(?:s|ped)?|"
    r"rap(?:es?|ed)|assault(?:s|ed)?|stalk(?:s|ed|ing)) me\b(?! (?:up|to|at|in (?:th|ch)|by|every "
    r"game|on time|with (?:an? )?(?:error|question|bug|task)s?\b))",
    _THEY + r" (?:\w+ ){0,3}touch(?:es|ed|ing)? me (?:where|in ways?|inappropriately|and i|"
    r"sexually|at night|when|down there)",
    _THEY + r" (?:\w+ ){0,3}threat(?:en(?:s|ed|ing)?) to (?:kill|hurt|beat|hit) (?:me|us|my)\b",
    r"\bi ?(?:was|am|m|have been|ve been|got|get|keep) (?:being |getting |sexually |physically |"
    r"often )*(?:raped|molested|abused|beaten(?! (?:by the|by a|in|at|to))|assaulted|bullied)\b",
    r"\bi ?(?:am not|m not|do not feel|dont feel|never feel) safe (?:at|in my(?: own)?) home\b",
    r"\bi (?:feel|am) unsafe (?:at|in my(?: own)?) home\b",
    r"\b(?:afraid|scared|frightened) (?:to go|of going|to be|of being|to come) home\b",
    r"\b(?:bully|bullies|bullying) me\b",
    # danger to others
    _I + r"(?:kill|shoot|stab|murder) (?:someone|somebody|people|everyone|everybody|my "
    rf"(?:{_RELATIVE}s?|parents))\b(?! in (?:my|the|a|this) (?:game|level|story))",
    r"\b(?:shoot up|bring a (?:gun|knife) to|blow up) (?:my|our) (?:school|class|office|work)\b",
)

# Written without Polish marks, as many type it; `_plain` takes them off.
_CHCE = (
    r"\b(?:chce|chcialbym|chcialabym|chcialem|chcialam|chce mi|zamierzam|planuje|mysle zeby|wole)"
)
_NOT_MACHINE = r"(?<!proces )(?<!watek )(?<!program )(?<!petla )(?<!gracz )(?<!serwer )(?<!on )"
_OSOBA = (
    r"\b(?:tata|ojciec|ojczym|mama|matka|macocha|rodzice|brat|siostra|wujek|dziadek|babcia|chlopak|"
    r"dziewczyna|maz|zona|partner|nauczyciel|nauczycielka|trener|szef|ktos|koledzy|kolega|oni|on|ona)"
)
_POLISH = (
    _NOT_MACHINE
    + _CHCE
    + r"(?: (?:juz|po prostu|tylko|czasem|naprawde|teraz)){0,2} (?:sie (?:zabic|"
    r"powiesic|utopic|otruc)|umrzec|nie zyc|zniknac na zawsze|zabic sie|popelnic samobojstwo|"
    r"ze soba skonczyc|skonczyc ze soba|odebrac sobie zycie|zrobic sobie krzywde|sie pociac)\b",
    r"\bnie chce (?:mi )?(?:sie )?(?:juz )?(?:dluzej )?zyc\b",
    r"\b(?:mam dosc|mam dosyc|nienawidze) (?:swojego |mojego |tego )?zycia\b",
    r"\b(?:mysle|myslalem|myslalam|mysli|mam mysli) (?:czesto |ciagle )?(?:o |zeby popelnic )?"
    r"(?:samobojcz\w+|samobojstw\w+|smierci|zabiciu sie)\b",
    _NOT_MACHINE + r"\b(?:zabije|powiesze|potne|otruje|utopie) sie\b(?! (?:sam|proces|watek))",
    r"\bsie (?:zabije|powiesze|potne)(?: dzisiaj| dzis| jutro| w nocy)?$",
    r"\b(?:skonczyc|skoncze) ze soba\b|\b(?:odebrac|odbiore) sobie zycie\b",
    r"\b(?:tne|pocielam|pocialem|okaleczam|glodze|krzywdze) sie\b",
    r"\bsamookalecz\w+",
    r"\b(?:robie|zrobie|zrobilam|zrobilem|zrobic) sobie krzywde\b",
    r"\b(?:podciac|podetne|podcielam|podcialem) (?:sobie )?zyly\b",
    r"\b(?:moje |to )?zycie nie ma (?:juz )?(?:dla mnie )?sensu\b|\bnie widze sensu zycia\b",
    r"\bnie (?:mam|ma) (?:juz )?po co zyc\b|\bnie warto (?:juz )?zyc\b",
    r"\b(?:lepiej|latwiej) (?:by (?:bylo|im bylo)|bedzie|byloby) (?:\w+ )?beze mnie\b",
    r"\bgdyby mnie nie bylo\b|\bnikt (?:by )?za mna nie (?:za)?teskni\w*",
    r"\b(?:wzielam|wzialem|polknelam|polknalem) (?:za )?(?:duzo|wszystkie|garsc) "
    r"(?:tabletek|tabletki|lekow|leki)\b",
    r"\b(?:kolega|kolezanka|przyjaciel|przyjaciolka|siostra|brat|mama|tata|ktos) (?:\w+ ){0,3}"
    r"(?:chce sie zabic|sie tnie|tnie sie|chce umrzec|chce popelnic samobojstwo|"
    r"mowi o samobojstwie)",
    _OSOBA
    + r" (?:\w+ ){0,3}(?:mnie (?:\w+ )?(?:bije|bija|bil|bila|pobil|krzywdzi|molestuje|gwalci|"
    r"zgwalcil|katuje|dotyka|dusi|kopie)|(?:bije|bija|bil|bila|pobil|krzywdzi|molestuje|gwalci|"
    r"zgwalcil|katuje|dotyka|dusi|kopie) mnie)\b(?! (?:w (?:szachy|gre|grze|pilke)|na glowe))",
    r"\b(?:zostalam|zostalem|bylam|bylem|jestem) (?:zgwalcon\w|molestowan\w|pobit\w|bit[ya]|"
    r"bity|dreczon\w|przesladowan\w)\b",
    r"\bzneca(?:ja)? sie nade mna\b|\bdreczy? mnie\b|\bprzesladuja mnie\b|\bgnebia mnie\b",
    r"\bboje sie (?:wracac|wrocic|isc|byc) (?:do|w) dom\w*\b|\bprzemoc w (?:moim )?domu\b",
    r"\bnie (?:czuje sie|jestem) bezpieczn\w+ w (?:swoim |moim )?domu\b",
    r"\bgroz[ia],? ze mnie (?:zabij\w+|pobij\w+)\b|\bgrozi mi smiercia\b",
    _CHCE + r" (?:kogos|wszystkich|ich wszystkich|mojego ojca|moja matke|nauczyciela) "
    r"(?:zabic|skrzywdzic|zastrzelic)\b|"
    + _CHCE
    + r" (?:zabic|zastrzelic) (?:kogos|wszystkich w)\b",
)
_PHRASES = tuple(re.compile(phrase) for phrase in (*_ENGLISH, *_POLISH))


def needs_a_person(text: str) -> bool:
    """Whether somebody seems to be in danger, or to have been hurt; code and strings are no words.

    Args:
        text: a learner's words; only the beginning of a very long text is read.
    """
    words = _plain(text[:_READ])
    return any(phrase.search(words) for phrase in _PHRASES)


def _plain(text: str) -> str:
    """Small letters without marks, apostrophes and code; one space between words."""
    text = _STRING.sub(r"\1", _CODE.sub(" ", text))
    text = _APOSTROPHE.sub("", text.casefold()).replace("ł", "l")
    letters = unicodedata.normalize("NFKD", text)
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return _SPACE.sub(" ", bare).strip()
