"""Words that must never be printed: promises, blame, jargon, slips, and the two drugs swapped.

Clinical basis 2.1 end, 2.4 B8, 4.4, 6.1 and 7. Pure; the text is NFC, as the readers give it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from press.errors import Severity
from press.reading import spans


@dataclass(frozen=True, slots=True)
class Fault:
    """One place in a text that must not be printed; a warning is a matter of taste.

    `kind` is one of promise, danger, stigma, term, address, jargon, typo, style, number,
    date, placeholder, passive, swap, spelling. A caller that reads texts before they are
    filled sets the kind `placeholder` aside.
    """

    start: int
    end: int
    found: str
    sentence: str
    hint: str
    kind: str = "term"
    severity: Severity = Severity.ERROR


# A rule is (kind, hint, pattern). A pattern matches whole words in any case, and its spaces any
# space or `**`. `kind?` allows the words when they are denied ("will not heal"); `kind~` warns.
_Rule = tuple[str, str, str]
_Raw = tuple[int, int, str, str]  # start, end, kind, hint

_ENGLISH: tuple[_Rule, ...] = (
    ("promise", "say `treats` or `can help`", r"cure[sd]?|curing|curable"),
    ("promise", "say `may` or `can help`", r"guarantee\w*|miracles?|harmless|risk(?:-| )free"),
    ("promise", "say `may lower your cravings`", r"no (?:more )?cravings?"
     r"|(?:ends|stops|removes|eliminates) (?:all )?(?:your |the )?cravings?"
     r"|(?:will not|won['’]t) (?:have )?(?:any )?crav(?:e|ings?)"),
    ("promise", "name the risk instead", r"(?:completely|totally|perfectly|entirely|fully"
     r"|100%|100 percent) safe|(?:still|fully) (?:covered|protected)"),
    ("promise", "say what lowers the risk", r"prevents (?:an |all |any )?overdos(?:e|es|ing)"
     r"|(?:can|will|may|helps?) (?:to |you )?prevent (?:an |all |any )?overdos(?:e|es|ing)"),
    ("promise", "say `recovery takes time`", r"restor(?:e|es|ed|ing)|neurochemistry"
     r"|brain(?:['’]s)? chemistry|chemistry of (?:the|your) brain|chemical balance"),
    ("promise?", "say `recovery takes time`", r"heal(?:s|ed|ing)?"),
    ("danger", "a person on naltrexone can overdose", r"(?:cannot|can not|can['’]t|will not"
     r"|won['’]t|could not|couldn['’]t|not able to|unable to|impossible to|never)"
     r" (?:have an |get an |die (?:of|from) (?:an )?)?overdos(?:e|ing)"
     r"|no (?:risk|danger|chance) of (?:an )?overdos\w+|overdose is (?:not possible|impossible)"),
    ("danger", "no day is safe: never name one", r"safe (?:after|until|till|again)"),
    ("danger?", "no day is safe", r"safe to (?:use|take) (?:an |any |your )?"
     r"(?:opioids?|heroin|fentanyl|pain pills)"),
    ("danger", "the block fades: never name a day when it ends", r"w(?:ears?|ore|orn|earing) off"
     r" (?:on|by)|(?:block|blockade|effect) (?:ends|is gone|is over|wears off|will be gone)"
     r" (?:on|by|in|after|at)"),
    ("stigma", "say `a person with a use disorder`", r"addict(?:s|ed)?|junk(?:ies?|y)|druggies?"
     r"|alcoholics?(?! anonymous| drinks?| beverages?)"),
    ("stigma", "say `use`", r"abus(?:e[ds]?|ers?|ing|ive)(?! and mental health)"),
    ("stigma", "say `not using`, or `positive` of a test", r"(?:get|gets|got|getting|stay|stays|"
     r"stayed|staying|become|been) clean(?! and dry)|clean and sober|clean time"
     r"|(?:clean|dirty) (?:urines?|(?:drug |urine )?(?:tests?|screens?|samples?))"),
    ("stigma", "say `going back to use`", r"relaps(?:e|es|ed|ing)"),
    ("stigma", "say `opioid`", r"narcotics?(?! anonymous)|opiates?"),
    ("stigma", "say `person` or `you`", r"users?"),
    ("stigma", "say `not using`", r"abstinen(?:t|ce)"),
    ("stigma", "say `kill yourself`, `die by suicide`", r"commit(?:s|ted|ting)? suicide"),
    ("jargon", "say it in plain words", r"(?-i:IM|QOD|QD|BID|TID|PRN|MAT|MOUD|XR)|I\.M\."
     r"|q\.?\s?\d+\s?(?:w|wks?|weeks?|d|h|hrs?|months?)|qod|prn|[qbtp]\.[oirn]\.[dn]\.?"
     r"|(?:ant)?agonists?|depot|gluteal|intramuscular(?:ly)?|subcutaneous(?:ly)?|somnolence"
     r"|contraindicat\w+"),
    ("jargon", "write the name in full", r"(?-i:NTX|NLX)"),
    ("typo", "`pain`, not `paint`", r"(?:joints?|muscles?|back|chest|belly) paint"),
    ("typo", "`effective`", r"effect support"),
    ("style", "say it without two negatives", r"(?:not|\w+n['’]t)"
     r" un(?!til|less|der|it|ion|ique|iform)\w{3,}|not (?:impossible|infrequent)"),
    ("style", "say it shorter", r"in order to|prior to|utiliz(?:e|es|ed|ing)"),
    ("style", "no Latin", r"e\.g\.|i\.e\.|etc\.?|vs\.?|viz\."),
    ("placeholder", "a value is missing", r"nan|(?-i:TODO)"),
    ("passive~", "say who does it", r"(?:am|is|are|was|were|be|been|being) (?:\w+ly )?"
     r"(?!(?:tired|scared|worried|confused|concerned|interested|married|used(?= to))\b)"
     r"(?:\w{2,}ed|given|taken|made|done|known|shown|seen|told|found|held|sent|kept|written)"),
)  # fmt: skip

_SPANISH: tuple[_Rule, ...] = (
    ("promise", "say `trata` or `puede ayudar`", r"cura(?:r|n|rá|do|da)?|garant(?:ía|iz\w+)"
     r"|milagros?|inofensiv[oa]s?|restaur(?:a|an|ar|ará)|química (?:del cerebro|cerebral)"),
    ("promise", "say `puede ayudar`", r"(?:sana|sanar|sanará) (?:el|su) cerebro"
     r"|(?:completa|total|perfecta)mente segur[oa]s?|100\s?% segur[oa]s?"
     r"|sin (?:ningunas )?ganas de consumir|(?:previene|evita) (?:una |la |las )?sobredosis"),
    ("danger", "a person on naltrexone can overdose", r"no (?:puede|podrá) (?:tener|sufrir|morir"
     r" de|tomar) (?:una )?sobredosis|(?:sin|ningún) (?:riesgo|peligro) de sobredosis"),
    ("danger", "no day is safe: never name one", r"segur[oa]s? (?:después|hasta|a partir)"),
    ("stigma", "`opioide`", r"opiáce[oa]s?|narcótic[oa]s?(?! anónimos)"),
    ("stigma", "`persona con trastorno por consumo`", r"(?:droga|ex)?adict[oa]s?|drogadicción"
     r"|toxicóman[oa]s?|yonquis?|borrach[oa]s?|alcoholismo"
     r"|(?<!bebida\s)(?<!bebidas\s)alcohólic[oa]s?(?! anónimos)"),
    ("stigma", "`consumo`", r"abus(?:o|os|ar|a|an|ador(?:a|es|as)?)"
     r"(?! de sustancias y (?:de )?(?:la )?salud mental)|usuari[oa]s?"),
    ("stigma", "`no consumir`", r"limpios?|(?:está|estar|estoy|siga|seguir|manténgase) limpi[oa]s?"),
    ("stigma", "`hacerse daño`, `morir por suicidio`", r"comet(?:er?|a|an|ió|ido|iendo) suicidio"),
    ("term", "`síntomas de abstinencia`, or `no consumir`", r"(?<!síntomas\sde\s)abstinencia"),
    ("term", "`ganas muy fuertes de consumir`", r"antojos?"),
    ("term", "`tableta` or `pastilla`", r"comprimidos?"),
    ("term", "`estreñido`", r"constipad[oa]s?"),
    ("term", "this is eleven: `una vez`, or `11`", r"once"),
    ("term", "`sentirse drogado`", r"(?:sentirse|siente|sienta|sentirá|ponerse)"
     r" (?:muy )?alt[oa]s?"),
    ("term", "`ampolla` is a blister, this is a vial", r"ampolletas?"),
    ("term", "`heces`", r"taburetes?"),
    ("term", "`pupilas`", r"alumn[oa]s?"),
    ("term", "`su equipo médico`", r"proveedor(?:a|es|as)?"),
    ("term", "`inyección`", r"disparos?|vacunas?"),
    ("term", "`su cuerpo ya no está acostumbrado`", r"tolerancia"),
    ("term", "`nalmefeno`", r"nalmefin[ao]|nalmefene"),
    ("term", "`no recibió la dosis`, `le toca la dosis`", r"dosis (?:perdidas?|debidas?)"),
    ("term", "`un día sí y un día no`", r"cada otro día"),
    ("term", "`lugar de la inyección`", r"sitio de (?:la )?inyección"),
    ("term", "`bulto`; `sarpullido`; `piel amarilla`; `hígado`", r"grumos?|rash|ictericia|higadillo"),
    ("term", "`sala de emergencias`", r"urgencias"),
    ("term", "`billetera`; `embarazada`", r"cartera|embarazosa"),
    ("term~", "`volver a consumir` is lighter", r"recaídas?"),
    ("address", "`usted`", r"tú|tus?|te|ti|contigo|tuy[oa]s?|vuestr[oa]s?|vosotr[oa]s"
     r"|llama (?:al|a|ya)|ll[aá]m(?:anos|ame)|dinos|pídenos|pregúntanos|cuídate|puedes|tienes"
     r"|debes|necesitas|quieres|eres|estás|sientes|dejas|consumes|tomaste|usaste|haz"),
    ("jargon", "say it in plain words", r"(?-i:IM|QOD|OUD|AUD|NTX|NLX)|q\d+\s?(?:w|wks?)"
     r"|antagonistas?|agonistas?|depot|intramuscular(?:es)?|contraindicad[oa]s?"),
    ("placeholder", "a value is missing", r"nan|(?-i:TODO:)"),
    ("passive~", "say who does it", r"(?:es|son|fue|fueron|será|serán|ser|sido) \w+[ai]d[oa]s?"),
)  # fmt: skip

_EVERY: tuple[_Rule, ...] = (  # every language; raw patterns, for marks have no word ends
    ("placeholder", "a value is missing", r"\{+[^{}\n]{0,60}\}*|\}+|\bNone\b(?!\s+of\b)|\bNaN\b"
     r"|(?i:\b(?:null|undefined|lorem|ipsum|fixme|tbd)\b)|\b1970\b|\?{3,}|\bX{3,}\b"),
    ("placeholder", "555 numbers are for films", r"(?<!\d)555[-.\s\u2011]?\d{4}(?!\d)"),
    ("number", "`50 mg`, never `50.0 mg`", r"\b\d+(?:\.0+|,0{1,2})\s?(?:mg|mcg|g|ml|mL)\b"),
    ("number", "`0.5 mg`, never `.5 mg`", r"(?<![\d.,])[.,]\d+\s?(?:mg|mcg|g|ml|mL)\b"),
    ("date", "write the weekday, and the month in words", r"(?<![\d/.-])(?:\d{1,2}([/-])\d{1,2}\1"
     r"(?:\d{4}|\d{2})|\d{1,2}\.\d{1,2}\.\d{4}|\d{4}([/.-])\d{1,2}\2\d{1,2}"
     r"|(?:0[1-9]|1[0-2])/(?:[0-2]\d|3[01]))(?![\d/-])"),
    ("style", "two sentences, or a list", r";"),
)  # fmt: skip

_WORDS = {"en": _ENGLISH, "es": _SPANISH}
_ACRONYMS = {  # allowed on a page that explains them (4.4)
    "OUD": ("jargon", "opioid use disorder"),
    "AUD": ("jargon", "alcohol use disorder"),
    "SUD": ("jargon", "substance use disorder"),
    "ER": ("jargon~", "emergency room"),
}
_DENIAL = {
    "en": r"(?:\b(?:not|never|cannot|nor|neither)|n['’]t)(?: (?:a|an|the|be|been|it|to|used|meant"
    r"|made|able|come|sold|need|as|for|help|ever|even|also|or|treat|reverse|stop|try|by|itself"
    r"|\w+ly))*[\s*]*$",
    "es": r"\b(?:no|nunca|jamás|tampoco|ni)(?: (?:es|son|sirve|para|se|le|lo|la|un|una|el|debe"
    r"|puede|use|usar|tratar|revertir|detener|o|ni|que|hay|necesita|viene|como|\w+mente))*[\s*]*$",
}


def faults(text: str, language: str, page: str = "") -> tuple[Fault, ...]:
    """Words that must not be printed, in the order of the text (2.1, B8, 4.4, 6.1, 7).

    An acronym may stand if `page`, all the words of its page, holds its full name.
    """
    language = _primary(language)
    found = [raw for rule in _rules(language) for raw in _matches(rule, text, language)]
    if language == "en":
        found += _acronyms(text, page or text)
    return _told(text, found)


def _primary(language: str) -> str:
    return language.casefold().partition("-")[0]


@cache
def _rules(language: str) -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    marks = [(kind, hint, re.compile(pattern)) for kind, hint, pattern in _EVERY]
    words = [(kind, hint, _whole(pattern)) for kind, hint, pattern in _WORDS.get(language, ())]
    return *marks, *words


@cache
def _whole(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{_loose(pattern)})(?!\w)", re.IGNORECASE)


def _loose(pattern: str) -> str:
    return pattern.replace(" ", r"[\s*]+")


def _matches(rule: tuple[str, str, re.Pattern[str]], text: str, language: str) -> Iterator[_Raw]:
    kind, hint, pattern = rule
    for match in pattern.finditer(text):
        if not (kind.endswith("?") and _is_denied(text[: match.start()], language)):
            yield *match.span(), kind.removesuffix("?"), hint


def _is_denied(before: str, language: str) -> bool:
    """Whether the words before a claim deny it: "does not treat", but not "do not wait, give"."""
    return bool(re.search(_loose(_DENIAL[language]), before[-80:], re.IGNORECASE))


def _acronyms(text: str, page: str) -> Iterator[_Raw]:
    known = " ".join(page.casefold().replace("*", "").split())
    for short, (kind, name) in _ACRONYMS.items():
        for match in re.finditer(rf"\b{short}s?\b", "" if name in known else text):
            yield *match.span(), kind, f"write `{name}` at least once on the page"


def _told(text: str, found: Iterable[_Raw]) -> tuple[Fault, ...]:
    edges = spans(text)
    starts = [start for start, _ in edges]
    return tuple(
        Fault(
            start, end, text[start:end], text[slice(*edges[bisect_right(starts, start) - 1])],
            hint, kind.rstrip("~"), Severity.WARNING if kind.endswith("~") else Severity.ERROR,
        )
        for start, end, kind, hint in sorted(set(found))
    )  # fmt: skip


# What is true of one drug only (6.1; first of the ten things of 7). A claim is a fault if its
# subject is the other drug; the second pattern holds that other drug, as DRUG, itself.
_DRUGS = {"en": ("naltrexone", "naloxone"), "es": ("naltrexona", "naloxona")}
_HINTS = (
    "naltrexone does not treat an overdose: is naloxone meant?",
    "naloxone is for an overdose only: is naltrexone meant?",
)
_CLAIMS = {
    "en": (
        (r"(?:treat|revers|stop|end|undo)\w* (?:\w+ ){0,2}overdos\w+|nos(?:e|al) sprays?"
         r"|rescue (?:drug|medicine|medication|spray)s?|antidotes?|over the counter"
         r"|(?:with no|without (?:a )?)prescription|w\w+ off in (?:\w+ ){1,4}minutes",
         r"(?:give|gave|giving|given|spray(?:ed)?|buy|bought) (?:\w+ ){0,3}DRUG|carry (?:your )?DRUG"
         r"|keep (?:your )?DRUG (?:\w+ )?(?:with|close|near|ready|on hand)"
         r"|DRUG (?:nose|nasal|spray|kit)|DRUG \((?:narcan)"),
        (r"block\w* (?:\w+ ){0,5}(?:weeks?|months?)|every (?:4|four) weeks|once a month|monthly"
         r"|cravings?|treats? (?:alcohol|opioid) use disorder|(?:is|comes as) (?:a )?tablets?",
         r"(?:take|takes|taking|took|taken) (?:\w+ ){0,2}DRUG(?! (?:kit )?(?:with (?:you|them)|along))"
         r"|(?:next|missed|late) (?:dose of |shot of )?DRUG|(?:while|are|am|is) on DRUG"
         r"|(?:start|stop|miss|skip)\w* (?:your |the )?DRUG|DRUG (?:is )?due|DRUG \((?:vivitrol|revia)"
         r"|DRUG (?:(?:is|comes as) (?:an? )?(?:\w+ )?)?(?:tablet|pill|shot)s?"
         r"|(?:tablet|pill|shot)s? of DRUG"),
    ),
    "es": (
        (r"(?:trat|rev[ie]+rt|det[ie]+n|fren|par)\w+ (?:\w+ ){0,2}sobredosis|antídotos?|sin receta"
         r"|(?:aerosol|espray|spray|rociador) nasal|medic\w+ de rescate|minutos",
         r"(?:dé|den|d[eé]le|denle|dio|administre|aplique|rocíe|compr(?:e|ar|ó)) (?:\w+ ){0,3}DRUG"
         r"|(?:lleve|tenga|mantenga) (?:la )?DRUG (?:\w+ )?(?:consigo|cerca|a mano|con usted)"
         r"|DRUG (?:nasal|en aerosol)|DRUG \((?:narcan)"),
        (r"bloque\w+ (?:\w+ ){0,5}(?:semanas?|mes(?:es)?)|cada (?:4|cuatro) semanas|una vez al mes"
         r"|mensual(?:mente)?|ganas (?:\w+ ){0,2}de consumir|es una (?:tableta|pastilla|inyección)",
         r"(?:tom(?:e|a|ar|ó|ando)|us(?:e|a|ar)) (?:la )?DRUG (?:todos|cada|una vez|diari)\w*"
         r"|(?:tom(?:e|a|ar|ó|ando)) (?:la |su )?DRUG|(?:dej|suspend|empe|comen)\w+ (?:la )?DRUG"
         r"|(?:tabletas?|pastillas?|inyecci\w+|próxima|próxima dosis|próxima inyección) (?:de )?DRUG"
         r"|DRUG (?:en tabletas?|inyectable)|DRUG \((?:vivitrol|revia)"),
    ),
}  # fmt: skip
_BREAK = {
    "en": r"[;:]|,(?!\s*(?:an?|which|or|also|given)\b)|\b(?:if|because|so|but|while|when|where|even"
    r"|after|before)\b|\band (?:ask|buy|call|carry|get|give|have|keep|show|take|tell|use|you)",
    "es": r"[;:]|,(?!\s*(?:una?|que|o)\b)|\b(?:si|porque|pero|cuando|donde|mientras|después|antes)\b"
    r"|\by (?:compre|dé|dele|llame|lleve|pida|tenga|tome|use)",
}
_CARRIES_ON = {
    "en": r"\W*(?:it|this|these|they)\b",
    "es": r"\W*(?:est[ea]|es|no|se|sirve|puede|trata|revierte|bloquea|viene)\b",
}
_GIVER = r"\b(?:we|nurse|worker|doctor|clinic|team|enfermera|médico)(?: (?:can|may|will|must|le))* $"
_MENTION = re.compile(r"\b(?:(naltrexon[ea]|vivitrol|revia)|naloxon[ea]|narcan)\b", re.IGNORECASE)
_CONTRAST = re.compile(r"\b(?:not|unlike|than|instead of|no es|ni)[\s*]+(?:la\s+)?$", re.IGNORECASE)
_TOKEN = re.compile(r"[^\W\d_]+(?:[-\u00ad\u2011][^\W\d_]+)*")
_Mention = tuple[int, int, int]  # start, end, which of the two drugs


def swap_faults(text: str, language: str) -> tuple[Fault, ...]:
    """Sentences that say of one drug what is true of the other, and names that are misspelt (7)."""
    language = _primary(language)
    if language not in _DRUGS:
        return ()
    return _told(text, [*_misspelt(text, _DRUGS[language]), *_swapped(text, language)])


def _misspelt(text: str, drugs: Sequence[str]) -> Iterator[_Raw]:
    for match in _TOKEN.finditer(text):
        word = match.group().casefold()
        near = min(drugs, key=lambda drug: _distance(word, drug))
        if word not in drugs and _distance(word, near) <= 2:
            yield *match.span(), "spelling", f"is `{near}` meant?"


def _distance(left: str, right: str) -> int:
    """Edits from one word to the other (Levenshtein 1966); not worked out if lengths tell."""
    if abs(len(left) - len(right)) > 2:
        return 3
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        last, row[0] = row[0], i
        for j, b in enumerate(right, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (a != b))
    return row[-1]


def _swapped(text: str, language: str) -> Iterator[_Raw]:
    subjects: list[_Mention] = []
    for start, end in spans(text):
        sentence = text[start:end]
        carries_on = re.match(_CARRIES_ON[language], sentence, re.IGNORECASE)
        subjects = _mentions(sentence) or (subjects if carries_on else [])
        for which, claims in enumerate(_CLAIMS[language]):
            for match in _claimed(sentence, subjects, which, claims, language):
                yield start + match.start(), start + match.end(), "swap", _HINTS[which]
        subjects = [(0, 0, which) for _, _, which in subjects[:1]]


def _mentions(sentence: str) -> list[_Mention]:
    found = _MENTION.finditer(sentence)
    return [
        (*match.span(), int(not match[1]))
        for match in found
        if not _CONTRAST.search(sentence[: match.start()])  # "Naloxone is not naltrexone."
    ]


def _claimed(
    sentence: str, subjects: Sequence[_Mention], which: int, claims: Sequence[str], language: str
) -> Iterator[re.Match[str]]:
    claim, direct = claims
    for match in _whole(claim).finditer(sentence):
        if which in _subjects(sentence, subjects, match, language):
            if not _is_denied(sentence[: match.start()], language):
                yield match
    for match in _whole(direct.replace("DRUG", _DRUGS[language][which])).finditer(sentence):
        before = sentence[: match.start()]
        if not _is_denied(before, language) and not re.search(_loose(_GIVER), before, re.I):
            yield match


def _subjects(
    sentence: str, mentions: Sequence[_Mention], claim: re.Match[str], language: str
) -> set[int]:
    """Of which drugs a claim is made: the last named before it, or else the first after it."""
    before = [mention for mention in mentions if mention[1] <= claim.start()]
    if before:
        between = sentence[before[-1][1] : claim.start()]
        joined = re.fullmatch(r"\W+(?:and|or|y|o)\W+", sentence[before[-2][1] : before[-1][0]]) \
            if len(before) > 1 else None
        named = before[-2:] if joined else before[-1:]
    else:
        named = [mention for mention in mentions if mention[0] >= claim.end()][:1]
        between = sentence[claim.end() : named[0][0]].replace(",", " ") if named else ""
    return set() if re.search(_BREAK[language], between, re.I) else {which for *_, which in named}
