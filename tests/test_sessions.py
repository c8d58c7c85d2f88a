import json
import os
import runpy
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report.errors import CalendarEnds, CatalogError, NoSession
from report.sessions import load, weekday_word

ROOT = Path(__file__).parents[1]
PACKAGED = ROOT / "data" / "calendars"
CHINA = ("CZCE", "DCE", "GFEX", "INE", "SHFE")
EVERY = (*CHINA, "LME", "COMEX")
SPAN = [date.fromordinal(n) for n in range(date(2015, 1, 1).toordinal(), date(2026, 12, 31).toordinal() + 1)]

CALENDARS = load([PACKAGED])


def on(text):
    return date.fromisoformat(text)


def write(
    folder, name, *, exchanges='["SHFE"]', first="2027-01-01", last="2027-12-31", closed='2027 = ["01-01"]', more=""
):
    folder.mkdir(parents=True, exist_ok=True)
    text = f'name = "a market"\nexchanges = {exchanges}\nfirst = {first}\nlast = {last}\n{more}\n[closed]\n{closed}\n'
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def realdata(*parts):
    folder = os.environ.get("RIBAO_REALDATA")
    path = Path(folder or "", *parts)
    if not folder or not path.exists():
        pytest.skip(f"RIBAO_REALDATA gives no {'/'.join(parts)}")
    return path


@pytest.mark.parametrize(
    ("report", "shfe", "lme", "comex"),
    [
        pytest.param("2024-03-29", "2024-03-28", "2024-03-28", "2024-03-28", id="the_published_report"),
        pytest.param("2024-03-25", "2024-03-22", "2024-03-22", "2024-03-22", id="a_monday_speaks_of_friday"),
        pytest.param("2024-02-19", "2024-02-08", "2024-02-16", "2024-02-16", id="after_spring_festival"),
        pytest.param("2024-04-02", "2024-04-01", "2024-03-28", "2024-04-01", id="after_easter"),
        pytest.param("2024-04-08", "2024-04-03", "2024-04-05", "2024-04-05", id="after_qingming"),
        pytest.param("2024-11-29", "2024-11-28", "2024-11-28", "2024-11-27", id="after_thanksgiving"),
    ],
)
def test_a_report_speaks_of_the_last_session_before_its_date(report, shfe, lme, comex):
    spoken = {exchange: CALENDARS.spoken_of(exchange, on(report)) for exchange in EVERY}
    assert spoken == dict.fromkeys(CHINA, on(shfe)) | {"LME": on(lme), "COMEX": on(comex)}


def test_easter_and_qingming_each_shut_one_market_while_another_is_open():
    days = ["2024-03-29", "2024-04-01", "2024-04-04", "2024-04-05"]
    opened = {
        exchange: [CALENDARS.is_session(exchange, on(day)) for day in days] for exchange in ("SHFE", "LME", "COMEX")
    }
    assert opened == {
        "SHFE": [True, True, False, False],
        "LME": [False, False, True, True],
        "COMEX": [False, True, True, True],
    }


def test_comex_holds_no_session_on_a_day_that_is_not_settled():
    shut = ["2024-01-15", "2024-02-19", "2024-03-29", "2024-06-19", "2024-07-04", "2024-11-28"]
    held = ["2018-12-05", "2021-06-18", "2024-11-11", "2024-11-29", "2024-12-24", "2025-01-09"]
    assert [CALENDARS.is_session("COMEX", on(day)) for day in shut] == [False] * 6
    assert [CALENDARS.is_session("COMEX", on(day)) for day in held] == [True] * 6


def test_a_weekend_worked_in_exchange_for_a_holiday_is_no_session():
    assert not CALENDARS.is_session("SHFE", on("2024-02-04"))
    assert not CALENDARS.is_session("SHFE", on("2024-04-07"))


def test_the_lme_was_open_on_two_days_when_the_london_stock_exchange_was_shut():
    assert CALENDARS.is_session("LME", on("2017-04-17"))
    assert CALENDARS.is_session("LME", on("2022-09-19"))


def test_counting_back_and_forth_goes_over_holidays():
    assert CALENDARS.previous("SHFE", on("2024-02-19"), count=2) == on("2024-02-07")
    assert CALENDARS.following("SHFE", on("2024-02-08")) == on("2024-02-19")
    assert CALENDARS.following("SHFE", on("2024-02-10"), count=2) == on("2024-02-20")


