"""Publishing: once, whole, approved by somebody; made again from what was kept, byte for byte."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

import report
from report import addresses, pipeline
from report.deliver.archive import Archive
from report.errors import ArchiveError, CatalogError, GateClosed, InputError, UsageError
from report.pipeline import keeping, publishing, trail
from report.workspace import Workspace

DAY = pipeline.SAMPLE
NOW = datetime(2024, 3, 28, 23, 50, tzinfo=UTC)
HOME = Path(report.__file__).parent.parent


def book(workspace: Workspace) -> Path:
    return workspace.inbox(DAY) / "日报底稿.xlsx"


def publish(house: pipeline.House, approver: str = "示例审核", **more: bool) -> publishing.Published:
    return publishing.publish(house, DAY, approver, NOW, **more)


@pytest.fixture
def archived(published: Path) -> Archive:
    return Archive("archive", published)


@pytest.fixture
def kept_house(published: Path):
    opened = pipeline.open_house(Workspace(published))
    yield opened
    opened.history.close()


@pytest.fixture
def again(published: Path, tmp_path: Path) -> Workspace:
    """The published workspace, to be changed."""
    return Workspace(Path(shutil.copytree(published, tmp_path / "again")))


@pytest.fixture
def house_again(again: Workspace) -> Iterator[pipeline.House]:
    opened = pipeline.open_house(again)
    yield opened
    opened.history.close()


def test_the_sample_day_can_be_published_at_once_and_twice_is_once(house, workspace, archived) -> None:
    first = publish(house)
    before = sorted((path, path.stat().st_mtime_ns) for path in (workspace.root / "archive").rglob("*"))
    again = publish(house, "另一人")
    assert (first.fresh, again.fresh) == (True, False)
    assert again.manifest == first.manifest
    assert sorted((path, path.stat().st_mtime_ns) for path in (workspace.root / "archive").rglob("*")) == before
    assert trail.verify(house).faults == ()
    elsewhere = archived.manifest(DAY, 1)
    assert elsewhere.published_at != first.manifest.published_at
    assert {name: one.sha256 for name, one in elsewhere.files.items()} == {
        name: one.sha256 for name, one in first.manifest.files.items()
    }


@pytest.mark.parametrize("nobody", ["", "  ", "\t\n"])
def test_nobody_cannot_approve(house, workspace, nobody) -> None:
    with pytest.raises(UsageError, match="nobody is named"):
        publish(house, nobody)
    assert not (workspace.root / "archive").exists()


def test_a_warning_that_nobody_waived_keeps_the_report_in_the_house(house, workspace) -> None:
    (workspace.root / "data" / "waivers").mkdir()
    (workspace.root / "data" / "waivers" / f"{DAY}.toml").write_text("", encoding="utf-8")
    with pytest.raises(GateClosed, match="12 处错误或警告未了"):
        publish(house)
    assert Archive("archive", workspace.root).days() == []


def test_an_analyst_who_alone_wrote_and_approved_the_report_is_remarked_on() -> None:
    assert publishing.remarks(["示例分析师丁"], "示例分析师丁") == (publishing.ALONE,)
    assert publishing.remarks(["示例分析师甲", "示例分析师丁"], "示例分析师丁") == ()
    assert publishing.remarks([], "示例分析师丁") == ()


def test_two_who_wrote_it_and_one_who_approves_are_four_eyes(archived) -> None:
    assert archived.manifest(DAY).remarks == ()
    assert len(archived.manifest(DAY).analysts) == 4


def test_changed_inputs_are_not_published_without_saying_so(house_again, again) -> None:
    opened = load_workbook(book(again))
    opened["产业"]["D7"] = -190
    opened.save(book(again))
    with pytest.raises(InputError, match=r"published as v2, and would now .*现货升贴水.*as v3 with --erratum"):
        publish(house_again)
    assert Archive("archive", again.root).versions(DAY) == [1, 2]


def test_a_change_that_prints_nothing_new_is_no_erratum(house_again, again) -> None:
    own = again.root / "templates" / "daily.css"
    own.write_text((HOME / "templates" / "daily.css").read_text("utf-8") + "\n/* later */\n", encoding="utf-8")
    assert not publish(house_again, erratum=True).fresh


def test_an_erratum_says_what_was_printed_and_what_is_right(archived) -> None:
    first, second = archived.manifest(DAY, 1), archived.manifest(DAY)
    told = archived.publication(DAY)
    assert (second.version, told.filename, told.title) == (2, "商品日报_20240329_v2.pdf", "商品日报 20240329 v2")
    assert "取代 2024 年 3 月 29 日发布的第 1 版" in told.erratum
    for line in (
        "产业数据透视 › 铜 · 现货升贴水 · 3月28日：原载「−210 元/吨」，更正为「−200 元/吨」",
        "产业数据透视 › 铜 · 现货升贴水 · 涨跌：原载「0 元/吨」，更正为「+10 元/吨」",
        "铜 · 展望：原载（无），更正为「短期仍需留意库存拐点。」",
        "氧化铝 · 操作建议：原载「逢高抛空」，更正为「观望」",
    ):
        assert line in told.erratum.splitlines()
        assert line in told.text.splitlines()
    assert "−200 元/吨" in told.html
    assert second.supersedes is not None
    assert (second.supersedes.version, first.supersedes, first.erratum) == (1, None, "")


@pytest.mark.parametrize(
    ("there", "then", "told"),
    [
        ("paragraphs = [\n", 'paragraphs = [\n  "另加一段示例声明。",\n', "原载（无），更正为「另加一段示例声明。」"),
        ("motto = ", 'motto = "另一句" #', "更正为「另一句」"),
        ("foot = ", 'foot = "另一页脚" #', "页脚：原载「"),
        ("source_line = ", 'source_line = "另一来源" #', "走势图：原载「"),
    ],
)
def test_nothing_that_is_printed_can_change_and_the_erratum_say_that_it_has_not(
    house, workspace, there, then, told
) -> None:
    publish(house)
    path = workspace.root / "data" / "settings.toml"
    before = path.read_text("utf-8")
    assert there in before
    path.write_text(before.replace(there, then, 1), encoding="utf-8")
    changed = pipeline.open_house(workspace)
    with pytest.raises(InputError, match="would now be printed otherwise"):
        publish(changed)
    done = publish(changed, erratum=True)
    changed.history.close()
    assert done.fresh
    assert told in done.manifest.erratum


def test_another_analyst_s_name_is_a_correction(house_again, again) -> None:
    opened = load_workbook(book(again))
    views = opened["观点"]
    heads = {str(cell.value): cell.column for row in views.iter_rows(max_row=6) for cell in row if cell.value}
    views.cell(7, heads["分析师"]).value = "示例分析师新"
    opened.save(book(again))
    assert "更正为「示例分析师新」" in publish(house_again, erratum=True).manifest.erratum


def test_the_list_says_which_version_holds(kept_house) -> None:
    entries = trail.listing(kept_house, lambda day, version: f"{day} {version}")
    assert [(one.manifest.version, one.superseded, one.sending) for one in entries] == [
        (1, 2, "2024-03-29 1"),
        (2, 0, "2024-03-29 2"),
    ]
    assert [row["superseded_by"] for row in json.loads(trail.as_json(entries))] == [2, None]


def test_the_manifest_tells_who_what_when_and_on_which_grounds(archived) -> None:
    told = archived.manifest(DAY, 1)
    assert told.approver == "示例审核"
    assert told.published_at == datetime(2024, 3, 28, 23, 40, tzinfo=UTC)
    assert {"ribao", "python", "weasyprint", "pango", "pydyf", "code"} == set(told.versions)
    waived = [one for one in told.findings if one.severity == "WARNING"]
    assert len(waived) == 12
    assert all("示例" in one.waived for one in waived)
    names = set(told.kept)
    assert {"inbox/日报底稿.xlsx", f"data/waivers/{DAY}.toml", "templates/fonts/RibaoSans-Bold.ttf"} <= names
    assert {"data/calendars/china.toml", "data/settings.toml", keeping.KNOWN, keeping.VIEWS} <= names
    assert not [name for name in names if "samples" in name or name.endswith((".csv", ".pyc"))]


def test_a_report_is_made_again_from_the_archive_alone_byte_for_byte(published, tmp_path) -> None:
    """In another process, hash seed, time zone and folder, with nothing of the workspace left but the archive."""
    root = tmp_path / "later"
    (root / "inbox").mkdir(parents=True)
    (root / "data").mkdir()
    settings = (HOME / "data" / "settings.toml").read_text("utf-8")
    settings = settings.replace('archive = "archive"', f"archive = '{published}/archive'")
    (root / "data" / "settings.toml").write_text(settings, encoding="utf-8")
    (root / "templates").mkdir()
    (root / "templates" / "daily.css").write_text("p { color: #00f }")
    surroundings = os.environ | {"PYTHONHASHSEED": "11", "TZ": "America/New_York", "PYTHONPATH": str(HOME)}
    command = [sys.executable, "-m", "report", "archive", "rebuild", "2024-03-29"]
    done = subprocess.run(command, cwd=root, env=surroundings, capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("2024/03/2024-03-29/v2: 重做与归档逐字节相同\n", 0), done.stderr


def test_what_is_made_otherwise_today_is_told_with_what_has_changed(kept_house, monkeypatch) -> None:
    monkeypatch.setattr(publishing, "__version__", "9.9")
    monkeypatch.setattr("report.render.letter.plain", lambda *_: "其他".encode())
    done, files = trail.rebuild(kept_house, DAY, 1)
    assert (done.otherwise, done.differing) == ({"ribao": ("0.1.0", "9.9")}, ("letter.txt",))
    assert files["letter.txt"] == "其他".encode()


def test_a_damaged_source_stops_a_rebuild(house_again, again) -> None:
    manifest, _ = trail.shown(house_again, DAY, 1)
    kept = again.root / "archive" / manifest.place / "kept" / manifest.kept["templates/daily.css"].sha256
    kept.chmod(0o644)
    kept.write_bytes(kept.read_bytes() + b" ")
    with pytest.raises(ArchiveError, match="has changed since it was laid"):
        trail.rebuild(house_again, DAY)


def test_a_report_this_version_cannot_make_any_more_says_which_one_made_it(kept_house, monkeypatch) -> None:
    found, _ = trail.shown(kept_house, DAY)
    sound = Archive.kept

    def older(self: Archive, manifest, name: str) -> bytes:
        return b"unknown = 1" if name == "data/settings.toml" else sound(self, manifest, name)

    monkeypatch.setattr(Archive, "kept", older)
    with pytest.raises(
        ArchiveError, match=rf"settings\.toml[^\n]*\n.*made by ribao 0\.1\.0 \({found.versions['code']}\)"
    ):
        trail.rebuild(kept_house, DAY)


@pytest.mark.parametrize("name", ["data/../../../x", "inbox/../../../../x", "templates/../../y"])
def test_a_made_up_archive_writes_nothing_outside_its_folder(name) -> None:
    with (
        pytest.raises(ArchiveError, match="outside its folder"),
        keeping.restored(DAY, {name: b"x", keeping.OTHERS: b"[]"}),
    ):
        pass


@pytest.mark.parametrize(
    ("key", "usual", "address"),
    [
        ("database", "history.sqlite", "postgresql://desk:hush@db.example.com/x"),
        ("database", "history.sqlite", "postgresql://desk@db.example.com/x?password=hush"),
        ("archive", "archive", "memory://desk:hu/sh@store.example.com/archive"),
        ("archive", "archive", "memory://store.example.com/archive?secretKey=hush"),
    ],
)
def test_a_password_in_an_address_does_not_go_into_the_archive(workspace, monkeypatch, key, usual, address) -> None:
    path = workspace.root / "data" / "settings.toml"
    before = path.read_text("utf-8")
    assert f'{key} = "{usual}"' in before
    path.write_text(before.replace(f'{key} = "{usual}"', f'{key} = "{address}"'), encoding="utf-8")
    monkeypatch.setenv("RIBAO_DATABASE", "history.sqlite")
    opened = pipeline.open_house(workspace)
    with pytest.raises(CatalogError, match=rf"data/settings\.toml › {key}: holds a password") as caught:
        publish(opened)
    opened.history.close()
    assert "hush" not in str(caught.value)
    assert Archive("archive", workspace.root).days() == []


def test_every_password_in_data_is_told_at_once_and_none_is_archived(house, workspace) -> None:
    data = workspace.root / "data"
    (data / "own.toml").write_text('[relay]\npassword = "hush"\nhosts = ["x", "ftp://a:hush@b"]\n', encoding="utf-8")
    (data / "varieties").mkdir(exist_ok=True)
    (data / "notes-of-ours.toml").write_text('"口令" = "hush"\nkey = "harmless"\npassword = ""\n', encoding="utf-8")
    with pytest.raises(CatalogError) as caught:
        publish(house)
    told = [line.partition(": ")[0] for line in str(caught.value).splitlines()]
    assert told == ["data/notes-of-ours.toml › 口令", "data/own.toml › relay.password", "data/own.toml › relay.hosts.2"]
    assert "hush" not in str(caught.value)
    assert Archive("archive", workspace.root).days() == []


@pytest.mark.parametrize(
    ("address", "holds", "shown"),
    [
        ("postgresql://desk@db.example.com:5432/x", False, "postgresql://db.example.com:5432/x"),
        ("s3://bucket/archive", False, "s3://bucket/archive"),
        ("https://host:8443/a@b", False, "https://b"),
        ("https://desk:a@b@host/x", True, "https://host/x"),
        ("https://host/x?user=desk&api_key=1&y=2", True, "https://host/x?user=desk&api_key=***&y=2"),
        ("a key=value without an address", False, "a key=value without an address"),
    ],
)
def test_an_address_is_shown_without_what_opens_it(address, holds, shown) -> None:
    assert (addresses.has_password(address), addresses.shown(address)) == (holds, shown)


def test_a_report_can_be_published_into_a_store(workspace) -> None:
    path = workspace.root / "data" / "settings.toml"
    url = f"memory://{uuid.uuid4()}/archive"
    path.write_text(path.read_text("utf-8").replace('archive = "archive"', f'archive = "{url}"'), encoding="utf-8")
    house = pipeline.open_house(workspace)
    assert publish(house).fresh
    assert not (workspace.root / "archive").exists()
    assert trail.verify(house).faults == ()
    house.history.close()


def test_nothing_is_archived_or_kept_when_the_history_gives_out(house, workspace, monkeypatch) -> None:
    def broken(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("report.pipeline.building.keep", broken)
    with pytest.raises(OSError, match="No space"):
        publish(house)
    assert list((workspace.root / "archive").rglob("*")) == []
