"""A real SMTP server (aiosmtpd): letters over TLS and STARTTLS, only where the certificate is verified; logging in."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from report.deliver.ledger import State
from report.deliver.smtp import Connection, Credentials
from report.errors import MailError
from tests.letters import outbox_of, people, publication, sent, settings

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")


class Kept:
    """What came in."""

    def __init__(self) -> None:
        self.letters: list[tuple[str, bytes, bool]] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        (to,) = envelope.rcpt_tos
        self.letters.append(
            (to, envelope.content, session.ssl is not None or server.transport.get_extra_info("cipher") is not None)
        )
        return "250 2.0.0 Ok: queued"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an authority (ca.pem), a certificate of it for 127.0.0.1 (good) and one by itself (own)."""
    folder = tmp_path_factory.mktemp("tls")

    def openssl(*words: str) -> None:
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)

    new = ("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "3650")
    openssl(*new, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=example authority")
    names = ("-addext", "subjectAltName=IP:127.0.0.1", "-subj", "/CN=relay")
    openssl(*new, "-keyout", "own.key", "-out", "own.pem", *names)
    by = ("-CA", "ca.pem", "-CAkey", "ca.key")
    openssl(*new, "-keyout", "good.key", "-out", "good.pem", *names, *by)
    names = ("-addext", "subjectAltName=DNS:other.example.com", "-subj", "/CN=relay")
    openssl(*new, "-keyout", "other.key", "-out", "other.pem", *names, *by)
    return folder


def context(authority: Path, name: str) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(authority / f"{name}.pem", authority / f"{name}.key")
    return made


@contextmanager
def served(safe: ssl.SSLContext | None = None, kept: Kept | None = None, **options: Any) -> Iterator[tuple[Kept, int]]:
    """A server in a thread; gives what it keeps, and its port. safe: TLS from the first byte."""
    kept, loop = kept or Kept(), asyncio.new_event_loop()
    made = loop.create_server(
        lambda: SMTP(kept, data_size_limit=50_000_000, loop=loop, **options), "127.0.0.1", 0, ssl=safe
    )
    server = loop.run_until_complete(made)
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield kept, server.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        for task in asyncio.all_tasks(loop):
            task.cancel()
            with suppress(asyncio.CancelledError):
                loop.run_until_complete(task)
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


def test_letters_go_out_over_starttls_with_a_certificate_of_the_houses_own_authority(
    authority: Path, tmp_path: Path
) -> None:
    made, pace = publication(size=100_000), {"connections": 2}
    safe = {"security": "starttls", "ca_file": str(authority / "ca.pem")}
    with served(tls_context=context(authority, "good"), require_starttls=True) as (kept, port):
        standing, _ = sent(tmp_path / "o.sqlite", settings(port, server=safe, pace=pace), made, people(10))
    assert standing.counts == {State.SENT: 10}
    assert Counter(to for to, _, _ in kept.letters) == {one.address: 1 for one in people(10)}
    assert all(encrypted for _, _, encrypted in kept.letters)
    mail = message_from_bytes(kept.letters[0][1], policy=policy.default)
    (pdf,) = mail.iter_attachments()
    assert pdf.get_content() == made.pdf


def test_letters_go_out_over_tls_from_the_first_byte(authority: Path, tmp_path: Path) -> None:
    with served(context(authority, "good")) as (kept, port):
        given = settings(port, server={"security": "tls", "ca_file": str(authority / "ca.pem")})
        standing, _ = sent(tmp_path / "o.sqlite", given, publication(), people(3))
    assert standing.counts == {State.SENT: 3}
    assert [encrypted for _, _, encrypted in kept.letters] == [True] * 3


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize("certificate", ["own", "other"])
def test_a_certificate_that_is_not_verified_gets_no_letter(
    authority: Path, tmp_path: Path, security: str, certificate: str
) -> None:
    made = context(authority, certificate)
    with served(**{"tls_context": made} if security == "starttls" else {"safe": made}) as (kept, port):
        given = settings(port, server={"security": security, "ca_file": str(authority / "ca.pem")})
        with pytest.raises(MailError, match="no safe connection"):
            sent(tmp_path / "o.sqlite", given, publication(), people(3))
    assert kept.letters == []
    assert {one.state for one in outbox_of(tmp_path / "o.sqlite")} == {State.PENDING}


def test_a_relay_without_starttls_gets_nothing_in_the_clear(tmp_path: Path) -> None:
    with served() as (kept, port), pytest.raises(MailError, match="STARTTLS"):
        sent(tmp_path / "o.sqlite", settings(port, server={"security": "starttls"}), publication(), people(3))
    assert kept.letters == []


def test_a_certificate_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    given = settings(25, server={"security": "starttls", "ca_file": "/no/such.pem"})
    with pytest.raises(MailError, match=r"/no/such\.pem gives no certificates"):
        sent(tmp_path / "o.sqlite", given, publication(), people(1))


def known(server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: object) -> AuthResult:
    good = isinstance(given, LoginPassword) and (given.login, given.password) == (b"desk", b"secret")
    return AuthResult(success=good, handled=False)


def test_a_user_logs_in_over_tls_and_a_wrong_password_is_one_message_without_it(authority: Path) -> None:
    with served(tls_context=context(authority, "good"), authenticator=known, auth_required=True) as (_, port):
        given = settings(port, server={"security": "starttls", "ca_file": str(authority / "ca.pem")}).server
        Connection(given, Credentials("desk", "secret"), 1000).close()
        with pytest.raises(MailError) as caught:
            Connection(given, Credentials("desk", "hunter2"), 1000)
    assert "535" in str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert "hunter2" not in repr(Credentials("desk", "hunter2"))


def test_a_password_is_not_sent_in_the_clear_to_another_machine() -> None:
    given = settings(25, server={"security": "plain", "over_network": True, "host": "127.0.0.1"}).server
    far = given.model_copy(update={"host": "localhost.localdomain."})
    assert given.local
    assert not far.local
