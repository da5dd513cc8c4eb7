"""One headless Chromium for many pages, led over a pipe: no driver, no port, no network.

Chromium reads commands of the DevTools protocol from its file 3 and answers on its file 4,
as JSON with a zero byte at the end of each message.
"""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import signal
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

FLAGS = (
    "--headless=new",
    "--remote-debugging-pipe",
    "--no-first-run",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--force-color-profile=srgb",
)


def find() -> str | None:
    """The browser of this machine, or None; on Windows it cannot be led over files 3 and 4."""
    return shutil.which("chromium") if os.name == "posix" else None


class Browser:
    """A context manager; every method raises RuntimeError where Chromium gives no good answer."""

    def __init__(self, timeout: float = 60) -> None:
        self._timeout = timeout
        self._count = 0
        self._session = ""
        self._unread = b""
        self._waiting: list[dict[str, Any]] = []

    def __enter__(self) -> Browser:
        program = find()
        if program is None:
            raise RuntimeError("there is no Chromium here")
        self._home = tempfile.TemporaryDirectory(prefix="browser-", ignore_cleanup_errors=True)
        self._start(program)
        try:
            target = self._call("Target.createTarget", url="about:blank")["targetId"]
            self._session = self._call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
            self._call("Page.enable")
        except BaseException:
            self._stop()
            raise
        return self

    def _start(self, program: str) -> None:
        """Files 3 and 4 may be in use here, so they are set in the new process only."""
        import fcntl  # not on Windows

        theirs_in, self._out = os.pipe()
        self._in, theirs_out = os.pipe()
        high_in, high_out = (fcntl.fcntl(file, fcntl.F_DUPFD_CLOEXEC, 10) for file in (theirs_in, theirs_out))
        quiet = os.open(os.devnull, os.O_RDWR)
        root = ("--no-sandbox",) if os.geteuid() == 0 else ()
        moves = [
            (os.POSIX_SPAWN_DUP2, file, number)
            for file, number in ((quiet, 1), (quiet, 2), (high_in, 3), (high_out, 4))
        ]
        command = [program, *FLAGS, *root, f"--user-data-dir={self._home.name}", "about:blank"]
        self._process = os.posix_spawn(program, command, os.environ, file_actions=moves, setpgroup=0)
        for file in (theirs_in, theirs_out, high_in, high_out, quiet):
            os.close(file)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def _stop(self) -> None:
        """End the process group that was started here, and nothing else."""
        os.close(self._out)
        os.close(self._in)
        with suppress(ProcessLookupError):
            os.killpg(self._process, signal.SIGKILL)
        os.waitpid(self._process, 0)
        self._home.cleanup()

    def open(self, path: Path) -> None:
        """Load a file and wait until it stands."""
        self._waiting.clear()
        answer = self._call("Page.navigate", url=path.resolve().as_uri())
        if "errorText" in answer:
            raise RuntimeError(f"Chromium could not open {path.name}: {answer['errorText']}")
        self._until("Page.loadEventFired")

    def run(self, script: str) -> Any:
        """The value of an expression in the page; a promise is waited for."""
        answer = self._call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(f"a script failed: {answer['exceptionDetails'].get('exception', {}).get('description')}")
        return answer["result"].get("value")

    def screen(self, width: int, height: int = 800) -> None:
        """How large the window is, in CSS pixels."""
        self._call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )

    def media(self, kind: str = "", **features: str) -> None:
        """Show the page as `print` or for a preference, such as prefers_color_scheme="dark"."""
        wanted = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
        self._call("Emulation.setEmulatedMedia", media=kind, features=wanted)

    def printed(self) -> bytes:
        """The page as Chromium prints it, on the paper that the page asks for."""
        answer = self._call("Page.printToPDF", preferCSSPageSize=True, printBackground=False)
        return base64.b64decode(answer["data"])

    def picture(self) -> bytes:
        """The whole page as PNG."""
        return base64.b64decode(self._call("Page.captureScreenshot", captureBeyondViewport=True)["data"])

    def _call(self, method: str, **given: Any) -> Mapping[str, Any]:
        self._count += 1
        message: dict[str, Any] = {"id": self._count, "method": method, "params": given}
        if self._session:
            message["sessionId"] = self._session
        _write(self._out, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + self._timeout
        while True:
            answer = self._read(deadline)
            if answer.get("id") == self._count:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self._waiting.append(answer)

    def _until(self, event: str) -> None:
        deadline = time.monotonic() + self._timeout
        while not any(seen.get("method") == event for seen in self._waiting):
            self._waiting.append(self._read(deadline))

    def _read(self, deadline: float) -> dict[str, Any]:
        while b"\0" not in self._unread:
            ready, _, _ = select.select([self._in], [], [], max(0.0, deadline - time.monotonic()))
            more = os.read(self._in, 1 << 16) if ready else b""
            if not more:
                raise RuntimeError("Chromium ended" if ready else "Chromium gave no answer in time")
            self._unread += more
        message, _, self._unread = self._unread.partition(b"\0")
        return json.loads(message)


def _write(file: int, data: bytes) -> None:
    while data:
        data = data[os.write(file, data) :]
