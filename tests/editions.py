"""Small editions of invented reports, to fill an archive with."""

from __future__ import annotations

from datetime import UTC, date, datetime

from report.deliver.archive import Archive, Edition
from report.deliver.publication import Publication

DAYS = (date(2024, 3, 27), date(2024, 3, 28), date(2024, 3, 29))
SHARED = {"templates/daily.css": b"p { margin: 0 }\n", "data/settings.toml": b'house = "x"\n'}


def edition(report_date: date, version: int = 1, *, pdf: bytes = b"", kept: dict[str, bytes] | None = None) -> Edition:
    name = f"商品日报_{report_date:%Y%m%d}.pdf"
    told = f"更正 {version}" if version > 1 else ""
    one = Publication(report_date, version, f"商品日报 {report_date}", name, pdf or b"%PDF", "<p>铜</p>", "铜", told)
    moment = datetime(2024, 3, report_date.day, 23, tzinfo=UTC)
    return Edition(
        one,
        len(one.pdf),
        {"facts.json": b"[]\n"},
        {"inbox/日报底稿.xlsx": f"book of {report_date} v{version}".encode(), **SHARED, **(kept or {})},
        {
            "approver": "示例审核",
            "analysts": ("示例分析",),
            "remarks": (),
            "known_at": moment,
            "published_at": moment,
            "facts": "0" * 64,
            "findings": (),
            "versions": {"ribao": "0.1.0"},
        },
    )


def lay(archive: Archive, *editions: Edition) -> None:
    for one in editions:
        with archive.alone(), archive.laying(one):
            pass


def laid(archive: Archive) -> Archive:
    """Three days, and an erratum of the second laid after the third."""
    lay(archive, *map(edition, DAYS), edition(DAYS[1], 2))
    return archive
