"""Choose the blocks that are for this reader, and put values where placeholders stand.

Pure: the same handout, options, clinic and day always give the same tailored handout.
Every clinical condition is decided here, none in a template.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from press.document import Content, Inline, Placeholder, Strong, Value, WriteIn, plain
from press.errors import Problems, Severity
from press.approval import UNSIGNED, Status
from press.model import Block, Clinic, Handout, Options, TableRow, TextRef, When
from press.treatment import Mode, Schedule, faults, schedule
from press.words import date_in_words, dates_in_words, month_in_words, time_in_words

_NO_BREAK = "\N{NO-BREAK SPACE}"
PHONES = frozenset({"clinic_phone", "after_hours_phone"})


@dataclass(frozen=True)
class Tailored:
    """A handout for one reader: chosen blocks, every text filled, facts that are due.

    `filled` holds each text by its id; a placeholder without a value has become a line
    to write on. `warnings` are for staff, never for the page.
    """

    handout: Handout
    options: Options
    mode: str
    blocks: tuple[Block, ...]
    audience: tuple[TextRef, ...]
    filled: Mapping[str, Content]
    phrases: Mapping[str, Content]
    facts: frozenset[str]
    draft: tuple[Content, ...]
    address: tuple[str, ...]
    personal: bool


def with_defaults(options: Options, clinic: Clinic) -> Options:
    """The options with the clinic's own choice wherever staff gave none."""
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
    """What is wrong with a patient's dates, in sentences that hold no date."""
    problems = Problems()
    for fault in faults(options.course(), today, clinic.closed.days()):
        severity = Severity(fault.severity)
        place = options.place_of(fault.field)
        problems.add(place, f"`{fault.field}`: {fault.sentence}", severity=severity, private=True)
    if options.started and options.started > today:
        problems.add(options.place_of("started"), "`started`: the day treatment began lies in the future", private=True)
    if options.started and options.last_dose and options.last_dose < options.started:
        problems.add(options.place_of("started"), "`started`: lies after the last dose; one of the two is wrong", private=True)
    plan = schedule(options.course(), today, clinic.dates.policy(), clinic.closed.days())
    if plan.due and plan.mode is Mode.NORMAL and clinic.closed.days().is_closed(plan.due):
        offer = "the page offers an earlier open day" if plan.offered else "no earlier open day was found"
        problems.add(
            options.place_of("last_dose"),
            f"the clinic is closed on the day that the next dose is due; {offer}",
            "confirm the order and the coverage before you hand the page out",
            severity=Severity.WARNING,
            private=True,
        )
    return problems


def tailor(handout: Handout, options: Options, clinic: Clinic, today: date, status: Status = UNSIGNED) -> Tailored:
    """Choose and fill. `options` are complete (`with_defaults`) and their dates checked."""
    plan = schedule(options.course(), today, clinic.dates.policy(), clinic.closed.days())
    values = _values(handout, options, clinic, plan, today) | _signature(status, handout.language)
    holds = _chooser(options, plan, values)
    fill = _filler(handout, values)
    chosen = _choose(handout.bones.blocks, holds)
    return Tailored(
        handout=handout,
        options=options,
        mode=plan.mode.value,
        blocks=chosen,
        audience=tuple(ref for ref in handout.bones.audience if holds(ref.when, ref.needs, ref.lacks)),
        filled=MappingProxyType({name: fill(text) for name, text in handout.texts.items()}),
        phrases=MappingProxyType({name: fill(text) for name, text in handout.phrases.items()}),
        facts=required_facts(handout, options.form, options.reason, plan.mode.value),
        draft=() if status.is_final else handout.draft_notices,
        address=clinic.address,
        personal=_is_personal(options),
    )


def _is_personal(options: Options) -> bool:
    """Whether anything typed for one patient can be on the page: then it is nobody else's."""
    dates = (options.started, options.last_dose, options.appointment)
    return bool(options.name or options.prescriber or any(dates) or options.stopped or options.naloxone_given)


def required_facts(handout: Handout, form: str, reason: str, mode: str) -> frozenset[str]:
    """The facts that the page must carry for this form, reason and treatment mode."""
    wanted = (r for r in handout.bones.requires if r.when.holds(form, reason, mode))
    return frozenset(fact for require in wanted for fact in require.facts)


# Values