def test_between_gives_both_ends_and_nothing_for_a_span_that_runs_backwards():
    week = CALENDARS.between("LME", on("2024-03-28"), on("2024-04-03"))
    assert week == [on("2024-03-28"), on("2024-04-02"), on("2024-04-03")]
    assert CALENDARS.between("LME", on("2024-04-03"), on("2024-03-28")) == []


def test_the_exchanges_are_given_sorted():
    assert CALENDARS.exchanges == ("COMEX", "CZCE", "DCE", "GFEX", "INE", "LME", "SHFE")


def test_a_weekday_is_written_in_chinese():
    words = [weekday_word(on("2024-03-25") + timedelta(days=n)) for n in range(7)]
    assert words == ["周一", "周二", "周三", "周四", "周五", "周六", "周日"]


@given(st.sampled_from(EVERY), st.dates(on("2015-02-01"), on("2026-11-30")), st.integers(1, 15))
def test_going_forth_and_back_the_same_number_of_sessions_comes_home(exchange, day, count):
    session = CALENDARS.following(exchange, day)
    assert CALENDARS.previous(exchange, CALENDARS.following(exchange, session, count), count) == session
    assert CALENDARS.following(exchange, CALENDARS.previous(exchange, session, count), count) == session


@given(st.sampled_from(EVERY), st.dates(on("2015-02-01"), on("2026-11-30")))
def test_no_session_lies_between_a_day_and_its_neighbours(exchange, day):
    before, after = CALENDARS.previous(exchange, day), CALENDARS.following(exchange, day)
    assert before < day < after
    held = [day] if CALENDARS.is_session(exchange, day) else []
    assert CALENDARS.between(exchange, before, after) == [before, *held, after]


def test_a_trading_day_may_bear_a_report():
    assert CALENDARS.check_report_date(on("2024-03-29")) is None


def test_a_report_of_a_day_without_trading_is_refused_with_the_nearest_dates():
    with pytest.raises(NoSession) as caught:
        CALENDARS.check_report_date(on("2024-02-12"))
    assert str(caught.value) == (
        "SHFE does not trade on 2024-02-12 周一; the nearest report dates are 2024-02-08 周四 and 2024-02-19 周一"
    )


def test_a_refused_date_at_the_end_of_the_calendar_names_only_the_date_before(tmp_path):
    closed = '2027 = ["01-01", "12-31"]'
    with pytest.raises(NoSession, match=r"the nearest report dates are 2027-12-30 周四$"):
        load([write(tmp_path, "china-2027.toml", closed=closed)]).check_report_date(on("2027-12-31"))


def test_a_refused_date_at_the_beginning_of_the_calendar_names_only_the_date_after():
    with pytest.raises(NoSession, match=r"the nearest report dates are 2015-01-05 周一$"):
        CALENDARS.check_report_date(on("2015-01-01"))


def test_an_unknown_exchange_is_answered_with_the_known_ones():
    with pytest.raises(CatalogError) as caught:
        CALENDARS.is_session("SHEF", on("2024-03-29"))
    assert str(caught.value) == "no calendar serves exchange 'SHEF'; known are COMEX, CZCE, DCE, GFEX, INE, LME, SHFE"


def test_past_the_end_the_message_names_the_exchange_the_date_and_the_file_to_add():
    with pytest.raises(CalendarEnds) as caught:
        CALENDARS.spoken_of("SHFE", on("2027-01-05"))
    assert str(caught.value) == (
        "SHFE 2027-01-04: no calendar covers this day, its calendar ends on 2026-12-31; "
        'add data/calendars/china-2027.toml with name = "Chinese futures exchanges", '
        'exchanges = ["SHFE", "INE", "DCE", "CZCE", "GFEX"], first = 2027-01-01, '
        'last = 2027-12-31 and under [closed] a line 2027 = ["MM-DD", …] for each year'
    )


@pytest.mark.parametrize(
    "ask",
    [
        lambda: CALENDARS.is_session("LME", on("2027-01-01")),
        lambda: CALENDARS.following("LME", on("2026-12-31")),
        lambda: CALENDARS.following("LME", on("2026-12-01"), count=50),
        lambda: CALENDARS.between("LME", on("2026-12-01"), on("2027-01-01")),
        lambda: CALENDARS.previous("LME", on("2027-01-02")),
    ],
)
def test_no_question_is_answered_from_days_past_the_end(ask):
    with pytest.raises(CalendarEnds, match=r"^LME 2027-01-01: .* add data/calendars/london-2027\.toml"):
        ask()


