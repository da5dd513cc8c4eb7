"""The HTML twin: the words of the tree, whole and once, in a page that anyone can read."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from press.content.approvals import State, Status
from press.document.nodes import (
    Block,
    Break,
    Cell,
    Content,
    Document,
    Heading,
    Inline,
    PageCount,
    PageNumber,
    Paragraph,
    Placeholder,
    Row,
    Section,
    Strong,
    Table,
    Text,
    Value,
    WriteIn,
)
from press.patients.options import Options
from press.runs.handout import Made, complete, make, print_one
from press.runs.variants import in_mode
from press.writers.html import write_html
from press.writers.phone import dial_digits
from press.writers.unpaged import drop_page_numbers
from tests.helpers import TODAY, WARNING, Case, bare_document, press
from tests.rigs import web_rig
from tests.rigs.browser import Browser
from tests.support import Shop, told
from tests.writers.twins import Page, meant, sheet_of

NARROW = 320  # CSS pixels, WCAG 2.2, 1.4.10
SPACED = "*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}p{margin-bottom:2em!important}"


def page_of(*body: Block, **more: object) -> Page:
    return Page(write_html(bare_document(*body, **more), press().sheet("standard", "letter")).data)


def made_page(topic: str, options: Options) -> Made:
    full, _ = complete(press(), options, TODAY)
    return make(press(), topic, full, TODAY, sign=Status(State.DRAFT))


def line(*children: Inline) -> Paragraph:
    return Paragraph(children)


@pytest.fixture(scope="session")
def web_pages(sheaf: dict[str, Case], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The HTML twin of everything, as files."""
    folder = tmp_path_factory.mktemp("web")
    paths = {name: folder / (name.replace("/", "-").replace(" ", "-") + ".html") for name in sheaf}
    for name, path in paths.items():
        path.write_bytes(write_html(sheaf[name].document, sheet_of(sheaf[name])).data)
    return paths


# Every handout


def test_the_words_are_those_of_the_tree_in_their_order(sheaf: dict[str, Case], web_pages: dict[str, Path]) -> None:
    assert len(web_pages) > 50
    for name, path in web_pages.items():
        page = Page(path.read_bytes())

        assert page.leaves == ["Overdose? Call 911", *meant(sheaf[name].document)], name
        assert page.dialled[0] == ("tel:911", "Overdose? Call 911"), name


def test_the_file_stands_by_itself(web_pages: dict[str, Path]) -> None:
    """No script, nothing to load, no style or link beside the one style and telephone numbers."""
    for name, path in web_pages.items():
        page = Page(path.read_bytes())
        addresses = [
            v
            for _, found in page.elements
            for k, v in found.items()
            if k in ("src", "href", "srcset", "data", "action")
        ]

        assert {tag for tag, _ in page.elements} & {"script", "link", "img", "iframe", "object", "base"} == set(), name
        assert all(re.fullmatch(r"tel:\+?[0-9]{3,15}", str(address)) for address in addresses), name
        assert not any(key == "style" or key.startswith("on") for _, found in page.elements for key in found), name
        assert not re.search(r"@import|url\(", path.read_text("utf-8")), name


@pytest.mark.parametrize(
    "part", [pytest.param("-both|final$", id="of each kind"), pytest.param("", id="all", marks=pytest.mark.sweep)]
)
def test_the_validator_has_nothing_against_any_page(part: str, web: None, web_pages: dict[str, Path]) -> None:
    chosen = [path for name, path in web_pages.items() if re.search(part, name)]
    found = web_rig.validate(chosen)

    assert len(found) == len(chosen) > 40
    assert {path.name: faults for path, faults in found.items() if faults} == {}


@pytest.mark.sweep
def test_axe_has_nothing_against_any_page_on_a_telephone(chromium: Browser, web_pages: dict[str, Path]) -> None:
    """Judged at 320 pixels wide, where also nothing may stick out; and nothing was loaded."""
    faults: dict[str, object] = {}
    chromium.screen(NARROW)
    for name, path in web_pages.items():
        chromium.open(path)
        wide = chromium.run("document.documentElement.scrollWidth")
        loaded = chromium.run("performance.getEntriesByType('resource').length")
        if found := (
            *web_rig.inspect(chromium),
            *([f"{wide} pixels wide"] * (wide > NARROW)),
            *(["loads something"] * loaded),
        ):
            faults[name] = found

    assert faults == {}


