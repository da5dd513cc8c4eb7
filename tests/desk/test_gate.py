"""The gate: whoever forgets a cookie, a host, an origin or a token gets nothing, on any route that there is."""

from __future__ import annotations

import re
from io import BytesIO

import pytest

from press.desk.gate import KEY_HEADER, LARGE, MOST_FIELDS, OPEN, SMALL
from tests.desk.support import DeskClient, said
from tests.support import ROOT


@pytest.fixture(scope="module")
def desk() -> DeskClient:
    return DeskClient(ROOT)


def routes(desk: DeskClient) -> list[tuple[str, str, str]]:
    """Every route of the map as (endpoint, method, path), its gaps filled."""
    found = []
    for rule in desk.app.url_map.iter_rules():
        path = re.sub(r"<(?:int:)?[^>]*>", "1", rule.rule)
        found += [(rule.endpoint, method, path) for method in sorted(rule.methods & {"GET", "POST"})]
    return found


def sent(
    desk: DeskClient, method: str, path: str, *, host: str = "", cookie: bool = True, token: bool = True, **headers: str
):
    """A request that is ours, but for what the case changes."""
    client = desk.client if cookie else desk.app.test_client()
    data = {"t": desk.desk.session.form_token} if token and method == "POST" else None
    environ = {"HTTP_HOST": host or desk.desk.host}  # as it is typed: a client would write it small
    return client.open(
        path, method=method, base_url=desk.desk.origin, environ_overrides=environ, data=data, buffered=True,
        headers={"Origin": desk.desk.origin, **headers},
    )  # fmt: skip


CASES = {
    "no cookie": {"cookie": False},
    "another host": {"host": "127.0.0.1:8765"},
    "another name": {"host": "evil.example:8765"},
    "another port": {"host": "desk-0123456789abcdef.localhost:8766"},
    "in capitals": {"host": "DESK-0123456789abcdef.localhost:8765"},
}
POST_CASES = {
    "another origin": {"Origin": "http://evil.example"},
    "another port as origin": {"Origin": "http://desk-0123456789abcdef.localhost:1"},
    "no origin": {"Origin": "null"},
    "from a neighbor": {"Sec-Fetch-Site": "same-site"},
    "from elsewhere": {"Sec-Fetch-Site": "cross-site"},
    "from nowhere": {"Sec-Fetch-Site": "none"},
    "as JSON": {"Content-Type": "application/json"},
    "as text": {"Content-Type": "text/plain"},
    "without our token": {"token": False},
}


def test_every_route_refuses_whoever_is_not_let_in(desk: DeskClient) -> None:
    every = routes(desk)
    tried = 0
    for endpoint, method, path in every:
        cases = dict(CASES) | (dict(POST_CASES) if method == "POST" else {})
        if endpoint in OPEN:
            cases.pop("no cookie")
        for name, changed in cases.items():
            answer = sent(desk, method, path, **changed)
            assert answer.status_code in (403, 409, 415), (endpoint, method, name, answer.status_code)
            tried += 1

    assert len(every) >= 9 and tried > 5 * len(every)
    assert desk.desk.session.is_open and desk.get("/").status_code == 200, "nothing of it locked or ended the desk"


def test_what_changes_something_is_never_done_by_an_address(desk: DeskClient) -> None:
    posts = {path for _, method, path in routes(desk) if method == "POST"}
    gets = {path for _, method, path in routes(desk) if method == "GET"}

    assert {"/lock", "/leave", "/language", "/stay"} <= posts - gets
    for path in posts - gets:
        assert desk.get(path).status_code in (404, 405), path


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_are_refused(desk: DeskClient, method: str) -> None:
    assert sent(desk, method, "/").status_code == 405


def test_only_these_are_open_without_a_cookie(desk: DeskClient) -> None:
    assert {"static", "fonts", "lock.enter"} == OPEN
    assert desk.app.test_client().get("/static/desk.css", base_url=desk.desk.origin, buffered=True).status_code == 200
    assert desk.app.test_client().get("/enter", base_url=desk.desk.origin).status_code == 403


def test_a_token_lets_one_browser_in_once(desk: DeskClient) -> None:
    token = desk.desk.session.new_token()
    first = desk.app.test_client().get(f"/enter?token={token}", base_url=desk.desk.origin)
    second = desk.app.test_client().get(f"/enter?token={token}", base_url=desk.desk.origin)

    assert first.status_code == 200 and second.status_code == 403
    assert "HttpOnly" in first.headers["Set-Cookie"] and "SameSite=Strict" in first.headers["Set-Cookie"]
    assert "Set-Cookie" not in second.headers


