"""Finds words that must never be printed: promises, blame, jargon, slips, and the two drugs swapped.

Clinical basis 2.1 end, 2.4 B8, 4.4, 6.1 and 7. The text is NFC, as the readers give it. Of the release's own texts
the digests of those without a fault were noted ahead: to compile the rules took 6 % of the first page's time, and to
search for all of them 4 %. An edited text is not among them, and is searched.
`pytest --update-goldens tests/content/test_terms_ahead.py` notes them anew.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path

from press.content.readability import spans
from press.errors import Severity
from press.records import dataclass


@dataclass(frozen=True, slots=True)
class TermFault:
    """One place in a text that must not be printed; a warning is a matter of taste.

    `kind` is one of promise, danger, stigma, term, address, jargon, typo, style, number, date,
    placeholder, passive, swap, spelling. Texts that are not filled yet have placeholders.
    """

    start: int
    end: int
    found: str
    sentence: str
    hint: str
    kind: str
    severity: Severity = Severity.ERROR


CLEAN_TEXTS = Path(__file__).parent / "data" / "clean_texts.txt"

_Raw = tuple[int, int, str, str]  # start, end, kind, hint
_Place = tuple[int, int, int]  # start, end, which drug of `_DRUGS`
# A rule is (kind, hint, pattern). A pattern matches whole words in any case, and its spaces any
# space or `**`. `kind?` allows the words if they are denied ("will not heal"), `kind*` on a page
# that holds the hint too: an acronym with its name (4.4). `kind~` warns.
_Rule = tuple[str, str, str]
_Compiled = tuple[str, str, re.Pattern[str]]
_SPACE = r"[\s*]+"
_NEAR = 80  # how many characters before a claim may deny it

# ruff: noqa: E501, ISC004 - a table: a pattern or a hint may need more than one line, or a long one
# fmt: off
_ENGLISH: tuple[_Rule, ...] = (
    ("promise", "say `may`, `can help` or `treats`", r"cure[sd]?|curing|curable|guarantee\w*|miracles?|harmless"
     r"|risk(?:-| )free|(?:completely|totally|perfectly|entirely|fully|100%|100 percent) safe|(?:still|fully)"
     r" (?:covered|protected)"),
    ("promise", "say `may lower your cravings`", r"no (?:more )?cravings?|(?:will not|won['’]t) (?:have )?(?:any"
     r" )?crav(?:e|ings?)|(?:ends|stops|removes) (?:all )?(?:your |the )?cravings?"),
    ("promise", "say what lowers the risk", r"(?:prevents|(?:can|will|may|helps?) (?:to |you )?prevent) (?:an |all"
     r" |any )?overdos(?:e|es|ing)"),
    ("promise", "say `recovery takes time`", r"restor(?:e|es|ed|ing)|neurochemistry|chemical balance"
     r"|brain(?:['’]s)? chemistry|chemistry of (?:the|your) brain"),
    ("promise?", "say `recovery takes time`", r"heal(?:s|ed|ing)?"),
    ("danger", "a person on naltrexone can overdose", r"(?:cannot|can not|can['’]t|will not|won['’]t|could not"
     r"|couldn['’]t|(?:not |un)able to|impossible to|never) (?:have an |get an |die (?:of|from) (?:an"
     r" )?)?overdos(?:e|ing)|no (?:risk|danger|chance) of (?:an )?overdos\w+"),
    ("danger", "no day is safe: never name one", r"safe (?:after|until|till|again)"),
    ("danger", "naloxone treats an overdose; naltrexone does not", r"naloxone (?:does not|doesn['’]t|will not"
     r"|won['’]t|cannot|can not|can['’]t) (?:treat|reverse|stop|end|help)"),
    ("danger?", "no day is safe", r"safe to (?:use|take) (?:an |any |your )?(?:opioids?|heroin|fentanyl|pain pills)"),
    ("danger", "never name a day when the block ends", r"w(?:ears?|ore|orn|earing) off (?:on|by)|(?:block|blockade"
     r"|effect) (?:ends|is gone|is over|wears off|will be gone) (?:on|by|in|after|at)"),
    ("stigma", "say `a person with a use disorder`", r"addict(?:s|ed)?|junk(?:ies?|y)|druggies?"
     r"|alcoholics?(?! anonymous| drinks?| beverages?)"),
    ("stigma", "say `use`", r"abus(?:e[ds]?|ers?|ing|ive)(?! and mental health)"),
    ("stigma", "say `not using`, or `positive` of a test", r"(?:get|gets|got|getting|stay|stays|stayed|staying"
     r"|become|been) clean(?! and dry)|clean and sober|clean time|abstinen(?:t|ce)|(?:clean|dirty) (?:(?:drug "
     r"|urine )?(?:tests?|screens?|samples?)|urines?)"),
    ("stigma", "say `going back to use`", r"relaps(?:e|es|ed|ing)"),
    ("stigma", "say `opioid`", r"narcotics?(?! anonymous)|opiates?"),
    ("stigma", "say `person` or `you`", r"users?"),
    ("stigma", "say `kill yourself`, `die by suicide`", r"commit(?:s|ted|ting)? suicide"),
    ("jargon", "say it in plain words", r"(?-i:IM|QOD|QD|BID|TID|PRN|MAT|MOUD|NTX)|I\.M\.|qod|prn|depot"
     r"|q\.?\s?\d+\s?(?:w|wks?|weeks?|d|h|hrs?|months?)|[qbtp]\.[oirn]\.[dn]\.?|(?:ant)?agonists?|gluteal"
     r"|intramuscular(?:ly)?|subcutaneous(?:ly)?|somnolence|contraindicat\w+"),
    ("jargon*", "opioid use disorder", r"(?-i:OUD)"),
    ("jargon*", "alcohol use disorder", r"(?-i:AUD)"),
    ("jargon*", "substance use disorder", r"(?-i:SUD)"),
    ("jargon*~", "emergency room", r"(?-i:ER)"),
    ("typo", "`pain`, `effective`", r"(?:joints?|muscles?|back|chest|belly) paint|effect support"),
    ("style", "say it without two negatives", r"(?:not|\w+n['’]t) un(?!til|less|der|it|ion|ique)\w{3,}"),
    ("style", "say it shorter, without Latin", r"in order to|prior to|utiliz(?:e|es|ed|ing)|[ei]\.[ge]\.|etc\.?|vs\.?"),
    ("placeholder", "a value is missing", r"nan|(?-i:TODO)"),
    ("passive~", "say who does it", r"(?:am|is|are|was|were|be|been|being) (?:\w+ly )?(?!(?:tired|scared|worried"
     r"|confused|closed|concerned|interested|married|used(?= to))\b)(?:\w{2,}ed|given|taken|made|done|known|shown"
     r"|seen|told|found|held|sent|kept|written)"),
)
_SPANISH: tuple[_Rule, ...] = (
    ("promise", "`trata`, `puede ayudar`", r"cura(?:r|n|rá|do|da)?|garant(?:ía|iz\w+)|milagros?|inofensiv[oa]s?"
     r"|restaur(?:a|an|ar|ará)|química (?:del cerebro|cerebral)|(?:sana|sanar|sanará) (?:el|su) cerebro"
     r"|(?:(?:completa|total|perfecta)mente|100\s?%) segur[oa]s?|sin (?:ningunas )?ganas de consumir|(?:previene"
     r"|evita) (?:una |la |las )?sobredosis|(?:todavía|aún|sigue) (?:está )?(?:cubiert|protegid)[oa]s?"),
    ("promise?", "`puede ayudar a bajar las ganas`", r"(?:quit|elimin)(?:a|ará) (?:todas )?las ganas|(?:no|nunca)"
     r" (?:tendrá|sentirá) (?:más )?ganas"),
    ("danger", "a person on naltrexone can overdose", r"no (?:puede|podrá|va a) (?:tener|sufrir|morir de|tomar) (?:una"
     r" )?sobredosis|(?:sin|ningún|no (?:hay|corre|tiene)) (?:riesgo|peligro) de (?:una )?sobredosis"),
    ("danger", "no day is safe: never name one", r"segur[oa]s? (?:después|hasta|a partir|desde)"),
    ("danger?", "no day is safe", r"segur[oa] (?:para )?(?:consumir|usar|tomar) (?:un |algún |sus? )?(?:opioides?|heroína"
     r"|fentanilo|pastillas)"),
    ("danger", "never name a day when the block ends", r"(?:bloqueo|efecto) (?:se )?(?:termina|acaba|pasa|desaparece|va)"
     r" (?:el|en|a l[oa]s|después de|tras)"),
    ("danger", "naloxone treats an overdose; naltrexone does not", r"naloxona no (?:trata|revierte|detiene|sirve|ayuda|puede)"),
    ("stigma", "`opioide`", r"opiáce[oa]s?|narcótic[oa]s?(?! anónimos)"),
    ("stigma", "`persona con trastorno por consumo`", r"(?:drog|ex)?adict[oa]s?|drogadicción|yonquis?"
     r"|toxicóman[oa]s?|borrach[oa]s?|alcoholismo|(?<!bebida\s)(?<!bebidas\s)alcohólic[oa]s?(?! anónimos)"),
    ("stigma", "`consumo`; `persona`", r"usuari[oa]s?|abus(?:o|os|ar|a|an|ador(?:a|es|as)?)(?! de sustancias y"
     r" (?:de )?(?:la )?salud mental)"),
    ("stigma", "`no consumir`", r"limpios?|(?:está|estar|estoy|siga|seguir|manténgase) limpias?"),
    ("stigma", "`hacerse daño`, `morir por suicidio`", r"comet(?:er?|a|an|ió|ido|iendo) suicidio"),
    ("term", "`síntomas de abstinencia`, or `no consumir`", r"(?<!síntomas\sde\s)abstinencia|retirada"),
    ("term", "`ganas muy fuertes de consumir`", r"antojos?"),
    ("term", "`tableta` or `pastilla`; `estreñido`", r"comprimidos?|constipad[oa]s?"),
    ("term", "this is eleven: `una vez`, or `11`", r"once"),
    ("term", "`sentirse drogado`", r"(?:sentirse|siente|sienta|sentirá|ponerse) (?:muy )?alt[oa]s?"),
    ("term", "`ampolla` is a blister, this is a vial", r"ampolletas?"),
    ("term", "`heces`; `pupilas`; `su equipo médico`", r"taburetes?|alumn[oa]s?|proveedor(?:a|es|as)?"),
    ("term", "`inyección`; `lugar de la inyección`", r"disparos?|vacunas?|sitio de (?:la )?inyección"),
    ("term", "`su cuerpo ya no está acostumbrado`", r"tolerancia"),
    ("term", "`no recibió la dosis`; `le toca`; `un día sí y un día no`", r"dosis (?:perdida|debida)s?|cada otro día"),
    ("term", "`bulto`; `sarpullido`; `piel amarilla`; `hígado`; `nalmefeno`", r"grumos?|rash|ictericia|higadillo"
     r"|nalmefin[ao]|nalmefene"),
    ("term", "`emergencias`; `billetera`; `embarazada`", r"urgencias|cartera|embarazosa"),
    ("term", "`volver a surtir`; `consejería`", r"rellen\w+ (?:la |su )?receta|consejo (?:profesional|de grupo)"),
    ("term~", "`medicina`: a `droga` is an illegal one", r"drogas? (?:recetada|que le recet\w+|para)"),
    ("term~", "`volver a consumir` is lighter", r"recaídas?"),
    ("address", "`usted`", r"tú|tus?|te|ti|contigo|tuy[oa]s?|(?<!quien\s)(?<!que\s)(?<!si\s)llama (?:al|a|ya)|ll[aá]m(?:anos|ame)|dinos|pídenos"
     r"|pregúntanos|cuídate|puedes|tienes|debes|necesitas|quieres|eres|estás|sientes|dejas|haz|consumes|tomaste"
     r"|usaste|dejaste|bebes|usas|sabes|puedas|tengas|quieras|estés|sientas|olvides|dejes|tomes|bebas|consumas|uses"
     r"|llames|vuestr[oa]s?|vosotr[oa]s"),
    ("jargon", "say it in plain words", r"(?-i:IM|QOD|OUD|AUD|NTX)|q\d+\s?(?:w|wks?)|(?:ant)?agonistas?|depot"
     r"|intramuscular(?:es)?|contraindicad[oa]s?"),
    ("typo", "one word: `sobredosis`", r"sobre(?: |-)dosis"),
    ("style", "say it shorter, without Latin", r"con el fin de|previo a|utili[cz]\w+|p\. ?ej\.|etc\.?|vs\.?"),
    ("placeholder", "a value is missing", r"nan|(?-i:TODO:)"),
    ("passive~", "say who does it", r"(?:es|son|fue|fueron|será|serán|ser|sido) \w+[ai]d[oa]s?"),
)
_EVERY: tuple[_Rule, ...] = (  # every language; raw patterns, for marks have no word ends
    ("placeholder", "a value is missing", r"\{+[^{}\n]{0,60}\}*|\}+|\bNone\b(?!\s+of\b)|\bNaN\b|\b1970\b"
     r"|(?i:\b(?:null|undefined|lorem|ipsum|fixme|tbd)\b)|\?{3,}|\bX{3,}\b"),
    ("placeholder", "555 numbers are for films", r"(?<!\d)(?:\d{3})?555[-.\s\u2011]?\d{4}(?!\d)"),
    ("number", "`50 mg`, never `50.0 mg`", r"\b\d+(?:\.0+|,0{1,2})\s?(?:mg|mcg|g|ml|mL)\b"),
    ("number", "`0.5 mg`, never `.5 mg`", r"(?<![\d.,])[.,]\d+\s?(?:mg|mcg|g|ml|mL)\b"),
    ("date", "write the weekday, and the month in words", r"(?<![\d/.-])(?:\d{1,2}([/-])\d{1,2}\1(?:\d{4}|\d{2})"
     r"|\d{1,2}\.\d{1,2}\.\d{4}|\d{4}([/.-])\d{1,2}\2\d{1,2}|(?:0[1-9]|1[0-2])/(?:[0-2]\d|3[01]))(?![\d/-])"),
    ("style", "two sentences, or a list", r";"),
)
_WORDS = {"en": _ENGLISH, "es": _SPANISH}
_DENIAL = {  # up to the end of the words before a claim: "does not treat", not "do not wait, give"
    "en": r"(?:\b(?:not|never|cannot|nor|neither)|n['’]t)(?: (?:an?|the|be|been|it|to|used|meant|made|able|come"
    r"|sold|need|as|for|help|ever|even|also|or|treat|reverse|stop|try|by|itself|\w+ly))*[\s*]*$",
    "es": r"\b(?:no|nunca|jamás|tampoco|ni)(?: (?:es|son|sirve|para|se|les?|l[oa]|una?|ningún|día|el|debe|puede|usar?|o|tratar"
    r"|revertir|detener|ni|que|hay|necesita|viene|como|\w+mente))*[\s*]*$",
}
# What is true of one drug only (6.1; the first of the ten things of 7), in the order of `_DRUGS`:
# what must not be said of it, in a claim with the drug as its subject, or with the drug in it.
_DRUGS = {"en": ("naltrexone", "naloxone"), "es": ("naltrexona", "naloxona")}
_SWAP_HINTS = ("naltrexone is not for an overdose: is naloxone meant?", "is naltrexone meant? naloxone is for an overdose")
_CLAIMS = {
    "en": (
        (r"(?:treat|revers|stop|end|undo)\w* (?:\w+ ){0,2}overdos\w+|nos(?:e|al) sprays?|antidotes?|rescue (?:drug"
         r"|medicine|medication|spray)s?|over the counter|(?:with no|without(?: a)?) prescription|w\w+ off in"
         r" (?:\w+ ){1,4}minutes",
         r"(?:give|gave|giving|given|spray(?:ed)?|buy|bought) (?:\w+ ){0,3}DRUG|carry (?:your )?DRUG|keep (?:your"
         r" )?DRUG (?:\w+ )?(?:with|close|near|ready|on hand)|DRUG (?:nose|nasal|spray|kit)|DRUG \(narcan|DRUG"
         r" (?:and|or) naloxone (?:\w+ )?(?:treat|reverse|stop)"),
        (r"block\w* (?:\w+ ){0,5}(?:weeks?|months?)|every (?:4|four) weeks|once a month|monthly|cravings?|treats?"
         r" (?:alcohol|opioid) use disorder|(?:is|comes as) (?:an? )?(?:\w+ )?(?:tablet|pill|shot)s?",
         r"(?:take|takes|taking|took|taken) (?:\w+ ){0,2}DRUG(?! (?:kit )?(?:with (?:you|them)|along))|(?:next"
         r"|missed|late) (?:dose of |shot of )?DRUG|(?:while|are|am|is) on DRUG|DRUG (?:is )?due|(?:start|stop"
         r"|miss|skip)\w* (?:your |the )?DRUG|DRUG (?:tablet|pill|shot)s?|(?:tablet|pill|shot)s? of DRUG|DRUG"
         r" \((?:vivitrol|revia)"),
    ),
    "es": (
        (r"(?:trat|rev[ie]+rt|det[ie]+n|fren|par)\w+ (?:\w+ ){0,2}sobredosis|antídotos?|medic\w+ de rescate|sin"
         r" receta|(?:aerosol|espray|spray|rociador) nasal|minutos",
         r"(?:dé|den|d[eé]le|denle|dio|dado|administre|aplique|rocíe|compr(?:e|ar|ó)) (?:\w+ ){0,3}DRUG|(?:lleve|tenga"
         r"|mantenga) (?:la )?DRUG (?:\w+ )?(?:consigo|cerca|a mano|con usted)|DRUG (?:nasal|en aerosol)|DRUG"
         r" \(narcan|DRUG (?:y|o) (?:la )?naloxona (?:\w+ )?(?:trat|revi|rever)\w+"),
        (r"bloque\w+ (?:\w+ ){0,5}(?:semanas?|mes(?:es)?)|cada (?:4|cuatro) semanas|una vez al mes|mensual|ganas"
         r" (?:\w+ ){0,2}de consumir|para el trastorno por consumo|es una (?:tableta|pastilla|inyección)",
         r"tom(?:e|a|ar|ó|ando) (?:la |su )?DRUG|mientras usa (?:la )?DRUG|us(?:e|a|ar) (?:la )?DRUG (?:todos|cada|una vez|a diario)|(?:dej"
         r"|suspend|empe|comen)\w+ (?:la )?DRUG|DRUG (?:en tabletas?|inyectable)|DRUG \((?:vivitrol|revia)"
         r"|(?:tabletas?|pastillas?|inyecci\w+|próxima|próxima dosis) (?:de )?DRUG"),
    ),
}
_BREAK = {  # between a drug and a claim that is not about it
    "en": r"[;:]|,(?!\s*(?:an?|which|or|also|given)\b)|\b(?:if|because|so|but|while|when|where|even|after"
    r"|before)\b|\band (?:ask|buy|call|carry|get|give|have|keep|show|take|tell|use|you)",
    "es": r"[;:]|,(?!\s*(?:una?|que|o)\b)|\b(?:si|porque|pero|cuando|donde|mientras|después|antes)\b|\by (?:compre"
    r"|dé|dele|llame|lleve|pida|tenga|tome|use)",
}
_CARRIES_ON = {  # a sentence without a drug that speaks of the one before
    "en": r"^\W*(?:it|this|these|they)\b",
    "es": r"^\W*(?:est[ea]|es|no|se|sirve|puede|trata|revierte|bloquea|viene)\b",
}
_GIVER = r"\b(?:we|nurse|worker|doctor|clinic|team|enfermera|médico)(?: (?:can|may|will|must|le))* $"
_CONTRAST = r"\b(?:not|unlike|than|instead of|no es|ni) (?:la[\s*]+)?$"
# fmt: on
_MENTION = r"(?i)\b(?:(naltrexon[ea]|vivitrol|revia)|naloxon[ea]|narcan)\b"
_LETTERS = r"[^\W\d_]+(?:[-\u00ad\u2011][^\W\d_]+)*"


def faults(text: str, language: str, page: str = "") -> tuple[TermFault, ...]:
    """Find words that must not be printed, in the order of the text (2.1, B8, 4.4, 6.1, 7).

    An acronym is allowed if `page`, all the words of its page, holds its full name.
    """
    language = language.casefold().partition("-")[0]
    raw = _found(text, language)
    if not any("*" in kind for _, _, kind, _ in raw):
        return _as_faults(text, raw)
    known = " ".join((page or text).casefold().replace("*", "").split())
    return _as_faults(text, [found for found in raw if "*" not in found[2] or found[3] not in known])


@lru_cache(maxsize=4096)  # the pages for different readers share most of their texts
def _found(text: str, language: str) -> tuple[_Raw, ...]:
    if digest_of(text, language) in _clean_texts():
        return ()
    return tuple(found for rule in _rules(language) for found in _matches(rule, text, language))


def digest_of(text: str, language: str) -> str:
    """Give what the list of texts without a fault calls this one."""
    return sha256(f"{language}\n{text}".encode()).hexdigest()[:32]


@cache
def _clean_texts() -> frozenset[str]:
    return frozenset(CLEAN_TEXTS.read_text("ascii").split())


@cache
def _rules(language: str) -> tuple[_Compiled, ...]:
    marks = [(kind, hint, re.compile(pattern)) for kind, hint, pattern in _EVERY]
    words = [(kind, hint, _whole(pattern)) for kind, hint, pattern in _WORDS.get(language, ())]
    return *marks, *words


@cache
def _whole(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{pattern.replace(' ', _SPACE)})(?!\w)", re.IGNORECASE)


def _holds(text: str, pattern: str) -> bool:
    return bool(re.search(pattern.replace(" ", _SPACE), text, re.IGNORECASE))


def _matches(rule: _Compiled, text: str, language: str) -> Iterator[_Raw]:
    kind, hint, pattern = rule
    for match in pattern.finditer(text):
        if "?" not in kind or not _holds(text[: match.start()][-_NEAR:], _DENIAL[language]):
            yield *match.span(), kind, hint


def _as_faults(text: str, found: Sequence[_Raw]) -> tuple[TermFault, ...]:
    if not found:
        return ()
    edges, made = spans(text), []
    for start, end, kind, hint in sorted(set(found)):
        first, last = edges[bisect_right(edges, (start, len(text))) - 1]
        place = start, end, text[start:end], text[first:last]
        severity = Severity.WARNING if "~" in kind else Severity.ERROR
        made.append(TermFault(*place, hint, kind.rstrip("?~*"), severity))
    return tuple(made)


@lru_cache(maxsize=4096)
def swap_faults(text: str, language: str) -> tuple[TermFault, ...]:
    """Find sentences that say of one drug what is true of the other, and misspelled names (7)."""
    language = language.casefold().partition("-")[0]
    if language not in _DRUGS or digest_of(text, language) in _clean_texts():
        return ()
    swapped = (
        _swapped(text, language) if re.search(_MENTION, text) else ()
    )  # nothing is said of a drug without its name
    return _as_faults(text, [*_misspelled(text, _DRUGS[language]), *swapped])


def _misspelled(text: str, drugs: tuple[str, ...]) -> Iterator[_Raw]:
    for match in re.finditer(_LETTERS, text):
        if near := _near(match.group().casefold(), drugs):
            yield *match.span(), "spelling", f"is `{near}` meant?"


@lru_cache(maxsize=4096)  # a language has few words
def _near(word: str, drugs: tuple[str, ...]) -> str:
    """Name the drug that a misspelled word is meant for, if it is one."""
    near = min(drugs, key=lambda drug: _distance(word, drug))
    return near if 0 < _distance(word, near) <= 2 else ""


def _distance(left: str, right: str) -> int:
    """Count the edits from one word to the other (Levenshtein 1966), or give 3 if lengths or letters forbid fewer."""
    if abs(len(left) - len(right)) > 2 or len({*left} ^ {*right}) > 4:
        return 3
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        last, row[0] = row[0], i
        for j, b in enumerate(right, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (a != b))
    return row[-1]


def _swapped(text: str, language: str) -> Iterator[_Raw]:
    drugs: list[_Place] = []
    for start, end in spans(text):
        sentence = text[start:end]
        drugs = _mentions(sentence) or (drugs if _holds(sentence, _CARRIES_ON[language]) else [])
        for first, last, which in _claims(sentence, drugs, language):
            yield start + first, start + last, "swap", _SWAP_HINTS[which]
        drugs = [(0, 0, which) for _, _, which in drugs[:1]]


def _mentions(sentence: str) -> list[_Place]:
    """Find the drugs that a sentence speaks of; "is not naltrexone" does not speak of it."""
    found = (m for m in re.finditer(_MENTION, sentence) if not _holds(sentence[: m.start()], _CONTRAST))
    return [(*match.span(), int(match[1] is None)) for match in found]


def _claims(sentence: str, drugs: list[_Place], language: str) -> Iterator[_Place]:
    for which, (claim, direct) in enumerate(_CLAIMS[language]):
        named = _whole(direct.replace("DRUG", _DRUGS[language][which])).finditer(sentence)
        found = [match for match in named if not _holds(sentence[: match.start()], _GIVER)]
        for match in _whole(claim).finditer(sentence):
            found += [match] * (which == _subject(sentence, drugs, match.span(), language))
        for match in found:
            if not _holds(sentence[: match.start()][-_NEAR:], _DENIAL[language]):
                yield *match.span(), which


def _subject(sentence: str, drugs: list[_Place], claim: tuple[int, int], language: str) -> int | None:
    """Find the subject of a claim: the last drug before it, or else the first one after it."""
    before = [drug for drug in drugs if drug[1] <= claim[0]]
    after = [drug for drug in drugs if drug[0] >= claim[1]]
    if not before and not after:
        return None
    start, end, which = before[-1] if before else after[0]
    between = sentence[end : claim[0]] if before else sentence[claim[1] : start].replace(",", "")
    return None if _holds(between, _BREAK[language]) else which
