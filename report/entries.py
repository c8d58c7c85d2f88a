"""What one entry of data/**/*.toml may say: its keys, their types and bounds. Unknown keys are mistakes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from report.errors import nearest

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Stance = Literal["多", "空", "中性", "保值"]
Exact = Annotated[Decimal, BeforeValidator(lambda value: str(value) if isinstance(value, int | float) else value)]
Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Entry(BaseModel):
    """Base of everything a TOML file may say: unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def mistake(item: ErrorDetails, model: type[Entry]) -> str:
    """What is wrong with one key of a file of that model; of a key nobody knows, the known ones nearest to it."""
    if item["type"] != "extra_forbidden":
        return item["msg"].removeprefix("Value error, ")
    owners: list[type[Entry]] = [model]
    for part in item["loc"][:-1]:
        kinds = [one.model_fields[part].annotation for one in owners if part in one.model_fields]
        owners = [one for kind in kinds for one in _entries(kind)] or owners
    known = [field.alias or name for one in owners for name, field in one.model_fields.items()]
    return f"no such key ({nearest(str(item['loc'][-1]), known)}); correct it, or take it out"


def _entries(kind: object) -> Iterator[type[Entry]]:
    """The entries that a field of that kind holds."""
    if isinstance(kind, type) and issubclass(kind, Entry):
        yield kind
    for inner in get_args(kind):
        yield from _entries(inner)


class Measure(Entry):
    """A kind of number. unit is the house's unit; words names the direction words (data/words.toml) its change takes.

    also: other names it may be asked for by.
    calendar: the exchange whose sessions it follows, '' for the variety's own. behind: how many sessions before the one
    the report speaks of its newest number belongs to (LME stocks of a day are published the next morning: 1).
    derived: a function of `derive` gives it, and an input is ignored; excel is the same definition as a sheet formula.
    exact: its numbers are quoted as they are typed, nothing of them was rounded away. never_zero: a 0 is a number that
    was not got. limit: the fraction a session may move it by, None: data/checks.toml says.
    """

    name: str
    also: tuple[str, ...] = ()
    unit: str = ""
    shown_in: str = ""
    words: str = ""
    calendar: str = ""
    behind: int = Field(default=0, ge=0, le=5)
    frequency: Literal["day", "week"] = "day"
    decimals: int = Field(default=0, ge=0, le=6)
    derived: bool = False
    excel: str = ""
    exact: bool = False
    never_zero: bool = False
    limit: Exact | None = None


class Instrument(Entry):
    """One line of the 收盘 sheet. closes and overview: its place in Table 1 and on the first page, None: not there.

    limit: how far from the settlement before, as a fraction, its exchange lets a session go (涨跌停板). tick: what its
    prices are multiples of (最小变动价位).
    """

    exchange: str
    product: str
    label: str
    name: str
    measure: str = "futures_close"
    basis: str = "主力"
    unit: str = "元/吨"
    decimals: int = Field(default=0, ge=0, le=6)
    volume_basis: str = ""
    closes: int | None = None
    overview: int | None = None
    limit: Exact | None = None
    tick: Exact | None = None


class SeriesEntry(Entry):
    """One indicator of a variety: its name on the 产业 sheet and in Table 2, and where it differs from its measure.

    unit is the house's unit, shown_in the printed one; inputs binds a formula's parameter to another series.
    """

    name: str
    unit: str = ""
    shown_in: str = ""
    decimals: int | None = Field(default=None, ge=0, le=6)
    inputs: Mapping[str, str] = {}


class ChartEntry(Entry):
    """A view's chart: price on the left axis; second, where given, on the right."""

    title: str
    price: str
    second: str = ""
    second_style: Literal["line", "area", "bar"] = "area"


class LiquidityEntry(Entry):
    """A view's panel of dollar liquidity: title, small print, drafted sentences, and how many weeks it looks back."""

    title: str
    source: str
    note: str = ""
    draft: tuple[str, ...] = ()
    weeks: int = Field(default=13, ge=2, le=18)


class ViewEntry(Entry):
    """A variety's view block: its place, title, drafted sentences, pictures, and the series its signals are made of."""

    order: int
    title: str
    draft: tuple[str, ...] = ()
    chart: ChartEntry | None = None
    signals: Mapping[str, str] = {}
    liquidity: LiquidityEntry | None = None


class BlockEntry(Entry):
    """A variety's block of 产业数据透视: its place, title, and the series of its two halves."""

    order: int
    title: str
    left: tuple[str, ...]
    right: tuple[str, ...] = ()


class Variety(Entry):
    """A 品种: one file data/varieties/<code>.toml. constants are numbers of its formulas, named as parameters."""

    code: str
    name: str
    spoken: str = ""
    exchange: str = ""
    aliases: tuple[str, ...] = ()
    instruments: tuple[Instrument, ...] = ()
    series: Mapping[str, SeriesEntry] = {}
    constants: Mapping[str, Exact] = {}
    view: ViewEntry | None = None
    block: BlockEntry | None = None


