"""Files as exchanges and terminals send them, written small by the tests; reading one from its path to its facts."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from report.catalog import Catalog
from report.read import Reading
from report.read.families import FAMILIES, load
from report.read.incoming import Incoming
from report.read.layouts import Common
from report.read.recognise import recognise
from tests.days import CALENDARS, CATALOG, DATA

LAYOUTS = load([DATA / "layouts"])
SHFE_PRICES = ("PRESETTLEMENTPRICE", "OPENPRICE", "HIGHESTPRICE", "LOWESTPRICE", "CLOSEPRICE", "SETTLEMENTPRICE")


def read(path: Path, catalog: Catalog = CATALOG, known: Iterable[Common] = LAYOUTS) -> Reading:
    """Recognised and read, as `ribao ingest` does."""
    file = Incoming(path)
    layout = recognise(file, tuple(known), catalog)
    return FAMILIES[layout.family].read(file, layout, catalog, CALENDARS)


def real(*parts: str) -> Path:
    """A real file; the test that asks for one skips by name where there is none."""
    folder = os.environ.get("RIBAO_REALDATA")
    if not folder or not Path(folder, *parts).exists():
        pytest.skip(f"RIBAO_REALDATA has no {'/'.join(parts)}")
    return Path(folder, *parts)


def told(reading: Reading) -> dict[tuple[str, str], str]:
    """Every number by its series and contract."""
    return {
        (str(fact.series), fact.contract): format(fact.value, "f") for fact in reading.facts if fact.value is not None
    }


def said(reading: Reading, code: str = "") -> list[str]:
    return [str(finding) for finding in reading.findings if finding.code == code or not code]


def shfe_row(product: str, month: str, prices: Iterable[object] = (), **more: object) -> dict[str, Any]:
    """A row of kx*.dat: '' where nothing is told."""
    row: dict[str, Any] = dict.fromkeys((*SHFE_PRICES, "ZD1_CHG", "ZD2_CHG", "VOLUME", "OPENINTEREST", "TASVOLUME"), "")
    row |= {"PRODUCTID": f"{product}_f", "PRODUCTNAME": product, "PRODUCTGROUPID": product, "DELIVERYMONTH": month}
    row |= dict(zip(SHFE_PRICES, prices, strict=False))
    return row | more


def shfe(folder: Path, rows: list[dict[str, Any]], day: str = "20240328", name: str = "") -> Path:
    path = folder / (name or f"kx{day}.dat")
    body = {"o_code": "0000", "report_date": day, "update_date": f"{day} 15:28:56", "o_curinstrument": rows}
    path.write_text("\ufeff" + json.dumps(body, ensure_ascii=False), encoding="utf-8")
    return path


def copper() -> list[dict[str, Any]]:
    """沪铜 of 2024-03-28: the main contract and the 小计 as published, the other two contracts ours."""
    return [
        shfe_row("cu", "2404", ("", "", "", "", 72340, 72090), VOLUME=0, OPENINTEREST=99_571),
        shfe_row(
            "cu", "2405", (72070, 71840, 72660, 71640, 72500, 72180), ZD1_CHG=430, VOLUME=101_206, OPENINTEREST=187_803
        ),
        shfe_row(
            "cu", "2406", (72200, 71960, 72720, 71800, 72600, 72290), VOLUME=116_381, OPENINTEREST=250_000 - 179_000
        ),
        shfe_row("cu", "2407", (72210, 71990, 72720, 71800, 72610, 72300), VOLUME="", OPENINTEREST=179_000),
        shfe_row("cu", "小计", VOLUME=217_587, OPENINTEREST=537_374),
    ]


def as_json(path: Path, body: Mapping[str, Any]) -> Path:
    path.write_text(json.dumps(body, ensure_ascii=False), encoding="utf-8")
    return path
