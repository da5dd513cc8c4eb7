"""Start-up safety, each case in a process of its own: an audit hook can never be removed."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.rigs.waiting import HANGS

ROOT = Path(__file__).resolve().parents[2]
DECOY = "print('DECOY RAN'); trustedHosts = ['*']\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home folder of the test's own."""
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


def run(home: Path, code: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a script that stands in a folder of its own, with nothing of ours in the environment."""
    folder = home.parent / "script"
    folder.mkdir(exist_ok=True)
    script = folder / "script.py"
    script.write_text(textwrap.dedent(code), "utf-8")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("RL_", "PYTHON", "XDG"))}
    place = {"HOME": str(home), "USERPROFILE": str(home), "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, script],
        env=kept | place | variables,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=HANGS,
    )


HARDEN = """
    import sys
    from press.errors import HandoutError
    from press.runs.hardening import harden_reportlab
    try:
        harden_reportlab()
    except HandoutError as error:
        for problem in error.problems:
            print(problem.place, problem.message, problem.hint)
    print("imported" if "reportlab" in sys.modules else "not imported")
"""


def test_what_commands_and_desks_call_is_imported_before_reportlab_is(home: Path) -> None:
    """ReportLab runs foreign files as it is imported, and each run refuses them first."""
    doors = "press.runs.desk_run, press.runs.list_run, press.runs.signing, press.reports.cover, press.reports.page"
    done = run(home, f"import sys, {doors}\nprint('reportlab' in sys.modules)")

    assert (done.stdout, done.stderr) == ("False\n", "")


def test_a_list_is_made_without_what_no_page_asks_for(home: Path, tmp_path: Path) -> None:
    """ReportLab brings all of Pillow unless it is hardened first, and Jinja what reads byte code."""
    people = tmp_path / "people.csv"
    people.write_text("code,form,reason\nP-1,injection,opioid\n", "utf-8")
    arguments = ["batch", str(people), "overdose-warning", "--dry-run", "--no-ledger"]
    code = f"""
        import sys
        from pathlib import Path
        from press.cli.main import common, main
        common.ROOT = Path({str(ROOT)!r})
        try:
            main({arguments!r})
        except SystemExit as end:
            names = ("reportlab", "PIL.Image", "tempfile", "inspect", "locale", "pickle", "jinja2.compiler", "jinja2.lexer")
            print(end.code, [name for name in names if getattr(sys.modules.get(name), "__spec__", None)])
    """
    done = run(home, code)

    assert done.stdout.splitlines()[-1] == "0 ['reportlab']", done.stderr


def test_a_clean_computer_is_let_through(home: Path) -> None:
    done = run(home, HARDEN)

    assert (done.stdout, done.stderr) == ("imported\n", "")


def test_pillow_is_there_for_whoever_asks_for_it(home: Path) -> None:
    done = run(home, HARDEN + "\n    import PIL.Image\n    print(PIL.Image.new('L', (2, 3)).size)")

    assert done.stdout.endswith("(2, 3)\n"), done.stderr


def test_a_variable_is_refused_by_name_and_never_by_value(home: Path) -> None:
    done = run(home, HARDEN, RL_trustedHosts="SECRET", RL_x="SECRET")

    assert "`RL_trustedHosts`" in done.stdout and "`RL_x`" in done.stdout
    assert "SECRET" not in done.stdout + done.stderr
    assert done.stdout.endswith("not imported\n")


@pytest.mark.parametrize("name", [".reportlab_settings", ".reportlab_mods"])
def test_a_file_in_the_home_folder_is_refused_and_not_run(home: Path, name: str) -> None:
    (home / name).write_text(DECOY)

    done = run(home, HARDEN)

    assert f"`{name}`" in done.stdout and done.stdout.endswith("not imported\n")
    assert "DECOY" not in done.stdout + done.stderr


@pytest.mark.parametrize("name", ["reportlab_settings", "reportlab_mods"])
def test_a_module_beside_the_script_is_refused_and_not_run(home: Path, name: str) -> None:
    (home.parent / "script").mkdir()
    (home.parent / "script" / f"{name}.py").write_text(DECOY)

    done = run(home, HARDEN)

    assert f"`{name}.py`" in done.stdout and done.stdout.endswith("not imported\n")
    assert "DECOY" not in done.stdout + done.stderr


@pytest.mark.parametrize("name", ["local_rl_settings", "local_rl_mods"])
def test_a_module_inside_the_library_is_refused_and_not_run(home: Path, name: str) -> None:
    """A library of that name stands in for the real one, which a test must not touch."""
    library = home.parent / "script" / "reportlab"
    library.mkdir(parents=True)
    (library / "__init__.py").write_text("print('DECOY RAN')")
    (library / f"{name}.py").write_text(DECOY)

    done = run(home, HARDEN)

    assert f"`reportlab/{name}.py`" in done.stdout and done.stdout.endswith("not imported\n")
    assert "DECOY" not in done.stdout + done.stderr


def test_a_part_in_c_that_is_not_ours_is_not_looked_for(home: Path) -> None:
    """Pages are to be the same whether somebody installed ReportLab's `rl_accel` or not."""
    (home.parent / "script").mkdir()
    (home.parent / "script" / "_rl_accel.py").write_text(DECOY)

    done = run(home, HARDEN + "\n    import reportlab.lib.rl_accel")
    unguarded = run(home, "import reportlab.lib.rl_accel")

    assert done.stdout == "imported\n" and not done.stderr
    assert "DECOY RAN" in unguarded.stdout


def test_the_decoys_do_run_without_the_guard(home: Path) -> None:
    """Otherwise the tests above would prove nothing."""
    (home / ".reportlab_mods").write_text(DECOY)
    (home / ".reportlab_settings").write_text(DECOY)

    done = run(home, "import reportlab.rl_config")

    assert done.stdout.count("DECOY RAN") == 2


def test_all_that_is_found_is_told_at_once(home: Path) -> None:
    (home / ".reportlab_mods").write_text(DECOY)
    (home / ".reportlab_settings").write_text(DECOY)

    done = run(home, HARDEN, RL_verbose="1")

    assert done.stdout.count("changes how pages are printed") == 3


def test_after_hardening_the_values_are_set_and_stay_asserted(home: Path) -> None:
    code = """
        from press.runs.hardening import HARDENED, assert_hardened, harden_reportlab
        try:
            assert_hardened()
        except RuntimeError as error:
            print(error)
        from reportlab import rl_config
        from reportlab.pdfbase._fontdata import _searchT1Dirs
        early = _searchT1Dirs.__defaults__[1]
        print(early != [])
        harden_reportlab()
        assert_hardened()
        print(early)
        caught = 0
        for name, value in HARDENED.items():
            setattr(rl_config, name, ["*"])
            try:
                assert_hardened()
            except RuntimeError as error:
                caught += str(error).endswith(": " + name)
            setattr(rl_config, name, value)
        print(caught == len(HARDENED) > 8)
        rl_config._reset()
        try:
            assert_hardened()
        except RuntimeError:
            print("reset seen")
        harden_reportlab()
        rl_config.trustedSchemes.append("http")
        try:
            assert_hardened()
        except RuntimeError:
            print("append seen")
    """

    done = run(home, code)

    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "harden_reportlab() has not been called",
        "True",
        "[]",
        "True",
        "reset seen",
        "append seen",
    ]


