"""A workspace that holds the sample, made once and copied for each test that changes it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from report import pipeline
from report.workspace import Workspace


@pytest.fixture(scope="session")
def sample_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Only to be read."""
    return pipeline.init(tmp_path_factory.mktemp("made") / "日报 样例").root


@pytest.fixture
def workspace(sample_workspace: Path, tmp_path: Path) -> Workspace:
    """A workspace of the test's own, in a folder with a space and Chinese in its name."""
    return Workspace(Path(shutil.copytree(sample_workspace, tmp_path / "我的 日报")))


@pytest.fixture
def house(workspace: Workspace) -> Iterator[pipeline.House]:
    opened = pipeline.open_house(workspace)
    yield opened
    opened.history.close()