HOTLINE = 'hotline: "Overdose? Call {emergency}"'
SCREEN = (390, 844)  # CSS pixels, of a telephone


def test_the_emergency_box_is_whole_on_the_first_two_screens_of_a_telephone(
    chromium: Browser, web_pages: dict[str, Path]
) -> None:
    """In the standard edition, for every reader; in Spanish, whose words are longer, for those whose pages are longest."""
    folder = next(iter(web_pages.values())).parent
    longest = [
        path
        for name, path in web_pages.items()
        if name.startswith((WARNING, "side-effects", "patients/")) and "large" not in name
    ]
    for topic, mode in product((WARNING, "side-effects"), ("none", "normal", "overdue")):
        options = in_mode(Options(language="es", reason="alcohol", form="injection"), mode, TODAY)
        longest.append(folder / f"{topic}-es-{mode}.html")
        longest[-1].write_bytes(print_one(press(), made_page(topic, options), "html").data)
    chromium.screen(*SCREEN)
    assert len(longest) > 30
    for path in longest:
        chromium.open(path)
        bottom = chromium.run("scrollY + document.querySelector('.emergency').getBoundingClientRect().bottom")
        first = chromium.run("document.querySelector('a').getBoundingClientRect().bottom")

        assert first < 100 and bottom <= 2 * SCREEN[1], path.name


@pytest.mark.parametrize("width", [NARROW, SCREEN[0], 1280])
def test_a_telephone_number_never_breaks(width: int, chromium: Browser, web_pages: dict[str, Path]) -> None:
    chromium.screen(width)
    numbers = 0
    for name in (*EACH, f"{WARNING}-injection-opioid"):
        for edition in ("", " large"):
            chromium.open(web_pages[name + edition])
            lines = chromium.run(
                "[...document.querySelectorAll('a bdi')].map(e => [e.textContent, e.getClientRects().length])"
            )
            numbers += len(lines)

            assert [words for words, count in lines if count != 1] == [], name
            assert chromium.run("document.documentElement.scrollWidth") <= width, name
    assert numbers > 60


EACH = ("benefits-injection-both", "side-effects-injection-opioid", "patients/injection-normal")


@pytest.mark.parametrize("name", EACH)
def test_axe_has_nothing_against_a_wide_page_black_on_white_or_white_on_black(
    name: str, chromium: Browser, web_pages: dict[str, Path]
) -> None:
    chromium.screen(1280)
    for scheme, black in (("light", "rgb(255, 255, 255)"), ("dark", "rgb(18, 18, 18)")):
        chromium.media(prefers_color_scheme=scheme)
        chromium.open(web_pages[name])

        assert chromium.run("getComputedStyle(document.documentElement).backgroundColor") == black
        assert web_rig.inspect(chromium) == ()
    chromium.media()


@pytest.mark.parametrize("name", [*EACH, *(f"{name} large" for name in EACH)])
def test_wider_spacing_of_letters_and_lines_clips_nothing(
    name: str, chromium: Browser, web_pages: dict[str, Path]
) -> None:
    """WCAG 2.2, 1.4.12, on a telephone."""
    chromium.screen(NARROW)
    chromium.open(web_pages[name])
    before = chromium.run("document.documentElement.scrollHeight")
    chromium.run(f"void document.head.insertAdjacentHTML('beforeend', '<style>{SPACED}</style>')")
    clipped = """[...document.body.querySelectorAll('*')].filter(e => getComputedStyle(e).overflow != 'visible'
      && e.tagName != 'svg' && (e.scrollHeight > e.clientHeight || e.scrollWidth > e.clientWidth)).length"""

    assert chromium.run("document.documentElement.scrollHeight") > before
    assert chromium.run("document.documentElement.scrollWidth") <= NARROW
    assert chromium.run(clipped) == 0


