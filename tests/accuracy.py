"""How well the prose is read: sentences of our own with the verdict of every number beside it.

    python -m tests.accuracy

In tests/accuracy/*.toml a number that agrees with its fact is written {=72500}, one that contradicts it {!72500}, as is
a direction word; every other number has no fact. Precision: of the numbers and words given a verdict, the share given
the right one. Recall: of the numbers that have a fact, the share given the right verdict. Coverage: of all numbers
found, the share that was bound.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from report.check.prose.judge import judged
from report.facts import Passage, View
from tests.days import REPORT
from tests.prose_days import evidence_of, past_day, sample_day

FOLDER = Path(__file__).parent / "accuracy"
LABEL = re.compile(r"\{([=!])([^}]*)\}")
VERDICTS = {"=": "agrees", "!": "contradicts"}


@dataclass(frozen=True)
class Outcome:
    """One number: the sentence, where it is, what it should be judged and what it was."""

    sentence: str
    place: int
    wanted: str
    given: str
    trend: bool


def sentences(path: Path) -> Iterator[tuple[date, str, str]]:
    """Report date, variety and labelled sentence."""
    for part in tomllib.loads(path.read_text(encoding="utf-8"))["day"]:
        report_date = part.pop("report_date")
        for variety, told in part.items():
            yield from ((report_date, variety, sentence) for sentence in told)


def plain(labelled: str) -> tuple[str, dict[int, str]]:
    """The sentence without its labels, and the verdict wanted at each labelled place."""
    wanted: dict[int, str] = {}
    text, last = "", 0
    for label in LABEL.finditer(labelled):
        text += labelled[last : label.start()]
        wanted[len(text)] = VERDICTS[label[1]]
        text += label[2]
        last = label.end()
    return text + labelled[last:], wanted


def outcomes(report_date: date, variety: str, labelled: str) -> Iterator[Outcome]:
    text, wanted = plain(labelled)
    day = sample_day() if report_date == REPORT else past_day(report_date)
    view = View(variety, report_date, recap=Passage(text, "a.xlsx › 观点 › C5"))
    (passage,) = judged(evidence_of(day, [view]))
    for reading in passage.readings:
        place, trend = reading.claim.token.start, reading.claim.aspect == "trend"
        signed = place + (text[place] in "+-−－＋")
        label = wanted.pop(place, None) or wanted.pop(signed, None) or ("unbound" if not trend else "")
        if label or reading.status == "contradicts":
            yield Outcome(text, place, label or "agrees", reading.status, trend)
    for place, label in wanted.items():
        yield Outcome(text, place, label, "not found", False)


@dataclass(frozen=True)
class Score:
    """The figures of one file."""

    sentences: int
    numbers: int
    with_fact: int
    precision: float
    recall: float
    coverage: float
    misses: tuple[Outcome, ...]

    def __str__(self) -> str:
        return (
            f"{self.sentences} sentences, {self.numbers} numbers, {self.with_fact} with a fact: "
            f"precision {self.precision:.3f}, recall {self.recall:.3f}, coverage {self.coverage:.3f}"
        )


def score(path: Path) -> Score:
    told = list(sentences(path))
    found = [outcome for one in told for outcome in outcomes(*one)]
    judged_ = [one for one in found if one.given in VERDICTS.values()]
    facts = [one for one in found if one.wanted in VERDICTS.values() and not (one.trend and one.wanted == "agrees")]
    numbers = [one for one in found if not one.trend]
    return Score(
        len(told),
        len(numbers),
        len(facts),
        sum(one.given == one.wanted for one in judged_) / max(len(judged_), 1),
        sum(one.given == one.wanted for one in facts) / max(len(facts), 1),
        sum(one.given in VERDICTS.values() for one in numbers) / max(len(numbers), 1),
        tuple(one for one in found if one.given != one.wanted),
    )


def main() -> int:
    """Print the figures of every file, and with -v every number that was judged wrongly."""
    for path in sorted(FOLDER.glob("*.toml")):
        result = score(path)
        print(f"{path.stem}: {result}")
        if "-v" in sys.argv:
            for miss in result.misses:
                around = f"{miss.sentence[max(0, miss.place - 24) : miss.place]}▶{miss.sentence[miss.place :][:22]}"
                print(f"    {miss.wanted} -> {miss.given}: {around}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
