"""The words of the handouts: all of them with who signed them, and each text in a form beside the page."""

from __future__ import annotations

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from press.content.fields import FORMS, REASONS
from press.content.localize import language_in_words
from press.desk.desk import get_desk
from press.desk.forms import Form, filled_form, read_form
from press.desk.words_work import PagePictures, draw_page, read_shelf
from press.errors import HandoutError, Problem
from press.records import dataclass, replace
from press.runs.edit_file import CHANGED
from press.runs.edit_words import (
    DetailsEdit,
    EditableText,
    EditableWords,
    EditedText,
    TextEdit,
    count_up,
    next_version,
    read_texts,
    save_details,
    save_text,
)
from press.runs.text_level import TextReading, read_level

screen = Blueprint("handout_words", __name__)
TEXT_KEYS = ("name", "words", "shown")
DETAIL_KEYS = ("follows", "translator", "reviewer", "reviewed_on", "shown")
_MOST_PAGES = 8  # pages whose pictures are kept


@dataclass(frozen=True)
class TextState:
    """One text as the page shows it: its form, how hard it is to read, and what became of an edit."""

    text: EditableText
    form: Form
    level: TextReading | None = None
    done: EditedText | None = None

    @property
    def is_open(self) -> bool:
        """Whether its form is shown at once."""
        return bool(self.form.found or self.done)


@dataclass(frozen=True)
class Done:
    """What was saved, for the page that is shown after it."""

    name: str
    result: EditedText | None = None


def check_names(topic: str, language: str) -> None:
    """Refuse what the library does not list, before any of it becomes part of a path. Raises NotFound."""
    library = get_desk().site.library
    if topic not in library.topics or language not in library.languages(topic):
        abort(404)


@screen.get("/words")
def show() -> str:
    """Show all handouts, with who signed them and what is open."""
    desk, library = get_desk(), get_desk().site.library
    names = [(topic, language) for topic in library.topics for language in library.languages(topic)]
    # One by one, so that a page of somebody else can be made between: after a new release each of them takes a second.
    shelf = [desk.maker.ask(read_shelf, *name, desk.now().date()) for name in names]
    return render_template("handout_words.html", shelf=shelf, name_of=language_in_words)


@screen.get("/words/<topic>/<language>")
def page(topic: str, language: str) -> str:
    """Show every text of a handout beside its page."""
    check_names(topic, language)
    done = get_desk().memory.get(request.args.get("done", ""), Done)
    return _page(topic, language, done=done)


def _page(
    topic: str, language: str, *, state: TextState | None = None, details: Form | None = None, done: Done | None = None
) -> str:
    found = read_texts(get_desk().site, topic, language)
    states = [_state(text, done) if state is None or state.text.name != text.name else state for text in found.texts]
    return render_template(
        "handout_edit.html",
        found=found,
        title=found.texts[0].words if found.version and found.texts else topic,
        states=states,
        only_for=_only_for,
        is_fragment=False,
        name_of=language_in_words,
        refused=state,
        details=details or _details(found),
        next_version=next_version(found.version) if found.version else "",
        done=done,
        **_pages(topic, language),
    )


def _only_for(text: EditableText) -> str:
    """Say for whom a text prints, of those whom its page is for; nothing if for everybody."""
    w, found = get_desk().words(), list[str]()
    for condition in text.conditions:
        key, _, names = condition.partition(": ")
        if key == "form":
            found.append(", ".join(w("handout_words.form_" + name) for name in names.split(", ")))
        elif key == "reason":
            found.append(", ".join(w("handout_words.reason_" + name) for name in names.split(", ")))
        elif key == "mode":
            found.append(", ".join(w("handout_words.mode_" + name) for name in names.split(", ")))
        else:
            word, _, name = condition.partition(" ")
            found.append(
                w("handout_words.needs", name=name) if word == "needs" else w("handout_words.lacks", name=name)
            )
    return "; ".join(found)


def _state(text: EditableText, done: Done | None) -> TextState:
    form = filled_form(TEXT_KEYS, name=text.name, words=text.words, shown=text.words)
    return TextState(text, form, done=done.result if done and done.name == text.name else None)


def _details(found: EditableWords) -> Form:
    typed = (found.follows, *found.review)
    return filled_form(DETAIL_KEYS, **dict(zip(DETAIL_KEYS, (*typed, "\n".join(typed)), strict=True)))


# The page beside the words


def _pages(topic: str, language: str) -> dict[str, object]:
    """Draw the page for the reader that was chosen, by default the clinic's usual one."""
    desk = get_desk()
    usual = desk.site.clinic.defaults
    form, reason = request.args.get("form", usual.form), request.args.get("reason", usual.reason)
    if form not in FORMS or reason not in REASONS:
        abort(404)
    pictures = desk.maker.ask(draw_page, topic, language, form, reason, desk.now().date())
    name = desk.memory.keep(pictures, "words-page", _MOST_PAGES)
    reader = {"form": form, "reason": reason, "forms": FORMS, "reasons": REASONS}
    return {"pictures": pictures, "pictures_id": name, "reader": reader, "topic": topic, "words_language": language}


