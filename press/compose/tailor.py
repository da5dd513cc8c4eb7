"""Choose the blocks that are for this reader, and fill the placeholders of their texts.

Pure: the same handout, options, clinic and day always give the same tailored handout.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cached_property, lru_cache, partial
from itertools import chain
from types import MappingProxyType
from typing import TypeVar

from press.compose.choose import choose, choose_refs, find_given
from press.compose.scan_code import appointment_code
from press.compose.shown_dates import Month, Shown, date_values, months_of, shown_dates
from press.content.approvals import UNSIGNED, Status
from press.content.clinic import Clinic
from press.content.code_pictures import APPOINTMENT_CODE
from press.content.handout import Block, Handout, TextRef, When, all_blocks, block_refs
from press.content.localize import date_in_words, month_in_words
from press.content.picture_places import phrase_of
from press.content.placeholders import blank_of
from press.content.required import BY_SWITCH
from press.document.nodes import (
    Content,
    Inline,
    PictureMark,
    Placeholder,
    Strong,
    Value,
    WriteIn,
    inlines,
    plain,
)
from press.document.slots import OPEN, PERSONAL
from press.errors import Place, Problems, Severity
from press.lru import LRU, ById, OfObjects, once_each
from press.patients.course import Course, course_of
from press.patients.options import Options
from press.records import dataclass, replace

T = TypeVar("T")
_Holder = TypeVar("_Holder", bound=Content | Strong)
_ASKED = frozenset({"name", "clinic_name", "prescriber"})
_MOST = 4096  # texts that are kept filled, and blocks
_HANDOUTS = 256  # whose texts are
_NO_BREAK = "\N{NO-BREAK SPACE}"
PHONES = frozenset({"clinic_phone", "after_hours_phone"})


@dataclass(frozen=True)
class Tailored:
    """A handout for one reader: chosen blocks, every text filled, facts that are due.

    `filled` holds each text by its id; a placeholder without a value has become a line
    to write on, and `valued` names those with one. `months` are those of the page's calendar, `code` is the
    picture of the appointment to scan.
    `warnings` are for staff, never for the page.
    """

    handout: Handout
    options: Options
    mode: str
    blocks: tuple[Block, ...]
    audience: tuple[TextRef, ...]
    filled: Mapping[str, Content]
    phrases: Mapping[str, Content]
    valued: frozenset[str]
    facts: frozenset[str]
    months: tuple[Month, ...]
    draft: tuple[Content, ...]
    address: tuple[str, ...]
    personal: bool
    code: str = ""

    @property
    def is_letterhead_short(self) -> bool:
        """Whether it has the clinic's name and telephone alone.

        A page that must keep to one side has no room for more, nor has a card's sheet in large print: half of it is
        the card.
        """
        is_large = self.options.edition == "large-print"
        return self.handout.has_card if is_large else self.handout.structure.dense

    @property
    def asked(self) -> frozenset[str]:
        """The values of which a template may ask whether there are any."""
        return self.valued & _ASKED

    @property
    def page_key(self) -> tuple[object, ...]:
        """All that the page is composed of: where it is equal, so are the pages."""
        blocks = tuple(map(ById, self.blocks))
        return (
            self.handout, self.options.form, self.options.edition, blocks, self.audience, ById(self.filled),
            ById(self.phrases), self.asked, self.facts, self.months, self.draft, self.address, self.personal, self.code,
        )  # fmt: skip

    def of_blocks(self, cache: LRU[T], make: Callable[[Block, Tailored], T]) -> list[T]:
        """Make something of each block, once for all pages whose block has the same words."""
        return [cache.get(key, partial(make, block, self)) for block, key in zip(self.blocks, self._keys, strict=True)]

    @cached_property
    def _keys(self) -> tuple[tuple[object, ...], ...]:
        """All that the words of each block are made of; texts without placeholders are the handout's own."""
        _, holders = _holders.get(self.handout.texts)
        found = []
        for block in self.blocks:
            texts = tuple([ById(self.filled[name]) for name in _named(block) if name in holders])
            months = self.months if _calendars(block) else ()
            found.append((self.handout, ById(block), texts, months, self.draft, self.code))
        return tuple(found)

    def shown(self, ref: TextRef, block: Block) -> Content:
        """Give a text of a block as the page shows it, behind its picture.

        Beside an item or a step, which says what to do, a picture needs no words of its own.
        """
        text = self.filled[ref.text]
        is_code = ref.picture == APPOINTMENT_CODE
        if not ref.picture or (is_code and not self.code):
            return text
        is_item = block.kind in ("list", "steps") and ref is not block.intro
        words = () if is_item and not is_code else self.phrases[phrase_of(ref.picture)].children
        return replace(text, children=(PictureMark(self.code if is_code else ref.picture, words), *text.children))


