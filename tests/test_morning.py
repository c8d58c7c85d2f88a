"""`ribao morning`: waits, checks, publishes what somebody approved, sends; once, however often it is run."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from report import pipeline
from report.deliver.archive import Archive
from report.deliver.ledger import State
from report.delivery import Clock
from report.errors import ArchiveError, InputError, MorningFailed, UsageError
from report.pipeline import approving, morning, publishing
from report.pipeline.house import House, open_archive
from report.workspace import Workspace
from tests.editions import edition, lay
from tests.relay import Relay, Session
from tests.test_post import LIST, posting, ribao

DAY = pipeline.SAMPLE
SEVEN = datetime(2024, 3, 28, 23, 0, tzinfo=UTC)  # 07:00 in Beijing
NAME = "批准.txt"


def at_seven(passing: Callable[[float], None] = lambda seconds: None) -> Clock:
    """A clock that begins at seven; what is slept passes at once, and `passing` is told how long it has been."""
    slept = [0.0]

    def sleep(seconds: float) -> None:
        slept[0] += seconds
        passing(slept[0])

    return Clock(lambda: SEVEN + timedelta(seconds=slept[0]), sleep)


@pytest.fixture
def ready(workspace: Workspace) -> Workspace:
    (workspace.root / "data" / "recipients.csv").write_text(LIST, encoding="utf-8")
    return workspace


def approve(place: Workspace, name: str = "示例审核", encoding: str = "utf-8") -> Path:
    """Approve what is there now."""
    path = place.inbox(DAY) / NAME
    opened = pipeline.open_house(place)
    told = pipeline.check(opened, DAY, SEVEN).digest
    opened.history.close()
    path.write_text(f"\n  {name} \n同意 {told}\n", encoding=encoding)
    return path


def gone(house: House, clock: Clock | None = None, approver: str = "") -> morning.Gone:
    return morning.morning(house, DAY, clock or at_seven(), approver=approver)


def test_it_waits_for_what_is_late_and_for_an_approval_and_a_second_run_does_it_once(
    ready: Workspace, house: House
) -> None:
    book = ready.workbooks(DAY)[0]
    whole = book.read_bytes()
    opened = load_workbook(book)
    row = next(row for row in opened["观点"].iter_rows() if any(cell.value == "铜" for cell in row))[0].row
    opened["观点"].delete_rows(row)
    opened.save(book)
    seen: list[float] = []

    def passing(slept: float) -> None:
        seen.append(slept)
        if slept == 900:
            book.write_bytes(whole)
        if slept == 1800:
            approve(ready)

    with Relay() as relay:
        posting(ready.root, relay.port, poll=900)
        first = gone(house, at_seven(passing))
        second = gone(house)
    assert seen == [900, 1800]
    assert first.sent is not None
    assert second.sent is not None
    assert first.sent.standing.counts == second.sent.standing.counts == {State.SENT: 3}
    assert len(relay.taken) == 3
    archive = open_archive(house)
    assert archive.versions(DAY) == [1]
    assert archive.manifest(DAY).approver == "示例审核"
    (pdf,) = relay.taken[0].mail.iter_attachments()
    assert pdf.get_content() == archive.publication(DAY).pdf
    assert "操作建议" in relay.taken[0].mail.get_body(("html",)).get_content()


def test_nobody_s_approval_sends_nothing_and_the_message_says_where_to_put_it(ready: Workspace, house: House) -> None:
    with Relay() as relay:
        posting(ready.root, relay.port, poll=1800)
        with pytest.raises(MorningFailed, match=r"nobody has approved it; put your name into .*批准\.txt") as caught:
            gone(house)
    assert "\n" not in str(caught.value)
    assert not relay.sessions
    assert open_archive(house).versions(DAY) == []


@pytest.mark.parametrize("changed", ["workbook", "settings", "template", "waivers"])
def test_whatever_is_laid_there_after_the_approval_needs_another_however_old_it_calls_itself(
    ready: Workspace, house: House, changed: str
) -> None:
    approve(ready)
    book = ready.workbooks(DAY)[0]
    paths = {
        "workbook": book,
        "settings": ready.root / "data" / "settings.toml",
        "template": ready.root / "templates" / "daily.css",
        "waivers": ready.root / "data" / "waivers" / f"{DAY}.toml",
    }
    elsewhere, path = ready.root / "elsewhere", paths[changed]
    if changed == "workbook":
        opened = load_workbook(book)
        opened["产业"]["D7"] = -200
        opened.save(elsewhere)
    else:
        source = path if path.exists() else Path(pipeline.__file__).parents[2] / path.relative_to(ready.root)
        elsewhere.write_bytes(source.read_bytes() + b"\n\n")
    os.utime(elsewhere, (1_000_000_000, 1_000_000_000))
    path.parent.mkdir(exist_ok=True)
    shutil.copy2(elsewhere, path)
    with Relay() as relay:
        posting(ready.root, relay.port, poll=3600)
        with pytest.raises(MorningFailed, match="nobody has approved it as it is now"):
            gone(house)
    assert not relay.sessions


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig"])
def test_an_approval_is_read_as_editors_save_it(ready: Workspace, house: House, encoding: str) -> None:
    path = approve(ready, encoding=encoding)
    told = pipeline.check(house, DAY, SEVEN).digest
    assert approving.approval(house, DAY, path.name, told) == "示例审核"


@pytest.mark.parametrize("hidden", ["\u200b", "\u202e", "\x07"])
def test_a_name_that_is_not_what_it_looks_like_approves_nothing(ready: Workspace, house: House, hidden: str) -> None:
    path = approve(ready, f"示例{hidden}审核")
    with pytest.raises(InputError, match="invisible character"):
        approving.approval(house, DAY, path.name, "0" * 12)
    with pytest.raises(UsageError, match=r"--approver: .* invisible character"):
        publishing.publish(house, DAY, f"示例{hidden}审核", SEVEN)


def test_a_file_saved_during_the_build_is_waited_for(ready: Workspace, house: House, monkeypatch) -> None:
    whole, asked = publishing.imprint, []

    def saved(*given: object) -> object:
        asked.append(1)
        if len(asked) == 1:
            (ready.inbox(DAY) / "附.txt").write_text("later", encoding="utf-8")
        return whole(*given)

    monkeypatch.setattr(publishing, "imprint", saved)
    with Relay() as relay:
        posting(ready.root, relay.port, poll=60)
        done = gone(house, approver="示例审核")
    assert len(asked) == 2
    assert done.sent is not None
    assert done.sent.done


def test_a_second_run_after_the_deadline_waits_for_the_first(ready: Workspace, house: House) -> None:
    archive = Archive(root=ready.root)
    late = Clock(lambda: SEVEN + timedelta(hours=9), lambda seconds: first.close())
    with ExitStack() as first, Relay() as relay:
        posting(ready.root, relay.port, desk='["desk@example.com"]')
        first.enter_context(archive.alone())
        done = gone(house, late, approver="示例审核")
    assert done.sent is not None
    assert done.sent.done
    assert "desk@example.com" not in relay.counts()


def test_an_archive_that_is_gone_is_no_fresh_start(ready: Workspace, house: House) -> None:
    lay(Archive(root=ready.root), edition(DAY))
    with Relay() as relay:
        posting(ready.root, relay.port)
        gone(house)
        (ready.root / "archive").rename(ready.root / "elsewhere")
        with pytest.raises(ArchiveError, match=r"letters of another 2024-03-29 v1 are in the outbox already"):
            publishing.publish(house, DAY, "示例审核", SEVEN)
        assert open_archive(house).versions(DAY) == []
        lay(Archive(root=ready.root), edition(DAY, pdf=b"%PDF other"))
        with pytest.raises(MorningFailed, match="letters of another"):
            gone(house)
    assert len(relay.taken) == 3


@pytest.mark.parametrize("missing", ["workbook", "number"])
def test_at_the_deadline_one_line_says_what_is_missing_and_the_desk_is_told(
    ready: Workspace, house: House, missing: str
) -> None:
    book = ready.workbooks(DAY)[0]
    if missing == "workbook":
        book.unlink()
    else:
        opened = load_workbook(book)
        opened["收盘"]["D5"] = "7250O"
        opened.save(book)
    with Relay() as relay:
        posting(ready.root, relay.port, poll=2400, desk='["desk@example.com"]')
        with pytest.raises(MorningFailed) as caught:
            gone(house, approver="示例审核")
    said = str(caught.value)
    assert "\n" not in said
    assert {"workbook": "no workbook (.xlsx) for the report of 2024-03-29", "number": "found '7250O'"}[missing] in said
    (told,) = relay.taken
    assert told.recipients == ("desk@example.com",)
    assert told.mail["Subject"] == "商品日报 2024-03-29 未发出"
    assert told.mail.get_content().strip() == said


def test_a_desk_that_cannot_be_told_is_said_too(ready: Workspace, house: House) -> None:
    ready.workbooks(DAY)[0].unlink()
    with Relay(lambda session, at: "drop" if at == "greet" else "") as relay:
        posting(ready.root, relay.port, poll=2400, desk='["desk@example.com"]')
        with pytest.raises(MorningFailed, match=r"no workbook .*\(and the desk could not be told: desk@example\.com"):
            gone(house, approver="示例审核")


def test_letters_that_fail_are_a_failed_morning_and_the_next_run_sends_the_rest(ready: Workspace, house: House) -> None:
    def plan(session: Session, at: str) -> str:
        return "450 later" if at == "rcpt" and "yi@" in session.recipients[-1] else ""

    lay(Archive(root=ready.root), edition(DAY))
    with Relay(plan) as relay:
        posting(ready.root, relay.port, give_up=0)
        with pytest.raises(MorningFailed, match="已发 2，待重试 1"):
            gone(house)
    with Relay() as relay:
        posting(ready.root, relay.port)
        done = gone(house, Clock(lambda: SEVEN + timedelta(hours=1), lambda seconds: None))
    assert done.sent is not None
    assert done.sent.done
    assert set(relay.counts()) == {"yi@example.com"}


def test_a_holiday_is_no_error_and_one_line(workspace: Workspace) -> None:
    done = ribao("morning", "2024-03-30", cwd=workspace.root)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("2024-03-30 无日报：SHFE does not trade on 2024-03-30")
    assert done.stdout.count("\n") == 1


def test_the_command_says_in_one_line_what_was_sent_or_what_is_missing(ready: Workspace) -> None:
    with Relay() as relay:
        posting(ready.root, relay.port)
        missing = ribao("morning", "2024-03-29", cwd=ready.root)
        lay(Archive(root=ready.root), edition(DAY))
        sent = ribao("morning", "2024-03-29", cwd=ready.root)
    assert (missing.returncode, missing.stdout) == (1, "")
    assert missing.stderr.startswith("ribao: 商品日报 2024-03-29: nobody has approved it")
    assert missing.stderr.count("\n") == 1
    assert (sent.returncode, sent.stdout) == (0, "2024-03-29 v1：已发 3\n")
