"""A Postfix of the tests' own, on the loopback only: it passes everything on to a relay of the tests.

Debian's Postfix is used where it is installed; its master must be started by root. All its files lie in a temporary
folder and are gone when the tests are.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

PROGRAM = shutil.which("postfix", path="/usr/sbin:/usr/local/sbin")
MAIN = """\
compatibility_level = 3.6
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
queue_directory = {home}/spool
data_directory = {home}/data
mail_owner = postfix
setgid_group = postdrop
maillog_file = {home}/mail.log
maillog_file_prefixes = {home}
myhostname = relay.example.com
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
smtpd_relay_restrictions = permit_mynetworks, reject
relayhost = [127.0.0.1]:{behind}
disable_dns_lookups = yes
smtp_tls_security_level = none
smtpd_tls_security_level = none
message_size_limit = 50000000
alias_maps =
alias_database =
"""
MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


def lacking() -> str:
    """Why no Postfix can be started here; '' where one can."""
    if PROGRAM is None or not Path("/usr/lib/postfix/sbin/master").exists():
        return "no Postfix here (Debian: apt-get install postfix)"
    return "" if os.getuid() == 0 else "Postfix is started by root only"


@dataclass(frozen=True)
class Postfix:
    """A running Postfix: where it listens, and its log."""

    port: int
    log: Path


@contextmanager
def running(behind: int) -> Iterator[Postfix]:
    """A Postfix that hands everything to the relay at port `behind`."""
    home = Path(tempfile.mkdtemp(prefix="ribao-postfix-", dir="/tmp"))
    home.chmod(0o755)
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    config = home / "etc"
    for folder in ("etc", "spool", "data"):
        (home / folder).mkdir()
    shutil.chown(home / "data", "postfix")
    (config / "main.cf").write_text(MAIN.format(home=home, behind=behind), encoding="ascii")
    (config / "master.cf").write_text(MASTER.format(port=port), encoding="ascii")
    try:
        _run(config, "start")
        _awaited(port)
        yield Postfix(port, home / "mail.log")
    finally:
        with suppress(AssertionError):
            _run(config, "stop")
        shutil.rmtree(home, ignore_errors=True)


def _run(config: Path, word: str) -> None:
    command = [str(PROGRAM), "-c", str(config), word]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr


def _awaited(port: int) -> None:
    for _ in range(200):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            if connection.recv(3) == b"220":
                return
        time.sleep(0.05)
    raise TimeoutError("Postfix does not answer")