@pytest.mark.parametrize("paper", ["", " a4"])
@pytest.mark.parametrize("name", EACH[:2])
def test_a_printed_web_page_is_on_its_paper_with_whole_boxes(
    name: str, paper: str, chromium: Browser, web_pages: dict[str, Path], sheaf: dict[str, Case]
) -> None:
    chromium.open(web_pages[name + paper])
    printed = pypdfium2.PdfDocument(chromium.printed())
    words = [printed[number].get_textpage().get_text_bounded() for number in range(len(printed))]
    size = tuple(round(length) for length in printed[0].get_size())
    printed.close()

    assert size == ((595, 842) if paper else (612, 792))
    assert 2 <= len(words) <= 4
    assert all(f"{number} / {len(words)}" in text for number, text in enumerate(words, 1))
    assert all(" ".join(text.split()).count("DRAFT. Not signed off. Do not give to patients.") == 1 for text in words)
    for block in sheaf[name + paper].document.body:
        if isinstance(block, Section) and block.role in ("warning", "notice", "emergency", "call"):
            runs = meant(bare_document(block, banner=(), letterhead=()))[1:-1]
            assert any(all("".join(run.split()) in "".join(text.split()) for run in runs) for text in words)


# The frame


def test_the_head_says_the_language_and_keeps_the_page_to_itself() -> None:
    page = page_of()
    policy = page.having("meta", **{"http-equiv": "Content-Security-Policy"})

    assert page.having("html", lang="en", dir="ltr")
    assert page.having("meta", charset="utf-8") and page.having("meta", name="viewport")
    assert page.having("meta", name="robots", content="noindex")
    assert policy[0]["content"] == "default-src 'none'; style-src 'unsafe-inline'"
    assert [tag for tag, _ in page.elements if tag in ("header", "main", "footer", "title")] == [
        "title",
        "header",
        "main",
        "footer",
    ]


@pytest.mark.parametrize(
    ("language", "way"),
    [("en", "ltr"), ("es", "ltr"), ("ru", "ltr"), ("zh-Hans", "ltr"), ("vi", "ltr"), ("ar", "rtl"), ("he", "rtl"), ("fa", "rtl"),
     ("ur", "rtl"), ("ps", "rtl"), ("pa-Arab", "rtl"), ("pa", "ltr")],
)  # fmt: skip
def test_a_page_runs_the_way_of_its_language(language: str, way: str) -> None:
    document = Document(title="-", language=language, letterhead=(), body=(Heading(1, (Text("-"),)),), footer=())
    page = Page(write_html(document, press().sheet("standard", "letter")).data)

    assert page.having("html", lang=language, dir=way)


@pytest.mark.parametrize(("edition", "size"), [("standard", "1.17rem"), ("large-print", "1.5rem")])
def test_type_is_as_large_as_on_paper(edition: str, size: str) -> None:
    """12 points are one rem: 14-point and 18-point type."""
    text = write_html(bare_document(), press().sheet(edition, "letter")).data.decode()

    assert f"body {{ font-size: {size};" in text


# The first link


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("Overdose? Call 911", "must hold {emergency} once"),
        ("{emergency}, or {crisis}", "must hold {emergency} once"),
        ("{name}, call {emergency}", "must hold {emergency} once"),
        (None, "text `hotline` is missing"),
    ],
)
def test_a_first_link_that_does_not_dial_the_emergency_number_is_refused(
    words: str | None, said: str, shop: Shop
) -> None:
    shop.edit("handouts/phrases/en.yaml", f"  {HOTLINE}\n", f'  hotline: "{words}"\n' if words else "")
    result = shop.run("make", "benefits", "--format", "html")

    assert result.exit_code == 1 and said in result.stderr and "handouts/phrases/en.yaml" in result.stderr
    assert not shop.out()


def test_a_first_link_in_doubt_is_words_alone(shop: Shop) -> None:
    shop.edit("handouts/helplines.yaml", 'emergency: "911"', 'emergency: "911-112-11"')
    page = Page(shop.run("make", "benefits", "--format", "html", "-o", "-").stdout_bytes)

    assert page.leaves[0] == "Overdose? Call 911-112-11" and page.having("p", **{"class": "hotline"})
    assert "tel:911" not in dict(page.dialled)


