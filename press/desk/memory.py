"""What the desk remembers between two requests: values by opaque ids, for 15 minutes, never on disk.

A typed name or date is nowhere else: not in an address, a file name or a log. The lock wipes all of it.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock
from typing import Final, TypeVar

from press.records import dataclass

T = TypeVar("T")
LASTS: Final = 900  # seconds since a value was last asked for
_MOST = 2_000  # values; the oldest go first


@dataclass
class _Held:
    value: object
    ends: float
    slot: str


class Memory:
    """Values by ids that say nothing. `clock` counts seconds and never goes back."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._guard = Lock()
        self._held: dict[str, _Held] = {}
        self._once: dict[str, tuple[Future[object], float]] = {}

    def keep(self, value: object, slot: str = "", most: int = _MOST) -> str:
        """Remember a value under a new id; of one `slot` only the `most` newest stay."""
        name = secrets.token_urlsafe(16)
        with self._guard:
            self._drop_old()
            alike = [key for key, held in self._held.items() if held.slot == slot]
            for key in alike[: max(0, len(alike) + 1 - most)]:
                del self._held[key]
            self._held[name] = _Held(value, self._clock() + LASTS, slot)
        return name

    def get(self, name: str, kind: type[T]) -> T | None:
        """Give the value of an id if it is still there and of this kind."""
        with self._guard:
            self._drop_old()
            held = self._held.get(name)
            if held is None or not isinstance(held.value, kind):
                return None
            held.ends = self._clock() + LASTS
            return held.value

    def put(self, name: str, value: object) -> None:
        """Replace the value of an id that is still there."""
        with self._guard:
            if name in self._held:
                self._held[name].value = value

    def forget(self, name: str) -> None:
        """Forget one value."""
        with self._guard:
            self._held.pop(name, None)

    def once(self, key: str, work: Callable[[], T]) -> T:
        """Do `work` for the first request with this key; a second one (a double click) gets the same result.

        Without a key it is always done. What failed is not remembered: the same form may be sent again once its
        reason is mended.
        """
        if not key:
            return work()
        with self._guard:
            self._drop_old()
            found = self._once.get(key)
            future: Future[object] = found[0] if found else Future()
            self._once[key] = future, self._clock() + LASTS
        if found:
            return future.result()  # type: ignore[return-value]  # what this key's own work gave
        try:
            result = work()
        except BaseException as fault:
            with self._guard:
                self._once.pop(key, None)
            future.set_exception(fault)
            raise
        future.set_result(result)
        return result

    def wipe(self) -> None:
        """Forget everything."""
        with self._guard:
            self._held.clear()
            self._once.clear()

    def _drop_old(self) -> None:
        now = self._clock()
        for name in [name for name, held in self._held.items() if held.ends < now]:
            del self._held[name]
        for key in [key for key, (future, ends) in self._once.items() if ends < now and future.done()]:
            del self._once[key]
        while len(self._held) >= _MOST:
            del self._held[next(iter(self._held))]
