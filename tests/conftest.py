"""A workspace that holds the sample, made once and copied for each test that changes it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from report import pipeline
from report.pipeline import publishing
from report.workspace import Workspace


@pytest.fixture(scope="session")
def sample_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Only to be read."""
    return pipeline.init(tmp_path_factory.mktemp("made") / "日报 样例").root


@pytest.fixture
def workspace(sample_workspace: Path, tmp_path: Path) -> Workspace:
    """A workspace of the test's own, in a folder with a space and Chinese in its name."""
    return Workspace(Path(shutil.copytree(sample_workspace, tmp_path / "我的 日报")))


@pytest.fixture(scope="session")
def published(sample_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace whose sample day is published, and published again with an erratum. Only to be read."""
    root = Path(shutil.copytree(sample_workspace, tmp_path_factory.mktemp("published") / "日报"))
    opened = pipeline.open_house(Workspace(root))
    publishing.publish(opened, pipeline.SAMPLE, "示例审核", datetime(2024, 3, 28, 23, 40, tzinfo=UTC))
    corrected(root / "inbox" / "2024-03-29" / "日报底稿.xlsx")
    publishing.publish(opened, pipeline.SAMPLE, "示例审核", datetime(2024, 3, 29, 2, 5, tzinfo=UTC), erratum=True)
    opened.history.close()
    return root


def corrected(book: Path) -> None:
    """Change a figure, a sentence and a recommendation of the sample's workbook."""
    opened = load_workbook(book)
    opened["产业"]["D7"] = -200
    views = opened["观点"]
    views["E7"] = views["E7"].value + "短期仍需留意库存拐点。"
    views["F9"] = "观望"
    opened.save(book)


@pytest.fixture
def house(workspace: Workspace) -> Iterator[pipeline.House]:
    opened = pipeline.open_house(workspace)
    yield opened
    opened.history.close()