def with_defaults(options: Options, clinic: Clinic) -> Options:
    """Fill in the clinic's own choice wherever staff gave none."""
    chosen = clinic.defaults
    return replace(
        options,
        language=options.language or chosen.language,
        edition=options.edition or chosen.edition,
        paper=options.paper or chosen.paper,
        form=options.form or chosen.form,
        reason=options.reason or chosen.reason,
    )


def check_dates(options: Options, clinic: Clinic, today: date) -> Problems:
    """Check a patient's dates; the sentences hold no date."""
    problems = Problems()
    course = course_of(options, clinic, today)
    for fault in course.faults:
        severity = Severity(fault.severity)
        place = options.place_of(fault.field)
        problems.add(place, f"`{fault.field}`: {fault.sentence}", severity=severity, private=True, code=fault.code)
    if options.started and options.started > today:
        problems.add(options.place_of("started"), "`started`: the day treatment began lies in the future", private=True)
    if options.started and options.last_dose and options.last_dose < options.started:
        problems.add(
            options.place_of("started"), "`started`: lies after the last dose; one of the two is wrong", private=True
        )
    if course.is_ahead_on_closed_day:
        offer = "the page offers an earlier open day" if course.schedule.offered else "no earlier open day was found"
        problems.add(
            options.place_of("last_dose"),
            f"the clinic is closed on the day that the next dose is due; {offer}",
            "confirm the order and the coverage before you hand the page out",
            severity=Severity.WARNING,
            private=True,
        )
    return problems


@dataclass(frozen=True)
class PatientValues:
    """What the page of one person is to say: `values` are the words of each placeholder that has one."""

    options: Options
    mode: str
    shown: Shown
    values: Mapping[str, str]
    is_personal: bool
    code: str = ""

    def profile(self, handout: Handout) -> tuple[object, ...]:
        """Everything that decides the page but the texts of its slots: the cache key of a master."""
        options = self.options
        values = tuple((name, OPEN if name in PERSONAL else text) for name, text in self.values.items())
        return (
            options.form, options.reason, options.edition, self.mode, self.is_personal, bool(options.places),
            tuple(self.shown.days), self._calendar if handout.has_calendar else None, self.code, values,
        )  # fmt: skip

    @property
    def _calendar(self) -> tuple[object, ...]:
        return tuple(self.shown.days.items()), self.shown.months, self.shown.shut, self.options.appointment

    def opened(self, handout: Handout) -> PatientValues:
        """Open the slots: what everybody with this profile has, with nothing of one person but a calendar's days."""
        options = self.options
        anybody = Options(
            language=options.language, edition=options.edition, paper=options.paper,
            form=options.form, reason=options.reason,
            appointment=options.appointment if handout.has_calendar else None,
            places=MappingProxyType({name: Place("options") for name in [*options.places][:1]}),
        )  # fmt: skip
        values = {name: OPEN if name in PERSONAL else text for name, text in self.values.items()}
        return replace(self, options=anybody, values=MappingProxyType(values))


