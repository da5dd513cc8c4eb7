"""The address of the server of many desks: what leads elsewhere, holds a password or proves nothing is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from press.delivery.server.address import AddressError, ServerAddress, is_address, read_address
from press.delivery.server.connection import parameters, root_certificates
from press.delivery.server.password import password_of
from press.errors import HandoutError

FAR = "postgresql://press@db.example.org/handouts"


def test_an_address_says_where_and_tls_is_whole_without_being_asked_for() -> None:
    assert read_address(FAR) == ServerAddress("press", "db.example.org", 5432, "handouts", "verify-full", "system")
    found = read_address("postgres://press@[fd00::1]:6000/h?sslmode=verify-full&sslrootcert=/etc/ca.pem&service=clinic")
    assert found == ServerAddress("press", "fd00::1", 6000, "h", "verify-full", "/etc/ca.pem", "clinic")
    assert str(read_address(FAR)) == "handouts on db.example.org, port 5432"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "LOCALHOST"])
def test_on_this_computer_alone_tls_may_be_less(host: str) -> None:
    assert read_address(f"postgresql://press@{host}/h").ssl_mode == "prefer"
    assert read_address(f"postgresql://press@{host}/h?sslmode=disable").ssl_mode == "disable"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("postgresql://press:SECRET@db/h", "without a password"),
        ("postgresql://press:@db/h", "without a password"),
        (f"{FAR}?password=SECRET", "without a password"),
        (f"{FAR}?sslpassword=SECRET", "without a password"),
        *((f"{FAR}?sslmode={mode}", "sslmode=verify-full") for mode in ("disable", "allow", "prefer", "require", "verify-ca", "x")),
        ("postgresql://press@localhost.example.org/h?sslmode=disable", "sslmode=verify-full"),
        ("postgresql://press@127.0.0.1.example.org/h?sslmode=prefer", "sslmode=verify-full"),
        (f"{FAR}?hostaddr=10.0.0.1", "only sslmode"),
        (f"{FAR}?host=other", "only sslmode"),
        (f"{FAR}?sslmode=verify-full&sslmode=disable", "only sslmode"),
        (f"{FAR}?options=-c%20x", "only sslmode"),
        (f"{FAR}?sslrootcert=ca.pem", "sslrootcert=system"),
        (f"{FAR}?service=../x", "service=NAME"),
        ("postgresql://press@one,two/h", "one host"),
        ("postgresql://press@one:5432,two:5433/h", "a port"),
        ("postgresql://press@/h?host=/tmp", "one host"),
        ("postgresql://press@%2Ftmp/h", "one host"),
        ("postgresql://db/h", "one user"),
        ("postgresql://press@db/", "one database"),
        ("postgresql://press@db", "the name of a file"),
        ("postgresql://press@db:0/h", "a port"),
        ("postgresql://press@db:65536/h", "a port"),
        ("postgresql://press@db/h#x", "the name of a file"),
        ("mysql://press@db/h", "the name of a file"),
        ("postgresql:press:SECRET@db/h", "the name of a file"),
    ],
)  # fmt: skip
def test_what_is_less_safe_or_leads_elsewhere_is_refused_and_not_repeated(address: str, expected: str) -> None:
    assert is_address(address)
    with pytest.raises(AddressError) as caught:
        read_address(address)
    assert expected in caught.value.expected
    assert "SECRET" not in caught.value.expected + caught.value.hint and "other" not in caught.value.expected


def test_a_file_is_no_address() -> None:
    assert not any(map(is_address, ("ledger.sqlite", "data/ledger.sqlite", "C:/press/ledger.sqlite")))


def test_nothing_of_where_and_how_is_left_to_the_environment() -> None:
    """libpq takes a setting from elsewhere only where none is given, an empty one included."""
    found = parameters(read_address(f"{FAR}?sslrootcert=/etc/ca.pem"), 15.0)
    assert (found["host"], found["hostaddr"], found["port"]) == ("db.example.org", "", 5432)
    assert (found["sslmode"], found["sslrootcert"], found["gssencmode"]) == ("verify-full", "/etc/ca.pem", "disable")
    assert found["connect_timeout"] == 3 and "statement_timeout=10000" in str(found["options"])


def test_certificates_that_are_not_found_are_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").touch()
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    assert root_certificates(read_address(FAR)) == str(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    monkeypatch.setattr("press.delivery.server.connection._CERTIFICATES", ())
    with pytest.raises(HandoutError) as caught:
        root_certificates(read_address(FAR))
    assert "certificates that this computer trusts" in caught.value.problems[0].message


# The service file


def service(tmp_path: Path, lines: str) -> dict[str, str]:
    (tmp_path / "services").write_text(lines, "utf-8")
    return {"PGSERVICEFILE": str(tmp_path / "services")}


def test_a_service_file_gives_the_password_alone(tmp_path: Path) -> None:
    said = service(
        tmp_path, "# ours\n[other]\npassword=no\nhost=x\n[clinic]\nuser=press\nport=5432\npassword=SECRET=1\n"
    )
    assert password_of(read_address(f"{FAR}?service=clinic"), said) == "SECRET=1"
    assert password_of(read_address(FAR), said) is None


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("host=elsewhere.example.org\npassword=SECRET", "its `host` is another one"),
        ("hostaddr=10.0.0.1\npassword=SECRET", "more than a password"),
        ("ldap://10.0.0.1/dc=x?y?one?(cn=z)\npassword=SECRET", "more than a password"),
        ("sslmode=disable\npassword=SECRET", "its `sslmode` is another one"),
        ("user=press", "no password of the service"),
        ("", "no password of the service"),
    ],
)
def test_a_service_file_that_leads_elsewhere_is_refused(tmp_path: Path, lines: str, told: str) -> None:
    with pytest.raises(HandoutError) as caught:
        password_of(read_address(f"{FAR}?service=clinic"), service(tmp_path, f"[clinic]\n{lines}\n"))
    [problem] = caught.value.problems
    assert told in problem.message and "SECRET" not in problem.message + problem.hint
    assert "elsewhere" not in problem.message


def test_a_service_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(HandoutError) as caught:
        password_of(read_address(f"{FAR}?service=clinic"), {"PGSERVICEFILE": str(tmp_path / "none")})
    assert "cannot be read" in caught.value.problems[0].message
