"""A desk for tests: Flask's own client that is let in, and a maker that works in this process."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from press.desk.app import make_app
from press.desk.desk import Desk
from press.desk.maker import Superseded
from press.runs.fresh_site import FreshSite
from tests.support import TODAY

HOST = "desk-0123456789abcdef.localhost:8765"
NOW = datetime(TODAY.year, TODAY.month, TODAY.day, 9, 30, tzinfo=ZoneInfo("America/New_York"))


class Clock:
    """Seconds that pass when a test says so, for the lock and the memory; and the moment of the day."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.seconds - 1000)


class HereMaker:
    """Does the maker's work in this process; `fail_with` is raised instead, once."""

    def __init__(self, sites: FreshSite) -> None:
        self.sites = sites
        self.fail_with: BaseException | None = None
        self.asked: Counter[str] = Counter()
        self.times_forgotten = 0

    def forget(self) -> None:
        self.times_forgotten += 1

    def ask(self, work, *args, **kwargs):
        self.asked[work.__name__] += 1
        if self.fail_with:
            fault, self.fail_with = self.fail_with, None
            raise fault
        return work(self.sites.get(), *args, **kwargs)

    def ask_newest(self, slot, work, *args, **kwargs):
        return self.ask(work, *args, **kwargs)

    def ask_apart(self, work, *args, **kwargs):
        return self.ask(work, *args, **kwargs)

    def supersede(self) -> None:
        self.fail_with = Superseded()


class DeskClient:
    """A browser that is let in: it sends the cookie, the host, our origin and the token of our forms."""

    def __init__(self, root: Path, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        sites = FreshSite(root)
        self.maker = HereMaker(sites)
        self.desk = Desk(sites, self.clock.now, HOST, self.maker, clock=self.clock)
        self.app = make_app(self.desk)
        self.client: FlaskClient = self.app.test_client()
        self.enter()

    def enter(self) -> TestResponse:
        """Come in with a new one-time token."""
        return self.get(f"/enter?token={self.desk.session.new_token()}")

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.client.get(path, base_url=self.desk.origin, headers=headers, buffered=True)

    def post(self, path: str, fields: dict[str, object] | None = None, **headers: str) -> TestResponse:
        """Send a form of ours, with the token; a value may be a list, or (BytesIO, file name) for an upload."""
        data = {"t": self.desk.session.form_token, **(fields or {})}
        kind = "multipart/form-data" if any(isinstance(value, tuple) for value in data.values()) else None
        return self.client.post(
            path,
            base_url=self.desk.origin,
            data=data,
            content_type=kind,
            headers={"Origin": self.desk.origin, **headers},
            buffered=True,
        )

    def follow(self, answer: TestResponse) -> TestResponse:
        """Go where a POST that did something sends its browser."""
        assert answer.status_code == 303, (answer.status_code, answer.text)
        return self.get(answer.location)


def said(answer: TestResponse) -> str:
    """The words of a page, without its tags and with every row of white space as one space."""
    body = re.sub(r"<(head|script|style)\b.*?</\1>", " ", answer.text, flags=re.DOTALL)
    import html

    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", body))).strip()