def _values(
    handout: Handout, options: Options, clinic: Clinic, plan: Schedule, today: date
) -> Mapping[str, str]:
    """Each placeholder that has a value, as the words that the reader sees."""
    found = {
        "clinic_name": clinic.name,
        "clinic_phone": clinic.phone,
        "after_hours_phone": clinic.after_hours_phone,
        "injection_brand": clinic.products["injection"].brand,
        "tablet_brand": clinic.products["tablet"].brand,
        "name": options.name,
        "prescriber": options.prescriber,
        "naloxone_given": "yes" if options.naloxone_given else "",
        "today": date_in_words(today, handout.language),
        "checked": date_in_words(handout.helplines.checked, handout.language),
        **_date_values(options, clinic, plan, handout.language),
        **handout.helplines.numbers,
    }
    kept = PHONES | set(handout.helplines.numbers)
    return {k: v.replace(" ", _NO_BREAK) if k in kept else v for k, v in found.items() if v}


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


def _date_values(options: Options, clinic: Clinic, plan: Schedule, language: str) -> Mapping[str, str]:
    """The dates that the clinic chose to print; a stopped or late course has no schedule.

    A due day is never printed without an earlier day of more danger: after a month of 31
    days the page would otherwise name a day on which the block is long gone.
    """
    normal = plan.mode is Mode.NORMAL
    chosen = set(clinic.dates.print)
    if "due" in chosen and plan.due and plan.danger_from and plan.danger_from < plan.due:
        chosen.add("danger")
    days: dict[str, date | None] = {
        "due": plan.due if normal else None,
        "danger": plan.danger_from if normal else None,
        "watch": plan.watch_from,
        "offered": plan.offered,
    }
    names = {"danger": "danger_from", "watch": "watch_from"}
    found = {
        names.get(name, name): date_in_words(day, language)
        for name, day in days.items()
        if day and name in chosen
    }
    typed = {"started": options.started, "last_dose": options.last_dose}
    found |= {name: date_in_words(day, language) for name, day in typed.items() if day}
    if options.appointment and "appointment" in clinic.dates.print:
        found["appointment"] = date_in_words(options.appointment.day, language)
        if options.appointment.time:
            found["appointment"] += ", " + time_in_words(options.appointment.time, language)
    if "planned" in clinic.dates.print and len(plan.planned) > 1:
        found["planned"] = dates_in_words(plan.planned[1:], language)
    if "card" in chosen and "last_dose" in found:
        found["card_last_dose"] = found["last_dose"]
    if found.get("danger_from") == found.get("due"):
        found.pop("danger_from", None)
    return found


# Choosing

_Holds = Callable[[When, tuple[str, ...], tuple[str, ...]], bool]


def _chooser(options: Options, plan: Schedule, values: Mapping[str, str]) -> _Holds:
    def holds(when: When, needs: tuple[str, ...] = (), lacks: tuple[str, ...] = ()) -> bool:
        return (
            when.holds(options.form, options.reason, plan.mode.value)
            and all(name in values for name in needs)
            and not any(name in values for name in lacks)
        )

    return holds


def _choose(blocks: tuple[Block, ...], holds: _Holds) -> tuple[Block, ...]:
    chosen = (_trim(b, holds) for b in blocks if holds(b.when, b.needs, b.lacks))
    return tuple(block for block in chosen if block.texts or block.rows or block.blocks)


def _trim(block: Block, holds: _Holds) -> Block:
    """The block with only the texts, rows and blocks that are for this reader."""
    intro = block.intro
    return replace(
        block,
        intro=intro if intro and holds(intro.when, intro.needs, intro.lacks) else None,
        texts=tuple(ref for ref in block.texts if holds(ref.when, ref.needs, ref.lacks)),
        rows=tuple(_trim_row(row, holds) for row in block.rows if holds(row.when, (), ())),
        blocks=_choose(block.blocks, holds),
    )


def _trim_row(row: TableRow, holds: _Holds) -> TableRow:
    return replace(row, cells=tuple(ref for ref in row.cells if holds(ref.when, ref.needs, ref.lacks)))


# Filling


def _filler(handout: Handout, values: Mapping[str, str]) -> Callable[[Content], Content]:
    def fill(node: Inline) -> Inline:
        match node:
            case Placeholder():
                return _value(node.name, values, handout)
            case Strong():
                return Strong(tuple(fill(child) for child in node.children))
            case Content():
                return replace(node, children=tuple(fill(child) for child in node.children))
        return node

    return fill


def _value(name: str, values: Mapping[str, str], handout: Handout) -> Inline:
    if name in handout.helplines.numbers:
        return Value(f"helplines/{name}", values[name])
    if name in values:
        return Value(name, values[name])
    return WriteIn(plain(handout.phrases["blank-" + name.replace("_", "-")].children))
