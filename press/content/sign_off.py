"""Whether words may be printed as staff wish: signed off, as a draft, by the label of today."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from press.content.approval import State, Status
from press.content.clinic import Clinic
from press.content.handout import Handout
from press.errors import Place, Problem, Severity


class Wish(Enum):
    """What staff want: the page as it may be, nothing but a final one, or a draft."""

    AS_IT_MAY_BE = "as it may be"
    FINAL = "final"
    DRAFT = "draft"


def missing_phones(clinic: Clinic) -> tuple[str, ...]:
    """The clinic's telephone numbers that are not filled in: a page without one may not be final (O16)."""
    return tuple(name for name in ("phone", "after_hours_phone") if not getattr(clinic, name))


_HELP = {
    State.DRAFT: "ask the clinician who answers for these words to read them, then run `approve`",
    State.CHANGED: "run `diff` to see what changed, and ask for a new approval",
    State.STALE: "the English changed: bring this translation up to date first",
    State.UNREVIEWED: "name the translator and a qualified reviewer under `review`, then run `approve`",
    State.EXPIRED: "ask for a new approval; --as-draft prints it as a draft",
}


def sign_off_problems(handout: Handout, state: Status, clinic: Clinic, form: str, wish: Wish) -> Iterator[Problem]:
    """Why these words must not be printed today in the way that staff want."""
    where = Place(handout.words_file)
    draft = wish is Wish.DRAFT
    if state.state is State.EXPIRED and not draft:
        yield Problem(where, "the approval has run out", _asked(state) or _HELP[State.EXPIRED])
    elif wish is Wish.FINAL and not state.is_final:
        yield Problem(where, f"these words are not signed off: {state.state.value}", _HELP[state.state])
    if state.is_final and not draft:
        yield from _phone_problems(clinic, wish)
    if state.state is State.EXPIRING:
        yield Problem(where, "the approval runs out soon", _asked(state), severity=Severity.WARNING)
    if form in handout.bones.labels and handout.bones.label_basis[form] < clinic.products[form].label:
        mild = draft or handout.bones.old_label == "warn"
        yield Problem(
            handout.bones.place_of("label_basis"),
            f"the words follow an older {form} label than the one in config.yaml",
            "compare the words with the new label, then change `label_basis`",
            severity=Severity.WARNING if mild else Severity.ERROR,
        )


def _phone_problems(clinic: Clinic, wish: Wish) -> Iterator[Problem]:
    """A signed page whose reader could not call anybody is printed as a draft, and never as final."""
    for name in missing_phones(clinic):
        message = f"`{name}` is empty: pages are drafts, with a line to write on, until it is filled in"
        severity = Severity.ERROR if wish is Wish.FINAL else Severity.WARNING
        hint = "if nobody answers after hours, write the number that your recording gives" if "after" in name else ""
        yield Problem(clinic.place_of(name), message, hint, severity)


def _asked(state: Status) -> str:
    approval = state.approval
    return f"ask {approval.by}, {approval.role}, to look at them again" if approval else ""
