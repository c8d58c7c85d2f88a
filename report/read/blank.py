"""The morning's desk workbook 日报底稿, empty or filled: what is known stands in it, what must be typed is yellow.

Rows come from the catalogue, columns from `report.read.form`, previous numbers from the facts kept. Nothing is put in
that has no source: the comment of a prefilled cell says where its number comes from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from openpyxl.worksheet.worksheet import Worksheet

from report.catalog import Catalog
from report.entries import Instrument, Variety
from report.facts import Fact, Facts, Series
from report.read import form, formula, guide, pairing, paper, rows
from report.read.paper import AGAIN, FORMULA, FREE, INPUT, KNOWN, NAME, Entry, Value
from report.sessions import HOME, Calendars, weekday_word

VOLUME_BASES = ("全合约", "主力")
LOOK_BACK = 60  # numbers of a series searched for its own last one
Row = Mapping[str, Value]
Key = tuple[str, ...]


def write(
    report_date: date,
    catalog: Catalog,
    calendars: Calendars,
    facts: Facts | None = None,
    *,
    closes: Mapping[tuple[str, str], Row] | None = None,
    industry: Mapping[tuple[str, str], Row] | None = None,
    views: Mapping[str, Row] | None = None,
) -> bytes:
    """Write the workbook of a report date as .xlsx.

    facts: the numbers known so far, for contracts and previous numbers. closes (exchange, product), industry (variety,
    indicator) and views (variety) fill rows: heading -> value; they take the place of what would be prefilled.
    Raises CatalogError where an indicator's formula lacks an input, ValueError for a row or heading the form has not.
    """
    given: dict[tuple[str, Key], Row] = {(form.CLOSES.name, key): row for key, row in (closes or {}).items()}
    given |= {(form.INDUSTRY.name, key): row for key, row in (industry or {}).items()}
    given |= {(form.VIEWS.name, (key,)): row for key, row in (views or {}).items()}
    return _Blank(report_date, catalog, calendars, facts or Facts(), given).write()


class _Blank:
    def __init__(
        self, report_date: date, catalog: Catalog, calendars: Calendars, facts: Facts, given: dict[tuple[str, Key], Row]
    ) -> None:
        self.report_date, self.catalog, self.calendars = report_date, catalog, calendars
        self.facts, self.given = facts, given
        self.author = catalog.settings.house
        self.instruments, self.inputs = rows.closes(catalog), rows.industry(catalog)
        self.places = dict(rows.places(catalog))

    def write(self) -> bytes:
        title = f"{self.catalog.settings.title} · 日报底稿"
        book = paper.new(self.author, f"{title} {self.report_date}", self.report_date)
        front, *sheets = (book.create_sheet(name) for name in (form.GUIDE, *(sheet.name for sheet in form.SHEETS)))
        vocabulary = guide.write(front, self.report_date, title, tuple(self._spoken_of()), self.catalog)
        self._closes(sheets[0])
        self._industry(sheets[1])
        self._views(sheets[2], vocabulary)
        for name, key in self.given:
            raise ValueError(f"{name}: the form has no row {' / '.join(key)}")
        return paper.packed(book, self.report_date)

    def _days(self, exchange: str, behind: int = 0) -> tuple[date, date]:
        """The session a number of that exchange belongs to, and the one before."""
        session = self.calendars.spoken_of(exchange, self.report_date)
        session = self.calendars.previous(exchange, session, behind) if behind else session
        return session, self.calendars.previous(exchange, session)

    def _spoken_of(self) -> Iterator[tuple[str, date, date, str]]:
        for exchange in dict.fromkeys(instrument.exchange for _, instrument in self.instruments):
            session, before = self._days(exchange)
            yield exchange, session, before, weekday_word(session)
        late: dict[tuple[str, int], list[str]] = {}
        for variety, series, _ in self.inputs:
            measure = self.catalog.measures[series.measure]
            if measure.behind and not measure.derived:
                names = late.setdefault((measure.calendar or variety.exchange, measure.behind), [])
                names += [measure.name] if measure.name not in names else []
        for (exchange, behind), names in late.items():
            session, before = self._days(exchange, behind)
            yield "、".join(names), session, before, f"{weekday_word(session)}的数，次日早间公布"

    def _closes(self, sheet: Worksheet) -> None:
        self._begin(sheet, form.CLOSES, "收盘价、成交量与持仓量", "C")
        ends = rows.ends([variety.code for variety, _ in self.instruments])
        for number, (variety, instrument) in enumerate(self.instruments, start=form.FIRST_ROW):
            entries = self._close(variety, instrument, number)
            self._row(sheet, form.CLOSES, number, entries, last=number in ends)
            contract, past = (rows.cell(form.CLOSES, name, number) for name in ("合约", "前收盘价"))
            if entries["合约"].look is KNOWN and entries["前收盘价"].look is KNOWN:
                paper.warn_of_roll(sheet, contract, entries["合约"], past, entries["前收盘价"])
        paper.expect_number(sheet, rows.span(form.CLOSES, "收盘价", "持仓量", len(self.instruments)))
        span = rows.span(form.CLOSES, "口径", "口径", len(self.instruments))
        paper.choose(sheet, span, VOLUME_BASES, "口径是「全合约」或「主力」。")

    def _close(self, variety: Variety, instrument: Instrument, number: int) -> dict[str, Entry]:
        series = Series(variety.code, instrument.measure, instrument.basis)
        before = self._days(instrument.exchange)[1]
        last = self._last(series, before)
        given = self.given.get((form.CLOSES.name, (instrument.exchange, instrument.product)), {})
        known = instrument.basis if instrument.exchange == "LME" else last.contract if last else ""
        contract = str(given.get("合约") or known)
        past = self.facts.get(series, before)
        if past is None or (past.contract and past.contract != contract):
            past = self.facts.of_contract(variety.code, instrument.measure, contract, before) if contract else None
        price, change = paper.number_format(instrument.decimals), paper.number_format(instrument.decimals, signed=True)
        counted = INPUT if instrument.volume_basis else FREE
        cells = (rows.cell(form.CLOSES, "收盘价", number), rows.cell(form.CLOSES, "前收盘价", number))
        return {
            "交易所": Entry(instrument.exchange),
            "品种": Entry(instrument.product, NAME),
            "合约": _known(known, last.source if last and known == last.contract else ""),
            "收盘价": Entry(None, INPUT, price),
            "前收盘价": _previous(past, past.value if past else None, price),
            "成交量": Entry(None, counted, "#,##0"),
            "持仓量": Entry(None, counted, "#,##0"),
            "口径": Entry(instrument.volume_basis or None, KNOWN if instrument.volume_basis else FREE),
            "单位": Entry(instrument.unit, KNOWN),
            "涨跌": Entry(formula.difference(*cells), FORMULA, change, formula=True),
            "涨跌幅": Entry(formula.width(*cells), FORMULA, "+0.00%;-0.00%;0.00%", formula=True),
        }

    def _industry(self, sheet: Worksheet) -> None:
        self._begin(sheet, form.INDUSTRY, "库存、现货、价差与比价", "C", form.HEAD_ROW)
        ends = rows.ends([variety.code for variety, _, _ in self.inputs])
        for number, (variety, series, entry) in enumerate(self.inputs, start=form.FIRST_ROW):
            first = number == form.FIRST_ROW or number - 1 in ends
            names = {"品种": Entry(variety.name, NAME if first else AGAIN), "指标": Entry(entry.name)}
            self._row(sheet, form.INDUSTRY, number, names | self._indicator(series, number), last=number in ends)
        paper.expect_number(sheet, rows.span(form.INDUSTRY, "本期", "上期", len(self.inputs)))
        paper.expect_date(sheet, rows.span(form.INDUSTRY, "本期日期", "上期日期", len(self.inputs)))

    def _indicator(self, series: Series, number: int) -> dict[str, Entry]:
        measure, decimals = self.catalog.measures[series.measure], self.catalog.decimals(series)
        cells = (rows.cell(form.INDUSTRY, "本期", number), rows.cell(form.INDUSTRY, "上期", number))
        change = Entry(formula.difference(*cells), FORMULA, paper.number_format(decimals, signed=True), formula=True)
        unit = formula.shown_unit(self.catalog, series)
        entries = {"单位": Entry(unit or None, KNOWN if unit else FREE), "涨跌": change}
        if measure.derived:
            return entries | self._derived(series, paper.number_format(decimals))
        now, before = self._days(self.catalog.calendar(series), measure.behind)
        weekly = measure.frequency == "week"
        past = self._last(series, self.report_date) if weekly else self.facts.get(series, before)
        entries["本期"] = Entry(None, INPUT, paper.number_format(decimals))
        entries["上期"] = _previous(past, self._told(series, past), paper.number_format(decimals))
        if weekly:
            entries["本期日期"] = Entry(None, INPUT, paper.DAY_FORMAT)
            entries["上期日期"] = Entry(past.session if past else None, KNOWN if past else FREE, paper.DAY_FORMAT)
            entries["备注"] = Entry("周度：没有新数时，本期与本期日期留空", FREE)
        elif (now, before) != self._days(HOME):
            entries["本期日期"] = Entry(now, KNOWN, paper.DAY_FORMAT)
            entries["上期日期"] = Entry(before, KNOWN, paper.DAY_FORMAT)
        return entries

    def _derived(self, series: Series, places: str) -> dict[str, Entry]:
        last = pairing.places(self.report_date, self.catalog, self.calendars, self.facts, series, self.places)
        texts = (
            formula.derived(self.catalog, series, self.places),
            "" if last is None else formula.derived(self.catalog, series, last, previous=True),
        )
        here = (text.replace(f"'{form.INDUSTRY.name}'!", "") or None for text in texts)
        now, before = (Entry(text, FORMULA, places, formula=text is not None) for text in here)
        return {
            "本期": now,
            "上期": before,
            "本期日期": Entry(None, FORMULA),
            "上期日期": Entry(None, FORMULA),
            "备注": Entry(f"＝ {formula.in_words(self.catalog, series)}", FORMULA),
        }

    def _views(self, sheet: Worksheet, vocabulary: str) -> None:
        words, views = self.catalog.words, self.catalog.views
        self._begin(sheet, form.VIEWS, "各品种的行情、展望与操作建议", "B", form.HEAD_ROW)
        for number, variety in enumerate(views, start=form.FIRST_ROW):
            name = variety.view.title if variety.view else variety.name
            given = self.given.get((form.VIEWS.name, (name,)), {})
            entries = {heading: Entry(None, INPUT) for heading in ("标题", "行情", "展望", "操作建议", "分析师")}
            entries |= {"品种": Entry(name, NAME), "用法": Entry(words.follow[0], KNOWN)}
            self._row(sheet, form.VIEWS, number, entries, wrap=True)
            sheet.row_dimensions[number].height = _height(given)
        uses = (words.replace[0], words.follow[0])
        paper.choose(sheet, rows.span(form.VIEWS, "用法", "用法", len(views)), uses, "用法是「替换」或「接后」。")
        message = "这个说法不在「说明」的词汇表里。"
        paper.choose(sheet, rows.span(form.VIEWS, "操作建议", "操作建议", len(views)), f"={vocabulary}", message)

    def _begin(self, sheet: Worksheet, shape: form.Sheet, title: str, corner: str, repeat: int = 0) -> None:
        day = self._days(HOME)[0]
        spoken_of = f"所述交易日 {day} {weekday_word(day)}；LME、COMEX 的交易日见「{form.GUIDE}」"
        colours = "浅黄格填写 · 浅灰格已预填，核对即可 · 白格选填 · 灰色斜体是公式"
        paper.banner(sheet, f"{shape.name} · {title}", self.report_date, len(shape.fields), (spoken_of, colours))
        paper.head(sheet, form.HEAD_ROW, [field.heading for field in shape.fields])
        paper.settle(sheet, [field.width for field in shape.fields], f"{corner}{form.FIRST_ROW}", repeat)

    def _row(
        self,
        sheet: Worksheet,
        shape: form.Sheet,
        number: int,
        entries: Mapping[str, Entry],
        *,
        last: bool = False,
        wrap: bool = False,
    ) -> None:
        given = self.given.pop((shape.name, tuple(str(entries[heading].value) for heading in shape.key)), {})
        for heading in given.keys() - {field.heading for field in shape.fields}:
            raise ValueError(f"{shape.name}: the form has no column {heading}")
        for at, field in enumerate(shape.fields, start=1):
            entry = entries.get(field.heading, Entry(None, FREE))
            if field.heading in given and given[field.heading] != entry.value:
                entry = Entry(given[field.heading], entry.look, entry.format)
            paper.put(sheet.cell(number, at), entry, self.author, wrap=wrap, last=last)
        sheet.row_dimensions[number].height = 20

    def _last(self, series: Series, day: date) -> Fact | None:
        """The newest number of the series up to that day; one of 主力连续, which hides its contract, is no answer."""
        known = [fact for fact in self.facts.run(series, day, LOOK_BACK) if fact.basis == series.basis]
        return known[-1] if known else None

    def _told(self, series: Series, fact: Fact | None) -> Value:
        """The fact's number in the unit the desk types it in; nothing where no conversion is declared."""
        if fact is None or fact.value is None:
            return None
        unit = fact.unit or self.catalog.unit(series)
        factor = self.catalog.factor(unit, formula.shown_unit(self.catalog, series))
        return None if factor is None else fact.value * factor


def _known(text: str, source: str) -> Entry:
    return Entry(text, KNOWN, source=f"来源：{source}" if source else "") if text else Entry(None, INPUT)


def _previous(fact: Fact | None, value: Value, format_: str) -> Entry:
    if fact is None or value is None:
        return Entry(None, INPUT, format_)
    contract = f"{fact.contract} " if fact.contract else ""
    return Entry(value, KNOWN, format_, f"{contract}{fact.session}\n来源：{fact.source}")


def _height(row: Row) -> int:
    """A row height, in points, that shows the longest text of a view."""
    widths = {field.heading: field.width for field in form.VIEWS.fields}
    lines = [-(-2 * len(str(text)) // (widths[heading] - 3)) for heading, text in row.items() if text]
    return max(84, 17 * max(lines, default=0) + 8)