# Blocks


HELP = (Heading(2, (Text("Call now"),)), Paragraph((Text("Words"),)))


def test_a_box_with_a_heading_is_a_landmark_of_that_name() -> None:
    page = page_of(Section(HELP, "emergency", "help"))
    (box,) = page.having("section")

    assert box["class"] == "box emergency" and page.inside[str(box["aria-labelledby"])] == "Call now"


def test_the_same_box_twice_has_two_ids() -> None:
    page = page_of(Section(HELP, "call", "help"), Section(HELP, "call", "help"))

    assert len({box["aria-labelledby"] for box in page.having("section")}) == 2


@pytest.mark.parametrize(("role", "children"), [("warning", HELP[1:]), ("panel", HELP), ("pair", HELP)])
def test_what_is_no_box_or_has_no_heading_is_no_landmark(role: str, children: tuple[Block, ...]) -> None:
    page = page_of(Section(children, role))

    assert not page.having("section") and not any("aria-labelledby" in found for _, found in page.elements)
    assert any(role in str(found.get("class")).split() for found in page.having("div"))


def test_a_warning_has_the_sign_that_it_has_on_paper_and_it_is_not_heard() -> None:
    (sign,) = page_of(Section(HELP, "warning")).having("svg")

    assert sign["aria-hidden"] == "true"
    assert not page_of(Section(HELP, "call")).having("svg")


def test_a_table_has_its_caption_and_its_heads() -> None:
    table = Table(
        head=(Row((Cell((Text("Day"),), "col"), Cell((Text("Dose"),), "col"))),),
        rows=(Row((Cell((Text("Monday"),), "row"), Cell((Text("one"),)))),),
        caption=(Text("My days"),),
        role="contacts",
    )
    page = page_of(table)

    assert page.leaves[1:-1] == ["My days", "Day", "Dose", "Monday", "one"]
    assert [found["scope"] for found in page.having("th")] == ["col", "col", "row"]
    assert page.having("table", **{"class": "contacts"})


# Words


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40))
def test_what_was_typed_is_escaped_once(text: str) -> None:
    page = page_of(line(Text("Name: "), Value("name", text), Text(".")), line(WriteIn(text)), line(Text(text)))

    assert page.isolated == [text]
    assert [found["aria-label"] for found in page.having("span", role="img")] == [text]
    assert [tag for tag, _ in page.elements].count("p") == 4  # three lines and the footer


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40))
def test_the_banner_cannot_end_the_style_of_printed_sheets(text: str) -> None:
    written = write_html(bare_document(banner=(line(Text(text)),)), press().sheet("standard", "letter")).data.decode()
    found = re.findall(r'@top-left { content: "([^"<]*)"; font', written)

    assert written.count("</style>") == 1 and len(found) == bool(text)
    assert "".join(re.sub(r"\\([0-9a-f]+) ", lambda match: chr(int(match[1], 16)), words) for words in found) == text


@pytest.mark.parametrize(
    "text", ['"><script>alert(1)</script>', "</style><b>", "&lt;", "&amp;amp;", "{style}", "' onclick='x"]
)
def test_no_value_turns_into_markup(text: str) -> None:
    hostile = bare_document(line(Value("name", text), Strong((Text(text),))), line(WriteIn(text)))
    document = Document(
        title=text, language="en", letterhead=hostile.letterhead, body=hostile.body, footer=hostile.footer
    )
    page = Page(write_html(document, press().sheet("standard", "letter")).data)

    assert page.leaves[1] == " ".join((text + text).split())
    assert not page.having("script") and not page.having("b")


def test_a_line_to_write_on_is_heard() -> None:
    page = page_of(line(Text("Call: "), WriteIn("clinic phone")))

    assert page.having("span", role="img", **{"aria-label": "clinic phone"})


def test_a_value_stands_apart_from_the_direction_of_the_words() -> None:
    page = page_of(line(Text("For: "), Value("name", "דנה"), Text(".")))

    assert page.isolated == ["דנה"] and page.having("bdi") == [{}]


def test_a_break_is_a_break() -> None:
    assert page_of(line(Text("one"), Break(), Text("two"))).having("br") == [{}]


