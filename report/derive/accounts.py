"""The T-accounts that a note draws: what a channel does to every sector it touches, or what a sector holds and owes."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from report.derive.channels import System
from report.facts import Finding, Severity, TAccount
from report.manuscript import Exhibit

SCHEMATIC = ("new_debt", "old_debt")
"""Claims that only stand for the terms of other claims in a drawing; no sector's own balance sheet has them."""


def drawn(exhibits: Iterable[Exhibit], system: System) -> tuple[dict[str, tuple[TAccount, ...]], list[Finding]]:
    """The accounts of every exhibit by its key; a finding (D214) for a channel or sector the ledger does not have."""
    found: dict[str, tuple[TAccount, ...]] = {}
    findings = []
    channels = {one.key: one for one in system.channels}
    for exhibit in exhibits:
        entry, sectors = exhibit.entry, "、".join(system.books.sectors)
        if entry.channel in channels:
            found[exhibit.key] = system.drawn(channels[entry.channel])
        elif entry.channel:
            message = f"no channel is called '{entry.channel}', only {', '.join(channels)}; mend 'channel'"
            findings.append(Finding("D214", Severity.ERROR, exhibit.place, message))
        elif entry.sectors and set(entry.sectors) <= set(system.books.sectors):
            found[exhibit.key] = tuple(outline(system, sector) for sector in entry.sectors)
        else:
            told = "、".join(entry.sectors) or "neither"
            message = (
                f"accounts are drawn of a 'channel' ({', '.join(channels)}) or of 'sectors' ({sectors}), not {told}"
            )
            findings.append(Finding("D214", Severity.ERROR, exhibit.place, message))
    return found, findings


def outline(system: System, sector: str) -> TAccount:
    """What the sector may hold and owe, without amounts."""
    apart = {system.names[key] for key in SCHEMATIC if key in system.names}
    claims = [claim for name, claim in system.books.claims.items() if name not in apart]
    assets = tuple((claim.asset_name or claim.name, Decimal(0)) for claim in claims if sector in claim.holders)
    owed = tuple((claim.liability_name or claim.name, Decimal(0)) for claim in claims if sector in claim.issuers)
    return TAccount(sector, assets, owed)
