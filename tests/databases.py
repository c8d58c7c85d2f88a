"""The databases a history may be kept in, for tests: a SQLite file, and a PostgreSQL of the test run's own.

Debian's PostgreSQL is used where it is installed; it refuses to be run by root, and is run as `postgres` or `nobody`
then. It listens on a socket in a temporary folder only, and is gone when the tests are.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

_number = count(1)


def programs() -> Path | None:
    """The folder of the newest PostgreSQL's programs, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


def lacking() -> str:
    """Why no PostgreSQL can be started here; '' where one can."""
    if programs() is None:
        return "no PostgreSQL here: no /usr/lib/postgresql/*/bin/initdb (Debian: apt-get install postgresql)"
    if os.getuid() == 0 and (shutil.which("runuser") is None or _servant() is None):
        return "no PostgreSQL here: root may not run it, and there is no runuser with a user postgres or nobody"
    return ""


def _servant() -> str | None:
    known = {one.pw_name for one in pwd.getpwall()}
    return next((name for name in ("postgres", "nobody") if name in known), None)


@contextmanager
def server() -> Iterator[Path]:
    """A PostgreSQL, running; gives the folder of its socket. Its user `ribao` may do everything, without a password."""
    bin_, servant = programs(), _servant() if os.getuid() == 0 else None
    assert bin_ is not None
    home = Path(tempfile.mkdtemp(prefix="ribao-pg-", dir="/tmp"))

    def run(name: str, *arguments: str) -> None:
        before = ["runuser", "-u", servant, "--"] if servant else []
        command = [*before, str(bin_ / name), "-D", str(home / "data"), *arguments]
        done = subprocess.run(command, cwd=home, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    try:
        if servant:
            shutil.chown(home, servant)
        run("initdb", "-U", "ribao", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        quiet = f"-c listen_addresses='' -c unix_socket_directories={home} -c fsync=off"
        run("pg_ctl", "-w", "-l", str(home / "log"), "-o", quiet, "start")
        try:
            yield home
        finally:
            run("pg_ctl", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Path]:
    """The folder of the socket of a PostgreSQL that runs for these tests."""
    if reason := lacking():
        pytest.skip(reason)
    with server() as home:
        yield home


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'h.sqlite'}"
    home = request.getfixturevalue("postgres")
    return made(home, f"test_{os.getpid()}_{next(_number)}")


def made(home: Path, name: str) -> str:
    """A new database of the server at that socket; gives its URL."""
    import psycopg

    with psycopg.connect(host=str(home), user="ribao", dbname="postgres", autocommit=True) as connection:
        connection.execute(f'create database "{name}" template template0')
    return f"postgresql://ribao@/{name}?host={home}"