WATCH = """
    import os, socket, subprocess, sys
    from pathlib import Path
    from press.runs.hardening import Trespass, watching
    base = Path(sys.argv[0]).parent.parent
    inside, pack, outside = base / "inside", base / "pack", base / "outside"
    for folder in (inside, pack, outside):
        folder.mkdir()
        (folder / "file").write_text("x")
    os.symlink(outside / "file", inside / "link")
    (pack / "late.py").write_text("")
    sys.path.insert(0, str(pack))
    def attempt():
        {attempt}
    try:
        with watching([pack], [inside]) as wire:
            attempt()
        print("allowed")
    except Trespass as error:
        print("refused", wire.tripped[0], str(base) in str(error))
    if {again}:
        attempt()
    print("free again")
"""


def watch(home: Path, attempt: str, *, again: bool = True) -> list[str]:
    """What becomes of an attempt inside the wire, and that outside of it it is free."""
    done = run(home, WATCH.format(attempt=attempt, again=again))
    assert done.stderr == ""
    return done.stdout.splitlines()


TRESPASSES = {
    "socket.socket().close()": "socket.__new__",
    "socket.getaddrinfo('127.0.0.1', 9)": "socket.getaddrinfo",
    "subprocess.run([sys.executable, '-c', ''], check=True)": "subprocess.Popen",
    "os.system('exit 0')": "os.system",
    "(outside / 'file').read_text()": "open",
    "(outside / 'file').write_text('y')": "open",
    "(outside / 'new').write_text('y')": "open",
    "(pack / 'file').write_text('y')": "open",
    "open(pack / 'file', 'r+').close()": "open",
    "os.close(os.open(os.fsencode(outside / 'file'), os.O_RDONLY))": "open",
    "os.close(os.open(pack / 'file', os.O_RDONLY | os.O_CREAT))": "open",
    "(inside / '..' / 'outside' / 'file').read_text()": "open",
    "(inside / 'link').read_text()": "open",
    "(base / 'inside-not').write_text('y')": "open",
    "(outside / 'file').chmod(0o600)": "os.chmod",
    "os.truncate(pack / 'file', 0)": "os.truncate",
}
ONCE = {  # these cannot be done a second time, or end the process
    "(outside / 'file').unlink()": "os.remove",
    "(outside / 'd').mkdir()": "os.mkdir",
    "os.replace(inside / 'file', outside / 'file')": "os.rename",
    "os.link(outside / 'file', inside / 'stolen')": "os.link",
    "os.execv(sys.executable, [sys.executable, '-c', ''])": "os.exec",
}


