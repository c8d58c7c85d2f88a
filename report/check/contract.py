"""C404–C406, C412, C416: which contract is the main one, what that does to the change, and whose number is whose."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from report.check.evidence import Evidence
from report.facts import CONTINUOUS, MAIN, OF_CONTRACT, Fact, Facts, Finding, Series, Severity, Standing

CLOSE, OPEN_INTEREST = "futures_close", "open_interest"
JUMP = Decimal("0.2")
"""So much more open interest within one session is another contract: seen at 17 products' rolls of 2023 and 2024."""


def rolled(evidence: Evidence) -> Iterator[Finding]:
    """The main contract is another one than the session before: NOTE, with what its change compares."""
    for standing, today in _mains(evidence):
        before = _main_before(evidence, standing)
        if before is None or not today.contract or before.contract == today.contract:
            continue
        own = standing.previous
        compared = (
            f"the change compares {today.contract} with its own close of {own.value}"
            if own is not None
            else f"the close of {today.contract} on {standing.previous_session} is not known, so no change is printed"
        )
        message = (
            f"the main contract rolled from {before.contract} ({standing.previous_session}, {before.source}) "
            f"to {today.contract}; {compared}"
        )
        yield Finding("C404", Severity.NOTE, today.source, message)


def probably_rolled(evidence: Evidence) -> Iterator[Finding]:
    """Only bars that hide their contract tell of the session before, and a roll may lie between: WARNING."""
    for standing, today in _mains(evidence):
        bar = evidence.known.get(standing.series._replace(basis=CONTINUOUS), standing.previous_session)
        if bar is None or _main_before(evidence, standing) is not None:
            continue
        jump = _jump(evidence, standing)
        more = f"; open interest rose by {jump:.0%} since" if jump is not None and jump >= JUMP else ""
        if today.contract and standing.previous is None:
            message = (
                f"probable roll: {today.contract} closed at {today.value}, the main contract of "
                f"{standing.previous_session} at {bar.value}, and {bar.source} hides which one that was{more}; "
                f"no change is printed: type the close of {today.contract} on {standing.previous_session}"
            )
        elif not today.contract and standing.previous is not None and more:
            message = (
                f"probable roll{more}, and the contract is not told: the change may compare two contracts "
                f"({bar.source}); type the contract and its own close of {standing.previous_session}"
            )
        else:
            continue
        yield Finding("C405", Severity.WARNING, today.source, message)


def other_main(evidence: Evidence) -> Iterator[Finding]:
    """The contract typed as the main one is not the one the exchange's file shows as such: WARNING."""
    for fact in evidence.typed:
        if fact.measure != CLOSE or fact.basis != MAIN or not fact.contract:
            continue
        known = evidence.known.get(fact.series, fact.session)
        if known is not None and not known.typed and known.contract not in ("", fact.contract):
            message = (
                f"{fact.contract} is typed as the main contract, but {known.contract} has the most open interest "
                f"({known.source}); mend the contract and both closes, or leave it if the desk follows {fact.contract}"
            )
            yield Finding("C406", Severity.WARNING, fact.source, message)


def number_of_another(evidence: Evidence) -> Iterator[Finding]:
    """A close typed for one contract that is the close of another: ERROR, with both cells."""
    typed = {(f.variety, f.session): f for f in evidence.typed if f.measure == CLOSE and f.contract and f.value}
    for known in evidence.known:
        fact = typed.get((known.variety, known.session))
        if known.measure != CLOSE or fact is None or known.typed or known.contract in ("", fact.contract):
            continue
        own = evidence.known.of_contract(fact.variety, CLOSE, fact.contract, fact.session)
        if known.value == fact.value and own is not None and own.value != fact.value:
            message = (
                f"{fact.value} is named {fact.contract}, but it is the close of {known.contract} ({known.source}); "
                f"{fact.contract} closed at {own.value} ({own.source}): mend the contract or the number"
            )
            yield Finding("C412", Severity.ERROR, fact.source, message)


def left_standing(evidence: Evidence) -> Iterator[Finding]:
    """After a roll, the former main contract's close as the previous one: WARNING; waived, it is the new one's own."""
    yield from of_the_former(evidence.typed, evidence.known).values()


def of_the_former(typed: Facts, known: Facts) -> dict[Fact, Finding]:
    """Each previous close typed for a contract that is the former main contract's, with what is said of it.

    Where the contract's own close is known, C401 has it.
    """
    found = {}
    for fact in typed:
        if fact.measure != CLOSE or fact.basis != OF_CONTRACT or fact.value is None:
            continue
        main = known.get(Series(fact.variety, CLOSE, MAIN), fact.session)
        own = known.of_contract(fact.variety, CLOSE, fact.contract, fact.session)
        if main is None or main.contract in ("", fact.contract) or main.value != fact.value or own is not None:
            continue
        message = (
            f"{fact.value} for {fact.contract} on {fact.session} is the close of {main.contract}, the main contract of "
            f"that day ({main.source}), and {fact.contract}'s own is not known; it is not used, and no change is "
            f"printed: type {fact.contract}'s own close, or waive this where both truly closed there"
        )
        found[fact] = Finding("C416", Severity.WARNING, fact.source, message)
    return found


def _mains(evidence: Evidence) -> Iterator[tuple[Standing, Fact]]:
    """The main series of every variety whose number for this report is known."""
    for variety, instrument in evidence.catalog.instruments:
        if (instrument.measure, instrument.basis) == (CLOSE, MAIN):
            standing = evidence.day.standings[Series(variety.code, CLOSE, MAIN)]
            if standing.today is not None:
                yield standing, standing.today


def _main_before(evidence: Evidence, standing: Standing) -> Fact | None:
    """The main contract's close of the session before, where it is known which contract that was."""
    fact = evidence.known.get(standing.series, standing.previous_session)
    return fact if fact is not None and fact.contract and fact.value is not None else None


def _jump(evidence: Evidence, standing: Standing) -> Decimal | None:
    """By what fraction the open interest of the continuous series rose since the session before."""
    series = Series(standing.series.variety, OPEN_INTEREST, CONTINUOUS)
    today = evidence.known.get(series, standing.session)
    before = evidence.known.get(series, standing.previous_session)
    if today is None or before is None or today.value is None or not before.value:
        return None
    return today.value / before.value - 1
