"""check: facts and views -> findings. Every check is one function of CHECKS, and has a code of its own.

Codes: C3xx shape, C4xx value and identity, C5xx freshness, C6xx prose, C7xx wording.

    shape         is everything there, told as the catalogue says
    agreement     does one number agree with what is known of it elsewhere
    carried       does a stock agree with what the next day's file goes on from
    identity      does what was typed beside our arithmetic follow from its inputs (rounding: what a figure stands for)
    contract      which contract is the main one, whose number is whose
    counts        is a total of volume or open interest the total
    plausibility  can the number be, given its past and its limits (past; scales: data/checks.toml)
    freshness     is it of the day asked for, or left standing
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from report.check import agreement, carried, contract, counts, freshness, identity, plausibility, shape, wording
from report.check.evidence import Evidence
from report.check.prose import coverage, crosswise, findings, given, punctuation, stance, style
from report.facts import Finding

Check = Callable[[Evidence], Iterator[Finding]]

CHECKS: dict[str, Check] = {
    "C301": shape.missing_number,
    "C302": shape.missing_words,
    "C303": shape.volume_basis,
    "C304": shape.negative,
    "C401": agreement.known_otherwise,
    "C402": agreement.roll,
    "C403": agreement.not_positive,
    "C404": contract.rolled,
    "C405": contract.probably_rolled,
    "C406": contract.other_main,
    "C407": carried.otherwise,
    "C408": identity.indicator,
    "C409": identity.change,
    "C410": identity.change_ratio,
    "C411": agreement.twice,
    "C412": contract.number_of_another,
    "C413": counts.of_the_main,
    "C414": agreement.two_files,
    "C415": counts.whole,
    "C416": contract.left_standing,
    "C420": plausibility.jump,
    "C421": plausibility.sign,
    "C422": plausibility.magnitude,
    "C423": plausibility.other_basis,
    "C424": plausibility.tick,
    "C501": freshness.other_session,
    "C502": plausibility.beyond_limit,
    "C503": freshness.too_old,
    "C504": freshness.copied_column,
    "C505": freshness.never_zero,
    "C506": freshness.standing_still,
    "C507": freshness.copied_closes,
    "C601": findings.value,
    "C602": findings.inner,
    "C603": findings.direction,
    "C604": findings.zero_move,
    "C605": findings.unit,
    "C606": crosswise.crosswise,
    "C607": findings.contract,
    "C608": stance.stance,
    "C609": stance.copied,
    "C610": findings.weekday,
    "C611": stance.strangers,
    "C701": wording.outside_vocabulary,
    "C702": wording.unconfirmed,
    "C703": style.typos,
    "C704": style.promises,
    "C705": style.tails,
    "C706": punctuation.punctuation,
    "C707": style.risk,
}


WORDS = ("C601", "C602", "C603", "C604", "C605", "C610", "C703", "C704", "C705", "C706", "C707")
"""Those of CHECKS that look at words and the numbers in them, whatever they were written for."""

NOTE_CHECKS: tuple[Check, ...] = (*(CHECKS[code] for code in WORDS), given.direction, coverage.unbound)
"""The checks of a research note."""


def check(evidence: Evidence, checks: Iterable[Check] = tuple(CHECKS.values())) -> list[Finding]:
    """All findings of the checks; worst first, then by code."""
    found = [finding for run in checks for finding in run(evidence)]
    return sorted(found, key=lambda finding: (-finding.severity, finding.code))


__all__ = ["CHECKS", "NOTE_CHECKS", "Evidence", "check"]