def resolve_values(
    handout: Handout, options: Options, clinic: Clinic, today: date, status: Status = UNSIGNED
) -> PatientValues:
    """Resolve the values of one person. `options` are complete (`with_defaults`) and their dates checked."""
    course = course_of(options, clinic, today)
    shown, dates = _dates(course, ById(clinic), handout.language)
    values = {**_values(handout, options, clinic, dates, today), **_signature(status, handout.language)}
    code = appointment_code(handout, options, clinic)
    return PatientValues(options, course.mode.value, shown, values, _is_personal(options), code)


@lru_cache(maxsize=4096)
def _dates(course: Course, clinic: ById[Clinic], language: str) -> tuple[Shown, Mapping[str, str]]:
    """Choose the days that are shown, and their words: the same for everybody with the same dates."""
    shown = shown_dates(course, clinic.it)
    return shown, date_values(course.typed, shown, language)


def tailor(handout: Handout, options: Options, clinic: Clinic, today: date, status: Status = UNSIGNED) -> Tailored:
    """Choose and fill. `options` are complete (`with_defaults`) and their dates checked."""
    return tailor_to(handout, resolve_values(handout, options, clinic, today, status), clinic, status)


def tailor_to(handout: Handout, wanted: PatientValues, clinic: Clinic, status: Status = UNSIGNED) -> Tailored:
    """Choose the blocks and fill the texts for one person's values."""
    options, shown, values = wanted.options, wanted.shown, wanted.values
    reader = When(form=(options.form,), reason=(options.reason,), mode=(wanted.mode,))
    given = find_given(reader, values, shown)
    chosen = choose(handout.structure.blocks, given)
    filled = _fill(handout.texts, handout, values)
    return Tailored(
        handout=handout,
        options=options,
        mode=wanted.mode,
        blocks=chosen,
        audience=choose_refs(handout.structure.audience, given),
        filled=filled,
        phrases=_fill(handout.phrases, handout, values),
        valued=frozenset(values),
        facts=_required_here(handout, options, wanted.mode, values),
        months=_months(chosen, filled, shown, options, handout.language),
        draft=() if status.is_final else handout.draft_notices,
        address=clinic.address,
        personal=wanted.is_personal,
        code=wanted.code,
    )


def _is_personal(options: Options) -> bool:
    """Whether anything typed for one patient can be on the page: then it is nobody else's."""
    typed = (options.started, options.last_dose, options.appointment, options.stopped, options.late_confirmed)
    return bool(options.name or options.prescriber or options.naloxone_given or any(typed))


def _required_here(handout: Handout, options: Options, mode: str, values: Mapping[str, str]) -> frozenset[str]:
    """The facts for this reader, less those that a switch of the clinic takes back."""
    found = required_facts(handout, options.form, options.reason, mode)
    return frozenset(fact for fact in found if BY_SWITCH.get(fact) not in values)


def required_facts(handout: Handout, form: str, reason: str, mode: str) -> frozenset[str]:
    """List the facts that the page must carry for this form, reason and treatment mode."""
    wanted = (r for r in handout.structure.requires if r.when.holds(form, reason, mode))
    return frozenset(fact for require in wanted for fact in require.facts)


# Values


def _values(
    handout: Handout, options: Options, clinic: Clinic, dates: Mapping[str, str], today: date
) -> Mapping[str, str]:
    """Each placeholder that has a value, as the words that the reader sees."""
    own = {
        "name": options.name,
        "prescriber": options.prescriber,
        "naloxone_given": "yes" if options.naloxone_given else "",
        **dates,
    }
    if "card" in clinic.dates.print:
        own["card_last_dose"] = own.get("last_dose", "")
    return {**_settled(handout, ById(clinic), today), **{name: text for name, text in own.items() if text}}


