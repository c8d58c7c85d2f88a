"""The post as a user meets it: `ribao send` and `ribao outbox`, their output and exit status."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import threading
from base64 import b64encode
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from email import message_from_bytes, policy
from io import StringIO
from pathlib import Path

import pytest

from report import telling
from report.cli import app
from report.deliver.archive import Archive
from report.workspace import Workspace
from tests.editions import DAYS, edition, lay
from tests.relay import Relay, Session
from tests.terminal import seen

HOME = Path(__file__).parent.parent
DAY = DAYS[2]
ECHOED = b64encode(b"\0desk\0hunter2-secret").decode("ascii")
LIST = "姓名,邮箱,分组\n甲,jia@example.com,有色\n乙,yi@example.com,黑色\n丙,bing@example.com,有色\n"


def around(**more: str) -> dict[str, str]:
    return {"PYTHONPATH": str(HOME), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", **more}


@dataclass(frozen=True)
class Done:
    returncode: int
    stdout: str
    stderr: str


def ribao(*arguments: str, cwd: Path, **more: str) -> Done:
    """What the door says, here in this process, which costs a tenth of one of its own."""
    out, told = StringIO(), StringIO()
    with chdir(cwd), redirect_stdout(out), redirect_stderr(told), pytest.MonkeyPatch.context() as patch:
        for name, value in more.items():
            patch.setenv(name, value)
        status = telling.spoken(lambda: app(list(arguments)))
    return Done(status, out.getvalue(), told.getvalue())


def posting(place: Path, port: int, **keys: object) -> None:
    """Have the workspace send to a relay at that port, with waits of hundredths."""
    text = (HOME / "data" / "delivery.toml").read_text(encoding="utf-8")
    changes = {"host": '"127.0.0.1"', "port": port, "security": '"plain"', "first_wait": 0.02, "longest_wait": 0.1}
    changes |= {"give_up": 5, "timeout": 3, "patience": 3, **keys}
    for key, value in changes.items():
        lines = [f"{key} = {value}" if line.startswith(f"{key} = ") else line for line in text.splitlines()]
        text = "\n".join(lines)
    (place / "data" / "delivery.toml").write_text(text, encoding="utf-8")


@pytest.fixture
def place(workspace: Workspace) -> Path:
    """A workspace with a published report and three clients."""
    lay(Archive(root=workspace.root), edition(DAY))
    (workspace.root / "data" / "recipients.csv").write_text(LIST, encoding="utf-8")
    return workspace.root


def test_everybody_gets_the_published_report_once_and_one_line_says_so(place: Path) -> None:
    with Relay() as relay:
        posting(place, relay.port)
        first, second = (ribao("send", "2024-03-29", cwd=place) for _ in range(2))
    assert (first.returncode, first.stdout, first.stderr) == (0, "2024-03-29 v1：已发 3\n", "")
    assert (second.returncode, second.stdout) == (0, "2024-03-29 v1：已发 3\n")
    assert dict(relay.counts()) == {"jia@example.com": 1, "yi@example.com": 1, "bing@example.com": 1}


def test_what_is_not_published_is_not_sent(place: Path) -> None:
    with Relay() as relay:
        posting(place, relay.port)
        done = ribao("send", "2024-03-28", cwd=place)
    assert (done.returncode, done.stdout) == (1, "")
    assert "2024-03-28 is not published" in done.stderr
    assert not relay.sessions


def test_what_was_changed_in_the_archive_is_not_sent(place: Path) -> None:
    (pdf,) = (place / "archive").rglob("*.pdf")
    pdf.chmod(0o644)
    pdf.write_bytes(b"%PDG")
    with Relay() as relay:
        posting(place, relay.port)
        done = ribao("send", "2024-03-29", cwd=place)
    assert done.returncode == 1
    assert "has changed since it was laid" in done.stderr
    assert not relay.sessions


def test_one_group_first_and_the_others_later(place: Path) -> None:
    with Relay() as relay:
        posting(place, relay.port)
        done = ribao("send", "2024-03-29", "--to", "有色", cwd=place)
        assert (done.returncode, done.stdout) == (0, "2024-03-29 v1：已发 2\n")
        assert set(relay.counts()) == {"jia@example.com", "bing@example.com"}
        assert ribao("send", "2024-03-29", cwd=place).stdout == "2024-03-29 v1：已发 3\n"
        wrong = ribao("send", "2024-03-29", "--to", "农产品", cwd=place)
    assert (wrong.returncode, "known groups are 有色、黑色" in wrong.stderr) == (2, True)
    assert max(relay.counts().values()) == 1


def test_a_fresh_workspace_writes_its_letters_to_look_at_and_sends_none(workspace: Workspace, tmp_path: Path) -> None:
    lay(Archive(root=workspace.root), edition(DAY))
    done = ribao("send", "2024-03-29", "--dry-run", str(tmp_path / "信"), cwd=workspace.root)
    assert (done.returncode, done.stdout) == (0, f"{tmp_path}/信：5 封 .eml，均未发出\n")
    files = sorted((tmp_path / "信").iterdir())
    assert files[0].name == "00001-jia@example.com.eml"
    mail = message_from_bytes(files[0].read_bytes(), policy=policy.default)
    assert str(mail["To"]) == "示例客户甲 <jia@example.com>"
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "application/pdf",
    ]
    assert ribao("outbox", cwd=workspace.root).stdout == ""
    again = ribao("send", "2024-03-29", "--dry-run", str(tmp_path / "信"), cwd=workspace.root)
    assert (again.returncode, "is not empty" in again.stderr) == (2, True)


def test_the_packaged_sample_of_clients_is_never_sent_to(workspace: Workspace) -> None:
    lay(Archive(root=workspace.root), edition(DAY))
    with Relay() as relay:
        posting(workspace.root, relay.port)
        done = ribao("send", "2024-03-29", cwd=workspace.root)
    assert done.returncode == 1
    assert "data/recipients.xlsx: not there" in done.stderr
    assert not relay.sessions


def test_a_bad_address_is_named_with_its_row_and_the_others_have_their_letters(place: Path) -> None:
    (place / "data" / "recipients.csv").write_text(LIST + "丁,ding@@example.com,有色\n", encoding="utf-8")
    with Relay() as relay:
        posting(place, relay.port)
        done = ribao("send", "2024-03-29", cwd=place)
    assert (done.returncode, done.stdout) == (1, "2024-03-29 v1：已发 3\n")
    assert "recipients.csv › row 5 › B" in done.stderr
    assert len(relay.taken) == 3


def test_the_outbox_shows_who_has_what_and_settles_and_resends(place: Path) -> None:
    def plan(session: Session, at: str) -> str:
        to = session.recipients[-1] if session.recipients else ""
        if at == "rcpt" and to.startswith("yi"):
            return "550 5.1.1 no such user"
        return "drop" if at == "kept" and to.startswith("bing") else ""

    with Relay(plan) as relay:
        posting(place, relay.port)
        done = ribao("send", "2024-03-29", cwd=place)
    assert (done.returncode, done.stdout) == (1, "2024-03-29 v1：已发 1，存疑 1，失败 1\n")
    assert ribao("outbox", cwd=place).stdout == "2024-03-29\tv1\t已发 1，存疑 1，失败 1\n"
    rows = [line.split("\t") for line in ribao("outbox", "2024-03-29", cwd=place).stdout.splitlines()]
    assert [(row[0], row[1], row[2], row[3], row[4]) for row in rows] == [
        ("v1", "bing@example.com", "丙", "存疑", "1"),
        ("v1", "jia@example.com", "甲", "已发", "1"),
        ("v1", "yi@example.com", "乙", "失败", "1"),
    ]
    assert rows[2][6] == "550 5.1.1 no such user"
    with Relay() as relay:
        posting(place, relay.port)
        resent = ribao("outbox", "resend", "2024-03-29", cwd=place)
        assert (resent.returncode, resent.stdout) == (0, "2024-03-29 v1：已发 1\n")
        assert set(relay.counts()) == {"yi@example.com"}
        nobody = ribao("outbox", "settle", "--sent", "ding@example.com", cwd=place)
        assert (nobody.returncode, "no letter to this address is in doubt" in nobody.stderr) == (2, True)
        settled = ribao("outbox", "settle", "--not-sent", "Bing@example.com", cwd=place)
        assert (settled.returncode, settled.stdout) == (0, "了结 1 封，仍存疑 0 封\n")
        assert ribao("send", "2024-03-29", cwd=place).stdout == "2024-03-29 v1：已发 3\n"
    assert set(relay.counts()) == {"yi@example.com", "bing@example.com"}


def test_what_is_in_doubt_on_two_days_is_settled_by_hand_for_one_of_them(place: Path) -> None:
    lay(Archive(root=place), edition(DAYS[1]))
    with Relay(lambda session, at: "drop" if at == "kept" and session.recipients[-1].startswith("yi") else "") as relay:
        posting(place, relay.port)
        for day in DAYS[1:3]:
            assert ribao("send", str(day), cwd=place).returncode == 1
    by_hand = ("outbox", "settle", "--sent", "yi@example.com")
    both = ribao(*by_hand, cwd=place)
    assert (both.returncode, f"in doubt on {DAYS[1]}, {DAYS[2]}; say which" in both.stderr) == (2, True)
    one = ribao(*by_hand, "--date", str(DAY), cwd=place)
    assert (one.returncode, one.stdout) == (0, "了结 1 封，仍存疑 0 封\n")


def test_a_log_of_another_relay_is_not_believed_to_be_complete(place: Path) -> None:
    with Relay(lambda session, at: "drop" if at == "kept" else "") as relay:
        posting(place, relay.port)
        ribao("send", "2024-03-29", cwd=place)
    (place / "mail.log").write_text("", encoding="utf-8")
    done = ribao("outbox", "settle", "mail.log", "--complete", cwd=place)
    assert (done.returncode, "names no letter of 2024-03-29" in done.stderr) == (1, True)
    assert ribao("outbox", cwd=place).stdout == "2024-03-29\tv1\t存疑 3\n"


def test_a_terminal_sees_the_step_under_way_and_then_how_it_ended(place: Path) -> None:
    shown, (ours, theirs) = threading.Event(), pty.openpty()

    def plan(session: Session, at: str) -> str:
        return "" if shown.wait(timeout=60) else "drop"  # the relay says nothing until the step is on the terminal

    with Relay(plan) as relay:
        posting(place, relay.port, timeout=60)
        command = [sys.executable, "-m", "report", "send", "2024-03-29"]
        surroundings = around(TERM="xterm", COLUMNS="120")
        ends = {"stdin": theirs, "stdout": theirs, "stderr": theirs}
        with subprocess.Popen(command, cwd=place, env=surroundings, **ends) as child:
            os.close(theirs)
            before = seen(ours, until="准备信件")
            shown.set()
            after = seen(ours)
        assert child.returncode == 0
    assert "准备信件" in before
    assert "已发" not in before
    assert "2024-03-29 v1：已发 3" in after


def test_a_password_is_shown_nowhere(place: Path) -> None:
    secret = "hunter2-secret"
    with Relay(
        lambda session, at: f"535 wrong: hunter2-secret {ECHOED}" if at == "auth" else "", ("AUTH PLAIN LOGIN",)
    ) as relay:
        posting(place, relay.port)
        done = ribao("send", "2024-03-29", cwd=place, RIBAO_SMTP_USER="desk", RIBAO_SMTP_PASSWORD=secret)
    assert done.returncode == 1
    assert "535" in done.stderr
    assert not [one for one in (secret, ECHOED) if one in done.stdout + done.stderr]
    assert "Traceback" not in done.stderr
    assert secret.encode() not in (place / "history.sqlite").read_bytes()
    assert not relay.taken


def test_a_user_without_a_password_is_told_where_to_put_it(place: Path) -> None:
    with Relay() as relay:
        posting(place, relay.port)
        done = ribao("send", "2024-03-29", cwd=place, RIBAO_SMTP_USER="desk")
    assert done.returncode == 1
    foreign = ribao("send", "2024-03-29", cwd=place, RIBAO_SMTP_USER="desk", RIBAO_SMTP_PASSWORD="秘密")
    assert (foreign.returncode, "plain ASCII" in foreign.stderr, "秘密" in foreign.stderr) == (1, True, False)
    assert "no password for desk; set RIBAO_SMTP_PASSWORD" in done.stderr


def test_a_mistake_in_the_settings_of_the_post_names_file_and_key(place: Path) -> None:
    posting(place, 25, host='"relay.example.com"')
    done = ribao("send", "2024-03-29", cwd=place)
    assert done.returncode == 1
    assert "data/delivery.toml › server" in done.stderr
    assert "in the clear" in done.stderr


def test_nothing_to_settle_by_is_wrong_usage(place: Path) -> None:
    assert ribao("outbox", "settle", cwd=place).returncode == 2
    assert ribao("outbox", "29.3.2024", cwd=place).returncode == 2
