"""The benchmark runs: nobody should find out on the day they need a figure."""

from __future__ import annotations

from pathlib import Path

from report import catalog as catalogs
from report.workspace import Workspace
from tests import bench


def test_the_stages_of_a_build_are_timed(workspace: Workspace, monkeypatch, capsys) -> None:
    monkeypatch.setattr(bench, "ROUNDS", 1)
    bench.stages(workspace.root)
    told = capsys.readouterr().out
    assert all(f"stage {name}" in told for name in ("imports", "open", "读取底稿", "核对、排版 pdf", "入库"))


def test_ten_times_the_sample_is_a_catalogue_of_130_views(sample_workspace: Path, tmp_path: Path) -> None:
    bench.multiply(sample_workspace, tmp_path / "w130", 10)
    whole = catalogs.load(Workspace(tmp_path / "w130").folders("data"))
    assert (len(whole.views), len(whole.blocks)) == (130, 130)
