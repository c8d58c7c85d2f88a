"""The gate: what a run found, told once, held against the day's waivers; an ERROR keeps the report in the house."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from report import waivers
from report.errors import GateClosed
from report.facts import Finding, Severity, Waiver, still_open

ECHOES = {"R102", "C301"}


def examined(found: Sequence[Finding], granted: Sequence[Waiver]) -> tuple[tuple[Finding, ...], dict[Finding, Waiver]]:
    """All findings, worst first and waived ones after the others of their degree, and those that are waived.

    What is wrong with the waivers themselves is among them.
    """
    findings = told_once(found)
    waived, idle = waivers.applied(findings, granted)
    return tuple(sorted([*findings, *idle], key=lambda one: (-one.severity, one in waived))), waived


def told_once(findings: Sequence[Finding]) -> list[Finding]:
    """Worst first; of a cell that something worse is said of, it needs not be said that it is empty too."""
    worst: dict[str, Severity] = {}
    for one in findings:
        worst[one.where] = max(one.severity, worst.get(one.where, one.severity))
    kept = [one for one in findings if one.severity is worst[one.where] or one.code not in ECHOES]
    return sorted(kept, key=lambda finding: -finding.severity)


def closed_by_errors(report_date: date, findings: Sequence[Finding], waived: Mapping[Finding, Waiver]) -> None:
    """Raise GateClosed, with all findings, where one of them is an ERROR."""
    stopping = sum(finding.severity is Severity.ERROR for finding in findings)
    if stopping:
        what = f"报告 {report_date} 未生成：{stopping} 处错误须先改正"
        message = f"{what}（逐处查看用 ribao check {report_date} --html；改好底稿后再运行 ribao build {report_date}）"
        raise GateClosed(message, findings, waived)


def closed_by_warnings(report_date: date, findings: Sequence[Finding], waived: Mapping[Finding, Waiver]) -> None:
    """Raise GateClosed, with all findings, where one is an ERROR, or a WARNING that nobody waived."""
    stopping = len(still_open(findings, waived))
    if stopping:
        message = f"报告 {report_date} 未发布：{stopping} 处错误或警告未了（改好底稿，或用 ribao waive 豁免警告）"
        raise GateClosed(message, findings, waived)