@pytest.mark.parametrize("path", ["/", "/nothing", "/static/desk.css", "/enter", "/idle"])
def test_every_answer_keeps_to_itself(desk: DeskClient, path: str) -> None:
    headers = desk.get(path).headers

    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert ("no-store" in headers["Cache-Control"]) is (path != "/static/desk.css")
    assert not {"Server", "Access-Control-Allow-Origin"} & set(headers.keys())


def test_a_form_is_small_and_has_few_fields(desk: DeskClient) -> None:
    assert desk.post("/language", {"language": "en", "f1": "x" * SMALL}).status_code == 413
    many = {f"f{number}": "" for number in range(MOST_FIELDS + 1)}
    assert desk.post("/language", {"language": "en", **many}).status_code in (400, 413)
    assert LARGE == 50_000_000


@pytest.mark.parametrize(("size", "code"), [(65_536, 303), (65_537, 413)])
def test_a_form_has_64_kilobytes_and_no_more(desk: DeskClient, size: int, code: int) -> None:
    start = f"t={desk.desk.session.form_token}&language=en&f1="
    answer = desk.client.post(
        "/language",
        base_url=desk.desk.origin,
        data=start + "x" * (size - len(start)),
        content_type="application/x-www-form-urlencoded",
        headers={"Origin": desk.desk.origin},
    )
    assert answer.status_code == code


@pytest.mark.parametrize(("count", "is_let_in"), [(1000, True), (1001, False)])
def test_a_form_has_a_thousand_fields_and_no_more(desk: DeskClient, count: int, is_let_in: bool) -> None:
    fields: dict[str, object] = {f"f{number}": "" for number in range(count - 2)}  # beside the token and the language
    assert (desk.post("/language", {"language": "en", **fields}).status_code == 303) is is_let_in


def test_a_list_may_be_large(desk: DeskClient) -> None:
    data = b"x" * (SMALL + 1)
    assert "Choose a handout" in said(desk.post("/recall", {"f3": (BytesIO(data), "list.csv")}))
    assert desk.post("/language", {"language": "en", "f1": (BytesIO(data), "list.csv")}).status_code == 413


def test_work_keeps_the_desk_open() -> None:
    desk = DeskClient(ROOT)
    for _ in range(3):
        desk.clock.seconds += 590
        assert desk.get("/help").status_code == 200


@pytest.mark.parametrize("kind", ["application/json", "text/plain", ""])
def test_what_is_no_form_is_refused_even_with_our_token(desk: DeskClient, kind: str) -> None:
    key = {KEY_HEADER: desk.desk.session.form_token}
    assert sent(desk, "POST", "/stay", token=False, **key, **{"Content-Type": kind}).status_code == 415
    assert sent(desk, "POST", "/stay").status_code < 400


def test_a_tab_from_before_the_lock_keeps_what_was_typed(desk: DeskClient) -> None:
    answer = desk.post("/language", {"t": "of-before", "language": "en", "f1": "Ana & Example"})

    assert answer.status_code == 409
    assert "What you typed is still here" in said(answer)
    assert 'name="f1" value="Ana &amp; Example"' in answer.text and "of-before" not in answer.text


def test_the_lock_and_the_idle_lock_close_the_desk() -> None:
    desk = DeskClient(ROOT)
    name = desk.desk.memory.keep("typed")
    desk.clock.seconds += 590
    assert desk.get("/idle").json == {"seconds": 10}
    desk.clock.seconds += 11
    assert desk.get("/idle").status_code == 403, "asking how long it lasts keeps nothing open"
    assert desk.desk.memory.get(name, str) is None
    assert "The desk is locked" in said(desk.get("/"))

    desk.enter()
    answer = desk.follow(desk.post("/lock"))
    assert answer.status_code == 403 and "The desk is locked" in said(answer)


def test_a_fault_is_told_without_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = DeskClient(ROOT)

    def fail() -> str:
        raise ValueError("Ana Example")

    monkeypatch.setitem(desk.app.view_functions, "home.show", fail)
    answer = desk.get("/")

    assert answer.status_code == 500
    assert "ValueError" in answer.text and "Ana" not in answer.text