@screen.get("/words/<topic>/<language>/pages")
def pages(topic: str, language: str) -> str:
    """Show the page alone, as it is now; asked for again after each change."""
    check_names(topic, language)
    return render_template("handout_pages.html", **_pages(topic, language))


@screen.get("/words/side/<name>/<int:number>.png")
def side(name: str, number: int) -> Response:
    """Give the picture of one side."""
    found = get_desk().memory.get(name, PagePictures)
    if found is None or not 1 <= number <= len(found.sides):
        abort(404)
    answer = make_response(found.sides[number - 1])
    answer.mimetype = "image/png"
    return answer


# Editing


@screen.post("/words/<topic>/<language>/level")
def level(topic: str, language: str) -> str:
    """Judge a text while it is typed."""
    check_names(topic, language)
    return render_template("text_level.html", level=_level(topic, language, read_form(TEXT_KEYS)))


def _level(topic: str, language: str, form: Form) -> TextReading:
    return read_level(get_desk().site, topic, language, form.value("words")[:_MOST_JUDGED])


_MOST_JUDGED = 4_000  # characters; a text that is longer is refused anyway


@screen.post("/words/<topic>/<language>/text")
def save(topic: str, language: str) -> Response:
    """Save one text, or show why not beside it, with what was typed."""
    check_names(topic, language)
    desk, form = get_desk(), read_form(TEXT_KEYS)
    name = form.value("name")
    edit = TextEdit(topic, language, name, form.value("words"), form.value("shown"))
    try:
        result = desk.maker.ask_apart(save_text, edit, desk.now().date())
    except HandoutError as error:
        return _refused(topic, language, form, error.problems)
    if "HX-Request" in request.headers:
        found = _text(topic, language, name)
        if found is None:
            abort(404)
        state = _state(found, Done(name, result))
        answer = make_response(_fragment(topic, language, state))
        answer.headers["HX-Trigger"] = "saved"
        return answer
    done = desk.memory.keep(Done(name, result))
    return redirect(url_for(".page", topic=topic, language=language, done=done) + f"#text-{name}", 303)


def _text(topic: str, language: str, name: str) -> EditableText | None:
    texts = read_texts(get_desk().site, topic, language).texts
    return next((text for text in texts if text.name == name), None)


def _refused(topic: str, language: str, form: Form, problems: tuple[Problem, ...]) -> Response:
    """Show the form again with the reasons; of words that somebody else changed, with what it says now."""
    text = _text(topic, language, form.value("name"))
    if text is None:
        raise HandoutError(problems)
    if any(problem.code == CHANGED for problem in problems):
        form = filled_form(TEXT_KEYS, name=text.name, words=form.value("words"), shown=text.words)
    state = TextState(text, form.refused(_at_words(problem) for problem in problems), _level(topic, language, form))
    if "HX-Request" in request.headers:
        return make_response(_fragment(topic, language, state), 422)
    return make_response(_page(topic, language, state=state), 422)


def _at_words(problem: Problem) -> Problem:
    """Place a problem at the field of the words: that is what is mended."""
    return replace(problem, place=replace(problem.place, file="words"))


def _fragment(topic: str, language: str, state: TextState) -> str:
    """Show one text alone, with the focus on what is to be read or mended."""
    about = {"topic": topic, "words_language": language, "only_for": _only_for, "is_fragment": True}
    return render_template("handout_text.html", state=state, **about)


@screen.post("/words/<topic>/<language>/details")
def details(topic: str, language: str) -> Response:
    """Save who translated and reviewed the words, and the English that they follow."""
    check_names(topic, language)
    desk, form = get_desk(), read_form(DETAIL_KEYS)
    follows, translator, reviewer, day = (form.value(key) for key in DETAIL_KEYS[:4])
    shown = (*form.value("shown").replace("\r", "").split("\n"), "", "", "", "")[:4]
    edit = DetailsEdit(topic, language, (follows, translator, reviewer, day), (shown[0], shown[1], shown[2], shown[3]))
    try:
        desk.maker.ask(save_details, edit)
    except HandoutError as error:
        return make_response(_page(topic, language, details=form.refused(map(_at_detail, error.problems))), 422)
    done = desk.memory.keep(Done(""))
    return redirect(url_for(".page", topic=topic, language=language, done=done), 303)


def _at_detail(problem: Problem) -> Problem:
    """Place a problem at the field whose key it names."""
    named = next((key for key in DETAIL_KEYS if problem.message.startswith(f"`{key}`")), "")
    return replace(problem, place=replace(problem.place, file=named))


@screen.post("/words/<topic>/<language>/version")
def version(topic: str, language: str) -> Response:
    """Count up the version of a handout; the other languages are drafts until they follow."""
    check_names(topic, language)
    desk = get_desk()
    desk.maker.ask(count_up, topic, read_form(("shown",)).value("shown"))
    done = desk.memory.keep(Done(""))
    return redirect(url_for(".page", topic=topic, language=language, done=done), 303)