@pytest.mark.parametrize(("attempt", "event"), (TRESPASSES | ONCE).items())
def test_a_trespass_is_refused_and_told_without_its_path(home: Path, attempt: str, event: str) -> None:
    said = watch(home, attempt, again=attempt in TRESPASSES)

    assert said == [f"refused {event} False", "free again"]


@pytest.mark.skipif(os.name != "posix", reason="POSIX only")
def test_a_spawn_is_refused(home: Path) -> None:
    said = watch(home, "os.posix_spawn('/bin/true', ['true'], dict())")

    assert said == ["refused os.posix_spawn False", "free again"]


@pytest.mark.parametrize(
    "attempt",
    [
        "(pack / 'file').read_text()",
        "(inside / 'file').write_text('y')",
        "os.replace(inside / 'file', inside / 'other'); (inside / 'other').rename(inside / 'file')",
        "(inside / 'new').write_text('x'); os.replace(inside / 'new', inside / 'link')",  # the link goes, not its end
        "open(os.devnull, 'w').close(); open(os.devnull).close()",
        "open(1, 'w', closefd=False)",
        "import zoneinfo; zoneinfo.ZoneInfo('Europe/Berlin')",
        "import json.tool, email.message, xml.dom.minidom, press.errors",
        "socket.gethostname()",
        "import locale, gettext; gettext.gettext('error')",
    ],
)
def test_what_a_run_needs_is_allowed(home: Path, attempt: str) -> None:
    assert watch(home, attempt) == ["allowed", "free again"]


def test_the_byte_code_cache_of_python_does_not_trip(home: Path) -> None:
    assert watch(home, "import late") == ["allowed", "free again"]
    assert list((home.parent / "pack" / "__pycache__").glob("late.*.pyc"))


