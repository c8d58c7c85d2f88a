"""data/checks.toml: how far a number may be from the others before a check speaks."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from report import catalog as catalogs
from report.entries import Entry, Exact

FILE = "checks.toml"


class JumpEntry(Entry):
    """A change is held against the last `numbers` of its series, if there are `least`, and may be `deviations` away.

    stocks: the same for stocks and warrants, which come and go by the shipload.
    """

    numbers: int
    least: int
    deviations: Exact
    stocks: Exact


class StillEntry(Entry):
    """A number as before is doubted where none of `least` of its own repeats and it has so many decimals."""

    numbers: int
    least: int
    decimals: int


class SignEntry(Entry):
    """A sign that none of `least` numbers had is doubted from this share of their size on.

    Without a past: the very opposite of the number before from `steps` on, one `near` it from this part of the `price`.
    """

    numbers: int
    least: int
    share: Exact
    steps: int
    near: Exact
    price: Exact


class MagnitudeEntry(Entry):
    """So many times the number before is doubted; `near` one of `slips` it is another unit; below `steps` nothing."""

    times: Exact
    near: Exact
    slips: tuple[Exact, ...]
    steps: int


class ChecksFile(Entry):
    """The whole file. Ratios are fractions.

    limit: a close without a limit of its own. quotes: a quoted price, which is looked at again from there on. unmoved:
    so many rows of a block, all as before, are a copied column; closes: so many of an exchange's closes. counts: how
    many times the count before, per measure, is another basis; of_main: how many times the main contract's.
    """

    limit: Exact
    quotes: Exact
    unmoved: int
    closes: int
    jump: JumpEntry
    still: StillEntry
    sign: SignEntry
    magnitude: MagnitudeEntry
    counts: Mapping[str, Exact]


@lru_cache(maxsize=8)
def scales(folders: tuple[Path, ...]) -> ChecksFile:
    """data/checks.toml of the first folder that has it. Raises CatalogError for a mistake in it."""
    return catalogs.entry(folders, FILE, ChecksFile)