@lru_cache(maxsize=64)
def _settled(handout: Handout, clinic: ById[Clinic], today: date) -> Mapping[str, str]:
    """The values that are the same for everybody today; a telephone number keeps to one line."""
    found = {
        "clinic_name": clinic.it.name,
        "clinic_phone": clinic.it.phone,
        "after_hours_phone": clinic.it.after_hours_phone,
        "injection_brand": clinic.it.products["injection"].brand,
        "tablet_brand": clinic.it.products["tablet"].brand,
        "today": date_in_words(today, handout.language),
        "checked": date_in_words(handout.helplines.checked, handout.language),
        "tablets_while_drinking": "yes" if clinic.it.tablets_while_drinking == "may" else "",
        **handout.helplines.numbers,
    }
    kept = PHONES | set(handout.helplines.numbers)
    return MappingProxyType({k: v.replace(" ", _NO_BREAK) if k in kept else v for k, v in found.items() if v})


def _signature(status: Status, language: str) -> Mapping[str, str]:
    """Who signed the words off, and the months of the last and of the next look at them."""
    if not status.is_final or status.approval is None:
        return {}
    approval = status.approval
    return {
        "approved_by": approval.by,
        "approved_role": approval.role,
        "approved_on": month_in_words(approval.on, language),
        "approved_until": month_in_words(approval.until, language),
    }


def _months(
    chosen: tuple[Block, ...], filled: Mapping[str, Content], shown: Shown, options: Options, language: str
) -> tuple[Month, ...]:
    """The months of a page with a calendar; a day is marked by the first text of its kind's line."""
    calendars = [calendar for block in chosen for calendar in _calendars(block)]
    labels = {row.date: filled[row.cells[0].text] for block in calendars for row in block.rows}
    return months_of(shown, labels, options.appointment, language) if calendars else ()


@once_each
def _calendars(block: Block) -> Iterator[Block]:
    yield from (inner for inner in all_blocks((block,)) if inner.kind == "calendar")


# Filling


def _fill(texts: Mapping[str, Content], handout: Handout, values: Mapping[str, str]) -> Mapping[str, Content]:
    """Fill the texts that have placeholders; where the values that they name are the same, all are the same objects."""
    names, holders = _holders.get(texts)
    given = tuple([values.get(name) for name in names])

    def fill_all() -> Mapping[str, Content]:
        filled = dict(texts)
        for name, own in holders.items():
            key = handout, ById(texts[name]), tuple([values.get(each) for each in own])
            filled[name] = _filled.get(key, partial(_fill_children, texts[name], values, handout))
        return MappingProxyType(filled)

    return _filled_all.get((handout, ById(texts), given), fill_all)


def _fill_children(node: _Holder, values: Mapping[str, str], handout: Handout) -> _Holder:
    def fill(node: Inline) -> Inline:
        match node:
            case Placeholder():
                return _value(node.name, values, handout)
            case Strong() | Content():
                return _fill_children(node, values, handout)
            case _:
                return node

    return replace(node, children=tuple(map(fill, node.children)))


@once_each
def _named(block: Block) -> Iterator[str]:
    """List the texts of a block and all in it."""
    yield from (ref.text for inner in all_blocks((block,)) for ref in block_refs(inner))


def _find_holders(texts: Mapping[str, Content]) -> tuple[tuple[str, ...], Mapping[str, tuple[str, ...]]]:
    """List the placeholders in texts, and the texts that have any with their own."""
    found = {
        name: tuple(node.name for node in inlines(text.children) if isinstance(node, Placeholder))
        for name, text in texts.items()
    }
    return tuple({*chain(*found.values())}), {name: names for name, names in found.items() if names}


_holders = OfObjects(_HANDOUTS, _find_holders)
_filled: LRU[Content] = LRU(_MOST)  # each text with the values that it names
_filled_all: LRU[Mapping[str, Content]] = LRU(_HANDOUTS)


def _value(name: str, values: Mapping[str, str], handout: Handout) -> Inline:
    if name in handout.helplines.numbers:
        return Value(f"helplines/{name}", values[name])
    if name in values:
        return Value(name, values[name])
    return WriteIn(plain(handout.phrases[blank_of(name)].children))