def test_a_page_is_made_and_delivered_inside_the_wire(home: Path) -> None:
    """The libraries, imported late, reach for nothing that the wire refuses."""
    code = """
        import io
        from pathlib import Path
        from press.runs.hardening import assert_hardened, harden_reportlab, watching
        harden_reportlab()
        out = Path("out").absolute()
        with watching([], [out]) as wire:
            assert_hardened()
            import PIL.Image, pikepdf
            from press.delivery.atomic import deliver
            from reportlab.lib.styles import getSampleStyleSheet
            from reportlab.platypus import Paragraph, SimpleDocTemplate
            style = getSampleStyleSheet()["Normal"]
            SimpleDocTemplate(box := io.BytesIO()).build([Paragraph("Hello", style)])
            path = deliver(box.getvalue(), out, "a.pdf")
            pikepdf.open(path).close()
        print(wire.tripped)
    """

    done = run(home, code)

    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_a_trespass_that_a_library_swallows_comes_up_at_the_end(home: Path) -> None:
    code = """
        from press.runs.hardening import Trespass, watching
        try:
            with watching([], []):
                try:
                    open(__file__)
                except:
                    pass
        except Trespass as error:
            print(error)
    """

    assert run(home, code).stdout == "refused by the tripwire and hidden: open\n"


def test_wires_nest_and_the_outer_comes_back(home: Path) -> None:
    code = """
        from pathlib import Path
        from press.runs.hardening import Trespass, install_tripwire, watching
        here = Path(__file__).parent
        wire = install_tripwire([], [])
        with watching([here], []):
            open(__file__).close()
        try:
            open(__file__)
        except Trespass:
            print(wire.tripped)
    """

    assert run(home, code).stdout == "['open']\n"


def test_an_image_in_a_name_starts_no_other_program(home: Path) -> None:
    """PostScript called `logo.png` makes the image library start Ghostscript."""
    tools = home.parent / "tools"
    tools.mkdir()
    (tools / "gs").write_text("#!/bin/sh\necho STARTED >&2\nexit 1\n")
    (tools / "gs").chmod(0o755)
    code = """
        import io
        from pathlib import Path
        from press.runs.hardening import Trespass, harden_reportlab, watching
        harden_reportlab()
        from PIL import Image
        logo = b"%!PS-Adobe-3.0 EPSF-3.0\\n%%BoundingBox: 0 0 10 10\\n%%EndComments\\nshowpage\\n"
        try:
            with watching([], []):
                Image.open(io.BytesIO(logo)).load()
        except (Trespass, OSError) as error:
            print(type(error).__name__)
    """

    done = run(home, code, PATH=f"{tools}{os.pathsep}{os.environ['PATH']}")

    assert done.stdout == "Trespass\n"
    assert "STARTED" not in done.stderr


def test_what_no_page_asks_for_is_not_there(home: Path) -> None:
    """Expressions are not evaluated, no file is written to the temporary folder, no byte code of templates is read."""
    code = """
        from press.runs.hardening import harden_reportlab
        harden_reportlab()
        import jinja2
        from reportlab.lib import rl_safe_eval, utils
        for left_out in (
            utils.rl_safe_exec, utils.rl_safe_eval, rl_safe_eval.rl_extended_literal_eval,
            utils.get_rl_tempfile, utils.get_rl_tempdir, jinja2.FileSystemBytecodeCache,
        ):
            try:
                print(left_out("print('EVALUATED')"))
            except RuntimeError:
                print("refused")
    """

    done = run(home, code)

    assert done.stdout.split() == ["refused"] * 6, done.stderr


def test_make_asserts_the_settings_before_each_document(monkeypatch: pytest.MonkeyPatch) -> None:
    from click.testing import CliRunner

    from press.cli import main as cli

    asserted: list[int] = []
    monkeypatch.setattr("press.runs.desk_run.assert_hardened", lambda: asserted.append(1))
    asked = ["make", "--format", "text", "-o", "-", "--today", "2026-11-23"]
    result = CliRunner().invoke(cli.main, asked)

    assert result.exit_code == 0
    assert len(asserted) == 3


def test_hardening_once_more_asks_for_no_module_and_adds_no_codec(home: Path) -> None:
    """At the desk it is called for each page."""
    code = """
        import codecs
        from press.runs import hardening
        hardening.harden_reportlab()
        found = []
        hardening.find_spec = codecs.register = lambda *of: found.append(of)
        hardening.harden_reportlab()
        print(found)
    """
    done = run(home, code)

    assert (done.stdout, done.stderr) == ("[]\n", "")