def test_the_day_after_the_end_still_has_a_session_before_it():
    assert CALENDARS.spoken_of("SHFE", on("2027-01-01")) == on("2026-12-31")


def test_the_day_before_the_beginning_still_has_a_session_after_it():
    assert CALENDARS.following("SHFE", on("2014-12-31")) == on("2015-01-05")


def test_before_the_beginning_the_message_names_a_file_too():
    with pytest.raises(
        CalendarEnds, match=r"^SHFE 2014-12-31: .* begins on 2015-01-01; add data/calendars/china-2014\.toml"
    ):
        CALENDARS.spoken_of("SHFE", on("2015-01-05"))


def test_the_file_to_add_never_has_the_name_of_one_that_is_there(tmp_path):
    half = write(tmp_path, "china-2027.toml", last="2027-06-30")
    with pytest.raises(CalendarEnds, match=r"china-2027-07-01\.toml with .* first = 2027-07-01, last = 2027-12-31"):
        load([PACKAGED, half]).is_session("SHFE", on("2027-07-01"))


def test_a_file_with_exactly_the_keys_of_the_message_extends_the_calendar(tmp_path):
    codes = '["SHFE", "INE", "DCE", "CZCE", "GFEX"]'
    calendars = load([PACKAGED, write(tmp_path, "china-2027.toml", exchanges=codes)])
    assert calendars.spoken_of("SHFE", on("2027-01-04")) == on("2026-12-31")
    assert calendars.spoken_of("GFEX", on("2027-01-05")) == on("2027-01-04")
    with pytest.raises(CalendarEnds):
        calendars.is_session("LME", on("2027-01-04"))


def test_an_extension_may_serve_some_of_the_exchanges_only(tmp_path):
    calendars = load([PACKAGED, write(tmp_path, "shanghai-2027.toml")])
    assert calendars.is_session("SHFE", on("2027-01-04"))
    with pytest.raises(CalendarEnds, match=r"^DCE 2027-01-04"):
        calendars.is_session("DCE", on("2027-01-04"))


def test_a_file_of_an_earlier_folder_hides_its_namesake(tmp_path):
    desk = write(tmp_path, "london.toml", exchanges='["LME"]', closed='2027 = ["01-04"]')
    calendars = load([desk, PACKAGED])
    assert not calendars.is_session("LME", on("2027-01-04"))
    assert calendars.is_session("SHFE", on("2024-03-29"))
    with pytest.raises(CalendarEnds, match="begins on 2027-01-01"):
        calendars.is_session("LME", on("2024-03-28"))


def test_a_folder_that_is_not_there_counts_as_empty(tmp_path):
    assert load([PACKAGED, tmp_path / "absent"]).exchanges == CALENDARS.exchanges


def test_no_calendar_file_at_all_is_an_error_naming_the_folders(tmp_path):
    with pytest.raises(CatalogError, match=r"no calendar file .* in .*absent"):
        load([tmp_path / "absent"])


def test_a_gap_between_two_files_names_both(tmp_path):
    gap = write(tmp_path, "china-2028.toml", first="2028-01-01", last="2028-12-31", closed="2028 = []")
    with pytest.raises(CatalogError) as caught:
        load([PACKAGED, gap])
    assert str(caught.value) == (
        f"{PACKAGED / 'china.toml'} › last and {gap / 'china-2028.toml'} › first: "
        "nothing covers 2027-01-01 to 2027-12-31; move one of the two, or add a file between"
    )


def test_a_gap_of_a_single_day_is_a_gap(tmp_path):
    with pytest.raises(CatalogError, match="nothing covers 2027-01-01 to 2027-01-01"):
        load([PACKAGED, write(tmp_path, "china-2027.toml", first="2027-01-02", closed="2027 = []")])


def test_a_file_may_lie_wholly_within_another(tmp_path):
    write(tmp_path, "a.toml")
    write(tmp_path, "b.toml", first="2027-03-01", last="2027-03-31", closed="2027 = []")
    write(tmp_path, "c.toml", first="2027-05-01", last="2027-05-01", closed="2027 = []")
    assert load([tmp_path]).is_session("SHFE", on("2027-12-31"))


