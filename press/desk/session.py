"""Who may use the desk: one-time tokens, the cookie, the token of forms, and the idle lock, all of it in memory."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from hmac import compare_digest
from threading import Lock
from typing import Final

LOCK_AFTER: Final = 600  # seconds without a request
WARN_BEFORE: Final = 120  # seconds before the lock
END_AFTER: Final = 1800
_TOKEN_LASTS = 600  # seconds from the double click to the browser
_BYTES = 32  # 256 bits of a secret


class Session:
    """The one session of a desk. `clock` counts seconds and never goes back; `on_lock` wipes what memory holds."""

    def __init__(self, on_lock: Callable[[], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._on_lock = on_lock
        self._clock = clock
        self._guard = Lock()
        self._tokens: dict[str, float] = {}
        self._used = clock()
        self._cookie = self._form_token = ""
        self.is_ended = False

    @property
    def cookie(self) -> str:
        """What the browser's cookie holds; nothing while the desk is locked."""
        return self._cookie

    @property
    def form_token(self) -> str:
        """What every form carries."""
        return self._form_token

    @property
    def is_open(self) -> bool:
        """Whether somebody came in, and the desk did not lock since."""
        return bool(self._cookie)

    def new_token(self, token: str = "") -> str:
        """Draw a token, or take one that a second start drew, that lets one browser in, once."""
        token = token or secrets.token_urlsafe(_BYTES)
        with self._guard:
            self._tokens[token] = self._clock() + _TOKEN_LASTS
        return token

    def enter(self, token: str) -> bool:
        """Use up a one-time token, and open the session if it is locked; whether the token was good."""
        with self._guard:
            ends = self._tokens.pop(token, 0.0)
            if ends < self._clock():
                return False
            self._lock_if_idle()
            if not self._cookie:
                self._cookie, self._form_token = secrets.token_urlsafe(_BYTES), secrets.token_urlsafe(_BYTES)
            self._used, self.is_ended = self._clock(), False
            return True

    def knows(self, cookie: str) -> bool:
        """Whether a cookie is that of the open session."""
        with self._guard:
            self._lock_if_idle()
            return bool(self._cookie) and compare_digest(self._cookie.encode(), cookie.encode())

    def knows_form(self, token: str) -> bool:
        """Whether a form was made in this session, and not before the desk locked."""
        return bool(self._form_token) and compare_digest(self._form_token.encode(), token.encode())

    def start_count(self) -> None:
        """Count from now: somebody is at work."""
        self._used = self._clock()

    @property
    def idle(self) -> float:
        """Seconds since somebody was at work."""
        return self._clock() - self._used

    @property
    def seconds_left(self) -> int:
        """Seconds until the lock."""
        return max(0, int(LOCK_AFTER - self.idle))

    def lock(self) -> None:
        """Forget everything that was typed; only a new one-time token opens the desk again."""
        with self._guard:
            self._lock()

    def tick(self) -> None:
        """Lock when the time has come, though nobody asks."""
        with self._guard:
            self._lock_if_idle()

    def end(self) -> None:
        """Lock, and let the program end."""
        self.lock()
        self.is_ended = True

    def _lock_if_idle(self) -> None:
        if self._cookie and self.idle >= LOCK_AFTER:
            self._lock()

    def _lock(self) -> None:
        self._cookie = self._form_token = ""
        self._on_lock()
