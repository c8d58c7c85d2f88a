"""Day words -> days, seen from the report's date."""

from __future__ import annotations

from datetime import date, timedelta

from report.check.prose.claims import Day

WEEK = 7


def dated(told: tuple[int, ...], session: date, report_date: date) -> Day:
    """The day a token names: (year, month, day) with 0 for what is not said, (week, weekday), or (0,) for a period.

    A weekday is the last one before the report date, or of the week before; the report's own day is 'report'.
    """
    if len(told) == 1:
        return "far"
    if len(told) == 2:
        week, weekday = told
        if week > 0:
            return "report"
        monday = report_date - timedelta(days=report_date.weekday()) + week * timedelta(days=WEEK)
        day = monday + timedelta(days=weekday)
        if week == 0 and day > report_date:
            return day - timedelta(days=WEEK)
        return "report" if day == report_date else day
    year, month, number = told
    try:
        return date(year or session.year, month or session.month, number)
    except ValueError:
        return "far"


def last_week(session: date) -> tuple[date, date]:
    """Monday and Sunday of the week before the session's."""
    monday = session - timedelta(days=session.weekday() + WEEK)
    return monday, monday + timedelta(days=WEEK - 1)
