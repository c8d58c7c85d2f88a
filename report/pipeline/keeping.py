"""What a report was made of, as the archive keeps it by name and content, and a house made of that alone.

    inbox/…                  the desk's workbooks as received; inbox.json the names of what else lay there
    data/…  templates/…      every file as the report saw it, the desk's own in place of the packaged one
    history/known.json.gz    the facts that history gave; history/views.json the views of the last report
    history/before.json      an erratum: what the version before it printed, and when

Of data/ only .toml files are kept, and of the waivers only those of the day: no list of recipients is archived.
"""

from __future__ import annotations

import gzip
import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from report import addresses, sessions
from report import catalog as catalogs
from report.deliver.manifest import Manifest
from report.errors import ArchiveError, CatalogError
from report.facts import Fact, Facts, Passage, View
from report.history import History
from report.lookback import BEIJING
from report.pipeline.house import House
from report.workspace import Workspace

OTHERS, KNOWN, VIEWS, BEFORE = "inbox.json", "history/known.json.gz", "history/views.json", "history/before.json"
NOT_OF_A_REPORT = ("samples/", "corrections/", "layouts/")
HINT = re.compile(r"://|pass|pwd|secret|key|token|口令|密码|密钥", re.I)
SECRET = re.compile(
    r"pass(word|wd|phrase)?|pwd|secret(_?key)?|(api|access|private)_?key|(auth_?|access_?)?token|口令|密码|密钥"
)


def without_passwords(found: Mapping[str, bytes]) -> None:
    """See that the files of data/, which the archive keeps, hold no password. Raises CatalogError naming all."""
    mends = {
        "database": "give the whole URL in $RIBAO_DATABASE",
        "archive": "give it as the store's package asks for it",
    }
    faults = [
        f"{name} › {key}: holds a password, and the archive keeps this file for years; {mends.get(key, 'take it out')}"
        for name, data in found.items()
        if name.startswith("data/")
        for key in _secrets(_parsed(name, data))
    ]
    if faults:
        raise CatalogError("\n".join(faults))


def _parsed(name: str, data: bytes) -> object:
    """What a file says, where anything in it may be a password."""
    text = data.decode("utf-8-sig", "replace")
    if not HINT.search(text):
        return {}
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogError(f"{name}: not readable as TOML, and the archive would keep it: {error}") from error


def _secrets(told: object, at: str = "") -> Iterator[str]:
    """The keys under which passwords stand."""
    if isinstance(told, dict):
        for key, value in told.items():
            if isinstance(value, str) and value and SECRET.fullmatch(key.casefold()):
                yield f"{at}{key}"
            else:
                yield from _secrets(value, f"{at}{key}.")
    elif isinstance(told, list):
        for number, value in enumerate(told, start=1):
            yield from _secrets(value, f"{at}{number}.")
    elif isinstance(told, str) and addresses.has_password(told):
        yield at.removesuffix(".")


def files(house: House, report_date: date) -> dict[str, bytes]:
    """All files the report of that date is made of, by name. Raises InputError."""
    place = house.workspace
    found = {f"inbox/{path.name}": path.read_bytes() for path in place.workbooks(report_date)}
    found[OTHERS] = json.dumps(place.leftovers(report_date), ensure_ascii=False).encode()
    for name, path in catalogs.files(place.folders("data"), "**/*.toml").items():
        if not name.startswith(NOT_OF_A_REPORT) and _of_day(name, report_date):
            found[f"data/{name}"] = path.read_bytes()
    for name, path in catalogs.files(place.folders("templates"), "**/*").items():
        if path.is_file() and "__pycache__" not in name:
            found[f"templates/{name}"] = path.read_bytes()
    return found


def history(known: Iterable[Fact], last: Mapping[str, View]) -> dict[str, bytes]:
    """What history gave: the facts in their order, and the views of the last report."""
    rows = [list(_row(fact)) for fact in known]
    told = json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()
    views = {code: {**asdict(view), "report_date": str(view.report_date)} for code, view in sorted(last.items())}
    return {
        KNOWN: gzip.compress(told, 6, mtime=0),
        VIEWS: json.dumps(views, ensure_ascii=False, sort_keys=True, indent=1).encode(),
    }


def _row(fact: Fact) -> tuple[str | None, ...]:
    value = None if fact.value is None else str(fact.value)
    moment = fact.known_at.isoformat() if fact.known_at else None
    where = (fact.variety, fact.measure, str(fact.session))
    return (*where, value, fact.unit, fact.basis, fact.contract, moment, fact.source)


def workbooks(found: Mapping[str, bytes]) -> dict[str, bytes]:
    """The desk's workbooks among the files, by their own names."""
    return {name.removeprefix("inbox/"): data for name, data in found.items() if name.startswith("inbox/")}


def before(manifest: Manifest, printed: bytes) -> bytes:
    """What an erratum must know of the version before it. printed: its printed.json."""
    published = manifest.published_at.astimezone(BEIJING).date()
    told = {"version": manifest.version, "published": str(published), "printed": json.loads(printed)}
    return json.dumps(told, ensure_ascii=False).encode()


def known_of(kept: bytes) -> Facts:
    """The facts that history gave, from what `history` made."""
    rows = json.loads(gzip.decompress(kept))
    return Facts(_fact(*row) for row in rows)


def _fact(variety: str, measure: str, session: str, value: str | None, *rest: str | None) -> Fact:
    unit, basis, contract, moment, source = rest
    number = None if value is None else Decimal(value)
    at = datetime.fromisoformat(moment) if moment else None
    day = date.fromisoformat(session)
    return Fact(variety, measure, day, number, unit or "", basis or "", contract or "", at, source or "")


def views_of(kept: bytes) -> dict[str, View]:
    """The views of the last report, from what `history` made."""
    return {code: _view(row) for code, row in json.loads(kept).items()}


def _view(row: Mapping[str, Any]) -> View:
    passages: dict[str, Any] = {name: Passage(**value) for name, value in row.items() if isinstance(value, dict)}
    bare = View(row["variety"], date.fromisoformat(row["report_date"]), use=row["use"])
    return replace(bare, **passages)


@contextmanager
def restored(report_date: date, kept: Mapping[str, bytes]) -> Iterator[House]:
    """A house in a folder of its own that holds what was kept and nothing else; gone at the end."""
    with TemporaryDirectory(prefix="ribao-") as name:
        root = Path(name)
        place = Workspace(root, alone=True)
        for path, content in kept.items():
            top, _, rest = path.partition("/")
            if rest and top in ("inbox", "data", "templates"):
                target = _inside(root, place.inbox(report_date) / rest if top == "inbox" else root / path)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
        for other in json.loads(kept[OTHERS]):
            _inside(root, place.inbox(report_date) / other).mkdir()
        catalog = catalogs.load(place.folders("data"))
        calendars = sessions.load(place.folders("data/calendars"))
        house = House(place, catalog, calendars, History(root / "history.sqlite"))
        try:
            yield house
        finally:
            house.history.close()


def _of_day(name: str, report_date: date) -> bool:
    return not name.startswith("waivers/") or name == f"waivers/{report_date}.toml"


def _inside(root: Path, path: Path) -> Path:
    """The path, which an archive that somebody has made up cannot lead out of the folder. Raises ArchiveError."""
    if not path.resolve().is_relative_to(root.resolve()):
        raise ArchiveError(f"{path.name}: a kept file may not lie outside its folder; see who has written this archive")
    return path