class Recommendation(Entry):
    """One entry of the vocabulary of 操作建议."""

    name: str
    stance: Stance
    entry: str
    audience: str
    aliases: tuple[str, ...] = ()


class Condition(Entry):
    """A signal held against bounds: it is true where above < signal < below."""

    signal: str
    above: Exact | None = None
    below: Exact | None = None


class Rule(Entry):
    """A declared reason to propose a recommendation: all conditions true; the first rule that applies is taken."""

    name: str
    propose: str
    when: tuple[Condition, ...]


class RecommendationsFile(Entry):
    """data/recommendations.toml."""

    recommendation: tuple[Recommendation, ...]
    rule: tuple[Rule, ...]
    windows: Mapping[str, int]


class DirectionWords(Entry):
    """The words for a change: up, down, flat; up_tail and down_tail follow the number (幅)."""

    up: str
    down: str
    flat: str


class AttachedEntry(Entry):
    """What each file inside the PDF is, for the reader who opens the list of attachments."""

    workbook: str
    facts: str
    findings: str
    erratum: str


class WordsFile(Entry):
    """data/words.toml: direction words, and what a desk writes for a missing number.

    columns: the headings of the attached facts.xlsx; attached: what each file inside the PDF is.
    """

    directions: Mapping[str, DirectionWords]
    missing: tuple[str, ...]
    replace: tuple[str, ...]
    follow: tuple[str, ...]
    columns: tuple[str, ...] = Field(min_length=9, max_length=9)
    attached: AttachedEntry


class SentencesFile(Entry):
    """data/sentences.toml: the drafted sentences; each is a list of clauses, the first of which must have its facts."""

    sentence: Mapping[str, tuple[str, ...]]


class Conversion(Entry):
    """One unit told in another: one `unit` is `factor` of `into`."""

    unit: str
    into: str
    factor: Exact


class UnitsFile(Entry):
    """data/units.toml."""

    conversion: tuple[Conversion, ...]
    aliases: Mapping[str, str] = {}


class WaiverEntry(Entry):
    """One waiver: the finding as it was told (code, where, says), the reason, and who answers for it.

    passage: of a note, the passage it stands in (report.waivers.passage_at); changed since, it ends the waiver.
    """

    code: str = Field(pattern="^[A-Z][0-9]{3}$")
    where: Said
    says: Said
    reason: Said
    by: Said
    passage: str = Field(default="", pattern=r"^([0-9a-f]{12}\+[0-9]+)?$")


class WaiversFile(Entry):
    """data/waivers/DATE.toml, or notes/NAME.toml beside it: what is waived on that report, and on no other."""

    waiver: tuple[WaiverEntry, ...] = ()


class OfficeEntry(Entry):
    """A branch of the house."""

    name: str
    address: str
    phones: tuple[str, ...] = ()


class NoticeEntry(Entry):
    """A heading and its paragraphs of small print."""

    title: str
    paragraphs: tuple[str, ...]


class SigningEntry(Entry):
    """How what is published is signed: PEM files of the workspace, the house's certificate and those that vouch for it.

    The private key is never in a workspace: $RIBAO_SIGNING_KEY names its file, $RIBAO_SIGNING_PASSPHRASE opens it.
    """

    certificate: str
    chain: tuple[str, ...] = ()
    reason: str = ""


FILE_NAME = r'^[^/\\:*?"<>|.][^/\\:*?"<>|]*$'
"""What a title may be that files are called after."""


class Settings(Entry):
    """data/settings.toml: the house that publishes. archive: a folder of the workspace, or an fsspec URL."""

    house: str
    title: str = Field(pattern=FILE_NAME, max_length=40)
    subject: str
    keywords: tuple[str, ...]
    contact: tuple[str, ...]
    foot: str
    motto: str = ""
    hotline: str = ""
    closes_note: str = ""
    industry_note: str = ""
    source_line: str = ""
    notice: tuple[NoticeEntry, ...]
    office: tuple[OfficeEntry, ...] = ()
    database: str = ""
    archive: str = "archive"
    signing: SigningEntry | None = None

    def texts(self) -> Iterator[tuple[str, str]]:
        """Every text it says, with its place: `data/settings.toml › notice.0.title`."""
        return _texts(self.model_dump(), "")


def _texts(part: object, key: str) -> Iterator[tuple[str, str]]:
    inside = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list | tuple) else ()
    for name, inner in inside:
        yield from _texts(inner, f"{key}.{name}" if key else f"{name}")
    if isinstance(part, str) and part:
        yield part, f"data/settings.toml › {key}"