@pytest.mark.parametrize("field", ["clinic_phone", "after_hours_phone", "helplines/crisis"])
def test_a_telephone_number_can_be_dialled(field: str) -> None:
    page = page_of(line(Text("Call "), Value(field, "1-800-662-HELP\N{NO-BREAK SPACE}(4357)")))

    assert page.dialled == [("tel:18006624357", "1-800-662-HELP (4357)")]
    assert page.having("bdi") == [{"dir": "ltr"}]


def test_only_what_the_tree_calls_a_number_is_one() -> None:
    page = page_of(line(Value("name", "911"), Value("clinic_phone", "ask at the desk"), Text("988")))

    assert page.dialled == []


def test_a_shipped_page_dials_what_it_prints(sheaf: dict[str, Case]) -> None:
    case = sheaf["overdose-warning-injection-opioid"]
    found = set(Page(write_html(case.document, sheet_of(case)).data).dialled)

    assert found == {
        ("tel:911", "Overdose? Call 911"), ("tel:911", "911"), ("tel:988", "988"), ("tel:18006624357", "1-800-662-HELP (4357)"), ("tel:18004874889", "1-800-487-4889"),
        ("tel:2125550142", "(212) 555-0142"), ("tel:2125550143", "(212) 555-0143"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("number", "digits"),
    [
        ("911", "911"), ("(212) 736-5000", "2127365000"), ("212.736.5000", "2127365000"), ("1-800-FDA-1088 (332-1088)", "18003321088"),
        ("+1 212 736 5000", "+12127365000"), ("736-5000", "7365000"), ("1-800-222-1222", "18002221222"),
        ("1-800-662-HELP", ""), ("1-800-662-HELP (4358)", ""), ("(212) 736-5000 EXT 5", ""), ("212-736-5000, 212-736-5001", ""),
        ("736-5000 736-5001", ""), ("736-5000/5001", ""), ("212-736-5000 (5001)", ""), ("2-800-222-1222", ""), ("+12", ""),
        ("12 + 34", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_number_is_dialled_only_where_it_is_beyond_doubt(number: str, digits: str) -> None:
    assert dial_digits(number) == digits


# Page numbers


def content(name: str) -> Content:
    return Content(name, (Text(name.rpartition("/")[2]),))


COUNT = (content("phrases/page-of"), Text(" "), PageNumber(), Text(" "), content("phrases/of"), Text(" "), PageCount())


@pytest.mark.parametrize(
    ("children", "left"),
    [
        ((Text("topic 1.0.0 · "), content("phrases/language"), Text(" · "), *COUNT), "topic 1.0.0 · language"),
        ((*COUNT, Text(" · topic · more")), "topic · more"),
        ((Text("a · "), *COUNT, Text(" · b")), "a · b"),
        ((Text("a · b"),), "a · b"),
    ],
)
def test_the_footer_has_no_page_number(children: tuple[Inline, ...], left: str) -> None:
    document = bare_document()
    footed = Document(title="-", language="en", letterhead=(), body=document.body, footer=(Paragraph(children),))

    assert Page(write_html(footed, press().sheet("standard", "letter")).data).leaves[-1] == left


def test_a_line_with_nothing_else_is_left_out() -> None:
    assert drop_page_numbers((Paragraph(COUNT), Paragraph((Text("a"),)))) == (Paragraph((Text("a"),)),)


@pytest.mark.parametrize("word", [content("handout/advice"), Value("today", "Monday")])
def test_no_other_words_are_lost_with_a_page_number(word: Inline) -> None:
    with told() as problems:
        drop_page_numbers((Paragraph((word, Text(" "), *COUNT)),))

    assert "page number" in problems[0].message


@pytest.mark.parametrize("node", [PageNumber(), PageCount(), Placeholder("due")])
def test_what_has_no_place_in_a_body_never_gets_out(node: Inline) -> None:
    with pytest.raises(ValueError):
        page_of(line(node))


def test_a_role_without_a_style_is_a_class_all_the_same() -> None:
    page = page_of(Section(HELP, "fridge"))

    assert page.having("div", **{"class": "fridge"})