def test_a_file_that_cannot_be_read_is_not_also_told_as_a_gap(tmp_path):
    write(tmp_path, "china-2026.toml", first="2026-01-01", last="2026-12-31", closed="2026 = []")
    write(tmp_path, "china-2027.toml", closed="")
    write(tmp_path, "china-2028.toml", first="2028-01-01", last="2028-12-31", closed="2028 = []")
    with pytest.raises(CatalogError) as caught:
        load([tmp_path])
    assert str(caught.value) == (
        f"{tmp_path / 'china-2027.toml'} › closed › 2027: missing; "
        "list the weekdays of that year without a session, [] for none"
    )


def test_files_that_overlap_and_disagree_are_an_error_naming_both_and_the_days(tmp_path):
    first = write(tmp_path, "china-a.toml", closed='2027 = ["01-01", "02-05"]')
    write(tmp_path, "china-b.toml", first="2027-02-01", closed='2027 = ["02-08"]')
    with pytest.raises(CatalogError) as caught:
        load([first])
    assert str(caught.value) == (
        f"{first / 'china-a.toml'} and {first / 'china-b.toml'} › closed: they disagree on 2027-02-05, 2027-02-08; "
        "correct one of them"
    )


def test_files_that_overlap_and_agree_are_joined(tmp_path):
    write(tmp_path, "china-a.toml", last="2027-03-31", closed='2027 = ["01-01", "02-05"]')
    write(tmp_path, "china-b.toml", first="2027-02-01", closed='2027 = ["02-05", "05-03"]')
    calendars = load([tmp_path])
    days = ["2027-01-01", "2027-02-05", "2027-05-03", "2027-05-04"]
    assert [calendars.is_session("SHFE", on(day)) for day in days] == [False, False, False, True]


def test_a_session_may_be_held_on_a_weekend_or_against_the_closed_list(tmp_path):
    closed = '2027 = ["01-01"]\n[extra_open]\n2027-01-01 = "a reason"\n2027-01-02 = "another"'
    calendars = load([write(tmp_path, "china.toml", closed=closed)])
    first_days = [on("2027-01-01"), on("2027-01-02"), on("2027-01-04")]
    assert calendars.between("SHFE", on("2027-01-01"), on("2027-01-04")) == first_days


def test_a_file_saved_by_notepad_with_a_byte_order_mark_is_read(tmp_path):
    path = write(tmp_path, "china.toml") / "china.toml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert load([tmp_path]).exchanges == ("SHFE",)


def test_every_problem_of_every_file_is_told_at_once(tmp_path):
    closed = """2026 = ["01-01"]
2027 = ["01-01", "01-01", "01-02", "02-30", "1-5", 7, "12-31"]
2028 = "01-03"
[extra_open]
2027-01-01 = "a reason"
2027-01-04 = "open anyway"
2027-01-09 = ""
2029-01-06 = "outside"
soon = "no day"
"""
    more = 'colour = "red"\nholidays = []'
    write(tmp_path, "a.toml", exchanges='["SHFE", "SHFE", 3]', last="2028-06-30", closed=closed, more=more)
    (tmp_path / "b.toml").write_text(
        'exchanges = []\nfirst = "2027-01-01"\nlast = 2027-12-31T00:00:00\n[closed]\n2027 = ["01-02"]\n'
    )
    (tmp_path / "c.toml").write_text("name = \n")
    (tmp_path / "d.toml").write_bytes('name = "中国"'.encode("gbk"))
    write(tmp_path, "e.toml", first="2028-01-01", last="2027-12-31", closed="")
    with pytest.raises(CatalogError) as caught:
        load([tmp_path])
    span, keys = "2027-01-01 to 2028-06-30", "name, exchanges, first, last, closed, extra_open"
    assert str(caught.value).replace(f"{tmp_path}{os.sep}", "").splitlines() == [
        f"a.toml › colour: unknown key; the keys are {keys}",
        f"a.toml › holidays: unknown key; the keys are {keys}",
        "a.toml › exchanges: expected the code of each exchange once, found ['SHFE', 'SHFE', 3]",
        f"a.toml › closed › 2026: expected a year of {span} and a list of its days, found ['01-01']",
        "a.toml › closed › 2027: 01-01 stands twice; take it out",
        "a.toml › closed › 2027: 01-02 is a 周六, shut without being listed; take it out",
        f"a.toml › closed › 2027: expected days from {span}, written \"01-31\", found '02-30'",
        f"a.toml › closed › 2027: expected days from {span}, written \"01-31\", found '1-5'",
        f'a.toml › closed › 2027: expected days from {span}, written "01-31", found 7',
        f"a.toml › closed › 2028: expected a year of {span} and a list of its days, found '01-03'",
        "a.toml › extra_open › 2027-01-04: a session anyway, neither a weekend nor listed under closed; take it out",
        "a.toml › extra_open › 2027-01-09: expected the reason as a text, found ''",
        f"a.toml › extra_open › 2029-01-06: expected a day from {span}, written 2024-01-31",
        f"a.toml › extra_open › soon: expected a day from {span}, written 2024-01-31",
        "b.toml › name: expected a text, found nothing",
        "b.toml › exchanges: expected a list of texts, found []",
        "b.toml › first: expected a date such as 2026-12-31, found '2027-01-01'",
        "b.toml › last: expected a date such as 2026-12-31, found datetime.datetime(2027, 12, 31, 0, 0)",
        "b.toml › closed › 2027: 01-02 is a 周六, shut without being listed; take it out",
        "c.toml: cannot be read as TOML in UTF-8: Invalid value (at line 1, column 8)",
        "d.toml: cannot be read as TOML in UTF-8: 'utf-8' codec can't decode byte 0xd6 in position 8: "
        "invalid continuation byte",
        "e.toml › first: 2028-01-01 is after last, 2027-12-31",
    ]


