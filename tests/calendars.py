"""Write data/calendars/*.toml anew from exchange_calendars: `python -m tests.calendars`.

The package itself never imports exchange_calendars (it brings pandas, more than a second of a cold start). What that
library does not know stands here, in `MARKETS`: the sessions it denies, each with its reason.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "data" / "calendars"
FIRST, LAST = date(2015, 1, 1), date(2026, 12, 31)
WIDTH = 120


@dataclass(frozen=True)
class Market:
    file: str
    name: str
    exchanges: tuple[str, ...]
    source: str
    about: str
    extra_open: dict[date, str]


MARKETS = (
    Market(
        "china",
        "Chinese futures exchanges",
        ("SHFE", "INE", "DCE", "CZCE", "GFEX"),
        "XSHG",
        "The futures exchanges keep the days of the Shanghai Stock Exchange. A civil workday is not a session: the\n"
        "weekends worked in exchange for a long holiday are shut. Days, not hours: an evening belongs to the next day.",
        {},
    ),
    Market(
        "london",
        "London Metal Exchange",
        ("LME",),
        "XLON",
        "The LME keeps the bank holidays of England, as the London Stock Exchange does; where not, extra_open says so.",
        {
            date(2017, 4, 17): "an LME metals report bears this date, Easter Monday; no other witness is known",
            date(2022, 9, 19): "the LME stayed open on the day of the Queen's funeral, a bank holiday at short notice",
        },
    ),
    Market(
        "comex",
        "COMEX metals (CME Group)",
        ("COMEX",),
        "XNYS",
        "A session here is a *settlement* day: a trade date of its own, with a settlement price. On Martin Luther\n"
        "King, Presidents', Memorial, Independence, Labor and Thanksgiving Day, and on Juneteenth since 2022, Globex\n"
        "trades metals for shortened hours, but the trades count for the next trade date and nothing is settled:\n"
        "these days are closed. Days that end early (the Friday after Thanksgiving, Christmas Eve) are settled: they\n"
        "are sessions. That is the calendar of the New York Stock Exchange but for its days of mourning.\n"
        "(CMES of the same library counts the shortened days as sessions, and the days of mourning as closed.)",
        {
            date(2018, 12, 5): "metals traded as usual on the day of mourning for George H. W. Bush",
            date(2025, 1, 9): "metals traded as usual on the day of mourning for Jimmy Carter",
        },
    ),
)


def closed_days(source: str) -> list[date]:
    """Give the weekdays from FIRST to LAST without a session in exchange_calendars."""
    import exchange_calendars

    calendar = exchange_calendars.get_calendar(source, start=FIRST.isoformat(), end=LAST.isoformat())
    sessions = {stamp.date() for stamp in calendar.sessions}
    days = map(date.fromordinal, range(FIRST.toordinal(), LAST.toordinal() + 1))
    return [day for day in days if day.weekday() < 5 and day not in sessions]


def text(market: Market) -> str:
    """Give the text of the market's file."""
    closed = closed_days(market.source)
    lines = [f"# Written by `python -m tests.calendars` from exchange_calendars, {market.source}; change that.", "#"]
    lines += [f"# {line}" for line in market.about.splitlines()]
    lines += ["", f'name = "{market.name}"', f"exchanges = [{_quoted(market.exchanges)}]"]
    lines += [f"first = {FIRST}", f"last = {LAST}", "", "[closed]"]
    for year in range(FIRST.year, LAST.year + 1):
        lines += _wrapped(f"{year} = [", _quoted(f"{day:%m-%d}" for day in closed if day.year == year) + "]")
    if market.extra_open:
        lines += ["", "[extra_open]", *(f'{day} = "{reason}"' for day, reason in market.extra_open.items())]
    return "\n".join(lines) + "\n"


def _quoted(words) -> str:
    return ", ".join(f'"{word}"' for word in words)


def _wrapped(start: str, rest: str) -> list[str]:
    lines = [start]
    for word in rest.split(" "):
        if len(lines[-1]) + len(word) > WIDTH:
            lines.append(" " * len(start))
        lines[-1] += word + " "
    return [line.rstrip() for line in lines]


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for market in MARKETS:
        (FOLDER / f"{market.file}.toml").write_text(text(market), encoding="utf-8", newline="\n")
        print(FOLDER / f"{market.file}.toml")
