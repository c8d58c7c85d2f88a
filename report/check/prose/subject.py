"""What the words name: the running subject of a passage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from report.catalog import Catalog
from report.check.prose.claims import Subject
from report.check.prose.figures import Figure
from report.check.prose.vocabulary import Lexicon, NounWords
from report.facts import Day, Series

IMPLIED = {"futures": "", "names": "", "lme": "LME", "comex": "COMEX"}
FORMS = {"LME": "lme", "COMEX": "comex"}
SPOT = "SPOT"
QUALIFIABLE = 3  # a noun so short is another thing when a strange word touches it: 港口库存


@dataclass
class Naming:
    """The words that say what is spoken of, as they come; `subject` gives what they amount to."""

    catalog: Catalog
    lexicon: Lexicon
    day: Day
    home: str
    variety: str = ""
    form: str = ""
    market: str = ""
    noun: NounWords | None = None
    other: str = ""
    contract: str = ""
    own: bool = False
    own_variety: bool = False
    own_market: bool = False
    placed: bool = False
    weak: bool = False

    def __post_init__(self) -> None:
        self.variety = self.home
        nouns = self.lexicon.vocabulary.noun
        self.close = next(noun for noun in nouns if noun.kind == "close")
        self.premium = next(noun for noun in nouns if noun.kind == "premium")
        self.stock = next(noun for noun in nouns if noun.kind == "stock")

    def clause(self) -> None:
        """A clause begins: what was named is carried over, and none of it is the clause's own."""
        self.own = self.own_variety = self.own_market = False

    def paragraph(self) -> None:
        """A paragraph begins: the view's own variety is spoken of, and nothing else is named yet."""
        self.variety, self.form, self.market, self.noun, self.other, self.contract = self.home, "", "", None, "", ""
        self.clause()

    def strange(self, word: str) -> None:
        """Something is named that the house has no fact of."""
        self.other, self.noun, self.form, self.own = word, None, "", True

    def name_variety(self, code: str, form: str) -> None:
        """A variety is named, in general or as an instrument."""
        beside = self.own_market and not self.own_variety
        if beside and form == "futures" and self.market in FORMS:
            form = FORMS[self.market]
        self.weak = form == "names" and not self.own and not beside and self.form in ("lme", "comex") and not self.noun
        if self.weak:
            form = self.form
        if form != "names":
            self.market, self.noun = IMPLIED[form], None
        elif beside:
            self.noun = None
        elif self.own or self.other or self.noun is None or self.noun.kind != "stock" or self.noun.variety:
            self.market, self.noun = "", None
        if self.market == "LME" and form == "names" and beside:
            form = "lme"
        elif self.market == "COMEX" and form == "names" and beside:
            form = "comex"
        self.variety, self.form, self.other, self.contract = code, form, "", ""
        self.own = self.own_variety = True
        self.own_market = beside or form != "names"

    def name_market(self, market: str) -> None:
        """A market is named; a noun that it also has is kept (其中 LME …). The spot of an instrument is its own."""
        noun = self.noun
        if market == SPOT and self.own_variety and self.form == "lme":
            return
        quoted = noun is not None and noun.kind == "price" and len(noun.words[0]) > 1
        if market == SPOT and self.own and noun is not None and quoted and noun.measures.get(SPOT) == noun.measures[""]:
            return  # 山西一级焦现货: the price that was named
        if self.own or noun is None or market not in noun.measures or noun.kind != "stock" or noun.variety:
            self.noun = None
        elif noun.measures[market] == noun.measures.get(""):
            self.noun = self.stock  # 社库…，LME 却…: of the same kind, but not the same
        self.market, self.other, self.form, self.own_market, self.placed = market, "", "", True, True
        self.own = self.own or self.own_variety

    def at(self, market: str) -> bool:
        """内盘, 外盘 behind a measure that both have one of: that market's. False where it is no such one."""
        noun = self.noun
        if noun is None or noun.kind == "close" or market not in noun.measures:
            return False
        if noun.measures.get("SHFE") == noun.measures.get("COMEX"):
            return False
        self.market, self.own, self.own_market, self.placed = market, True, True, True
        return True

    def name_noun(self, noun: NounWords, word: str, touching: bool) -> None:
        """A measure is named. touching: a word of neither lexicon nor grammar stands right before it."""
        if touching and len(word) <= QUALIFIABLE and not noun.variety:
            self.strange(word)
            return
        plain = noun.measures.get("") == self.close.measures[""]
        if noun.kind == "close" and plain and self.own_variety and self.form != "names":
            self.own = True
            return
        general = noun.kind == "quote" or (noun.kind == "price" and len(noun.words[0]) == 1)
        if general and self.own and self._priced():
            return
        if self.other and self.own and noun.kind in ("quote", "price", "close", "premium") and len(word) <= QUALIFIABLE:
            return
        if noun.variety and not self._beside(noun):
            self.variety = noun.variety
        if self.market not in noun.measures:
            self.market, self.own_market = "", False
        self._settle(noun)
        self.noun, self.other, self.own, self.placed = noun, "", True, self.own_market
        if noun.kind not in ("close", "turnover"):
            self.form = ""

    def _settle(self, noun: NounWords) -> None:
        """A noun that is the same on every market says itself which one it is of."""
        told = noun.measures.get(self.market)
        if told and told == noun.measures.get("") and self.market in ("", "LME"):
            self.market = "LME" if told[0].startswith("lme_") else ""

    def weigh(self, figure: Figure | None) -> None:
        """A weight told of an exchange abroad by itself is its stock: LME 锡 4570 吨."""
        nameless = self.noun is None and not self.other and self.market in FORMS
        if figure is not None and figure.kind == "amount" and nameless:
            self.noun, self.form, self.placed = self.stock, "", self.own_market

    def _priced(self) -> bool:
        """Whether a price of its own is named already, so that 均价 after it adds nothing: 通氧 553# 均价."""
        return self.noun is not None and self.noun.kind == "price" and len(self.noun.words[0]) > 1

    def name_portion(self) -> bool:
        """占比 stands there: the share of what was named. False where that has none."""
        if self.noun is None or not self.noun.portion:
            return False
        portion = self.noun.portion
        self.noun = next(n for n in self.lexicon.vocabulary.noun if portion in n.measures.get("LME", ()))
        return True

    def _beside(self, noun: NounWords) -> bool:
        """Whether the noun, though another variety's by habit, is one the variety spoken of has itself."""
        return self.own_variety and any(True for _ in self._of(noun, self.market))

    def name_premium(self) -> None:
        """升水 or 贴水 stands there: of a premium already named, of a brand, or the market's own."""
        fits = self.noun is not None and (self.noun.kind in ("premium", "brand", "absolute"))
        if self.other or fits:
            return
        self.noun, self.form, self.own = self.premium, "", True

    def alike(self, one: Subject, other: Subject) -> Subject:
        """黄金、白银 T+D: the first, where its words leave it open, is the same measure as the last."""
        if one.sure or len(other.series) != 1 or not one.series:
            return one
        variety = self.catalog.varieties[one.series[0].variety]
        series = self.catalog.series(variety, other.series[0].measure)
        return Subject(f"{one.key} {series.measure}", (series,), other.kind) if series in self.day.standings else one

    def subject(self, closing: bool = False) -> Subject:
        """What the words amount to now. closing: a verb says that a session's close follows (收于)."""
        if self.other:
            return Subject(self.other)
        series = tuple(self._series(closing))
        kind = self.noun.kind if self.noun else "close"
        key = f"{self.variety} {self.market} {self.noun.words[0] if self.noun else self.form}"
        sure = len(series) == 1 and not self._guessed(closing) and not self.weak
        if self.noun is None and (closing or self.own_market) and series and self.market != SPOT:
            self.form = self.form if self.form not in ("", "names") else FORMS.get(self.market, "futures")
        return Subject(key, series, kind, sure, self.contract, self.variety, self.market)

    def _guessed(self, closing: bool) -> bool:
        noun = self.noun
        if noun is None:
            return self.form in ("", "names") and not closing and self.market != SPOT
        if noun.kind == "quote" and self.market != SPOT:
            return True
        told = noun.measures.get(self.market) or ()
        if not self.placed and self.market and told != noun.measures.get("", told):
            return not noun.first or tuple(self._of(noun, self.market)) != tuple(self._of(noun, ""))
        return (len(told) > 1 and noun.kind == "stock" and not noun.first) or (
            noun.kind == "turnover" and self.market == "LME"
        )

    def _series(self, closing: bool) -> Iterator[Series]:
        if self.noun is not None:
            yield from self._of(self.noun, self.market)
            if not self.placed and self.market and self.noun.measures.get(self.market) != self.noun.measures[""]:
                yield from (
                    one for one in self._of(self.noun, "") if one not in tuple(self._of(self.noun, self.market))
                )
        elif self.market == SPOT and self.form in ("", "names"):
            yield from self._known("spot_price")
        elif self.form or closing or self.own_market:
            yield from self._of(self.close, self.market)
            if self.form == "names" and not closing and not self.market:
                yield from self._known("spot_price")

    def _of(self, noun: NounWords, market: str) -> Iterator[Series]:
        if noun.kind == "turnover":
            yield from self._turnover(noun.measures.get(market, noun.measures[""]))
            return
        for reference in noun.measures.get(market, noun.measures[""]):
            found = tuple(self._known(reference))
            yield from found
            if found and (noun.first or noun.kind in ("premium", "absolute")):
                return
        if noun is self.premium and market in ("", SPOT) and not tuple(self._known("spot_premium")):
            yield from self._known("basis")

    def _turnover(self, references: tuple[str, ...]) -> Iterator[Series]:
        for series in self.day.standings:
            if series.variety == self.variety and series.measure in references:
                yield series

    def _known(self, reference: str) -> Iterator[Series]:
        variety = self.catalog.varieties.get(self.variety)
        if variety is not None:
            series = self.catalog.series(variety, reference)
            if series in self.day.standings:
                yield series