def test_a_year_of_the_span_without_a_line_is_a_problem(tmp_path):
    with pytest.raises(CatalogError, match=r"china\.toml › closed › 2028: missing; list the weekdays"):
        load([write(tmp_path, "china.toml", last="2028-12-31")])


@pytest.mark.filterwarnings("ignore")
def test_the_files_agree_with_exchange_calendars_on_every_day():
    generator = runpy.run_path(str(ROOT / "tests" / "calendars.py"))
    for market in generator["MARKETS"]:
        shut = set(generator["closed_days"](market.source)) - market.extra_open.keys()
        sessions = [day for day in SPAN if day.weekday() < 5 and day not in shut]
        for exchange in market.exchanges:
            assert CALENDARS.between(exchange, SPAN[0], SPAN[-1]) == sessions


@pytest.mark.filterwarnings("ignore")
def test_the_files_are_what_the_generator_writes():
    generator = runpy.run_path(str(ROOT / "tests" / "calendars.py"))
    for market in generator["MARKETS"]:
        assert (PACKAGED / f"{market.file}.toml").read_text(encoding="utf-8") == generator["text"](market)


@pytest.mark.filterwarnings("ignore")
def test_comex_settles_on_the_early_closes_of_the_cme_that_are_no_holidays_themselves():
    import exchange_calendars

    cmes = exchange_calendars.get_calendar("CMES", start="2015-01-01", end="2026-12-31")
    early = {stamp.date() for stamp in cmes.early_closes}
    full = {stamp.date() for stamp in cmes.sessions} - early
    juneteenths = [on(day) for day in ("2022-06-20", "2023-06-19", "2024-06-19", "2025-06-19", "2026-06-19")]
    assert [day for day in sorted(full) if not CALENDARS.is_session("COMEX", day)] == juneteenths
    settled = [day for day in early if CALENDARS.is_session("COMEX", day)]
    assert {(day.month, day.weekday()) for day in settled if day.month != 12} == {(11, 4)}
    assert {day.day for day in settled if day.month == 12} == {24}


def test_china_agrees_with_the_real_akshare_calendar():
    texts = json.loads(realdata("calendars", "akshare_calendar.json").read_text())
    days = [date(int(text[:4]), int(text[4:6]), int(text[6:])) for text in texts]
    assert CALENDARS.between("SHFE", SPAN[0], SPAN[-1]) == [day for day in days if day.year >= 2015]


def test_the_lme_agrees_with_the_dates_of_the_real_stock_files():
    folder = realdata("lme_stocks")
    dates = sorted(on(path.stem.removeprefix("metals-reports-")) for path in folder.glob("metals-reports-*.xls"))
    assert [day for day in dates if not CALENDARS.is_session("LME", day)] == []
    without = set(CALENDARS.between("LME", on("2024-02-01"), on("2024-03-28"))) - set(dates)
    assert without == {on("2024-03-19")}  # SOURCES.md says that this one was not to be had


def test_neither_pandas_nor_exchange_calendars_is_imported():
    code = "import report.sessions, sys; print([m for m in ('pandas', 'exchange_calendars') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
