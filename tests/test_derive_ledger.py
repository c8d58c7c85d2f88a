"""The double entry between sectors, and the five channels held against the note's figures row by row."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report import catalog as catalogs
from report import scenarios
from report.derive.channels import System, system
from report.derive.ledger import Books, Claim, Operation, Posting, Side
from report.errors import CatalogError, Unbalanced

DATA = [catalogs.packaged("data")]
SYSTEM = system(scenarios.channels(DATA))
ASSET, LIABILITY, WORTH = Side
TREASURY = ("财政部", "+TGA -TGA", "+新发美债 -偿还美债")
FIGURES = {
    "banks": [("美联储", "-美国国债", "-准备金"), TREASURY, ("银行", "+新发美债 -准备金", "")],
    "depositors": [
        ("美联储", "-美国国债", "-准备金"),
        TREASURY,
        ("银行", "-准备金", "-银行存款"),
        ("银行储户", "-银行存款 +新发美债", ""),
    ],
    "funds": [("美联储", "-美国国债", "-ON RRP"), TREASURY, ("货币基金", "+新发美债 -ON RRP", "")],
    "shareholders": [
        ("美联储", "-美国国债", "-ON RRP"),
        TREASURY,
        ("货币基金", "-ON RRP", "-基金份额"),
        ("货币基金投资者", "-基金份额 +新发美债", ""),
    ],
    "dealers": [
        ("美联储", "-美国国债", "-ON RRP"),
        TREASURY,
        ("一级交易商/杠杆投资者", "+新发美债", "+回购借款"),
        ("货币基金", "-ON RRP +回购贷款", ""),
    ],
}


def signs(rows) -> str:
    return " ".join(f"{'+' if amount > 0 else '-'}{name}" for name, amount in rows)


@pytest.mark.parametrize("key", FIGURES)
def test_a_channels_t_accounts_are_those_of_the_notes_figure(key: str) -> None:
    drawn = SYSTEM.drawn(SYSTEM.channel(key), Decimal(600))
    assert [(one.sector, signs(one.assets), signs(one.liabilities)) for one in drawn] == FIGURES[key]
    assert {abs(amount) for one in drawn for _, amount in (*one.assets, *one.liabilities)} == {Decimal(600)}
    assert not any(one.net_worth for one in drawn)


def test_what_the_treasury_spends_becomes_deposits_and_reserves() -> None:
    drawn = SYSTEM.books.drawn(SYSTEM.operations["spending"])
    told = [(one.sector, signs(one.assets), signs(one.liabilities), one.net_worth) for one in drawn]
    assert told == [
        ("美联储", "", "-TGA +准备金", 0),
        ("财政部", "-TGA", "", -1),
        ("银行", "+准备金", "+银行存款", 0),
        ("银行储户", "+银行存款", "", 1),
    ]


def test_an_on_rrp_that_is_not_renewed_becomes_reserves() -> None:
    drawn = SYSTEM.books.drawn(SYSTEM.operations["on_rrp_maturity"])
    assert [(one.sector, signs(one.assets), signs(one.liabilities)) for one in drawn] == [
        ("美联储", "", "-ON RRP +准备金"),
        ("银行", "+准备金", "+银行存款"),
        ("货币基金", "-ON RRP +银行存款", ""),
    ]


def small() -> Books:
    claim = Claim("准备金", frozenset({"美联储"}), frozenset({"银行"}))
    return Books(("美联储", "银行"), {"准备金": claim})


def opened(amount: int) -> Operation:
    return Operation(
        "开户",
        (
            Posting("银行", ASSET, "准备金", Decimal(amount)),
            Posting("美联储", LIABILITY, "准备金", Decimal(amount)),
            Posting("银行", WORTH, "", Decimal(amount)),
            Posting("美联储", WORTH, "", Decimal(-amount)),
        ),
    )


@pytest.mark.parametrize(
    ("postings", "told"),
    [
        (
            [("银行", ASSET, "准备金", 1)],
            ["银行: assets change by 1, liabilities by 0", "准备金: its holders change by 1"],
        ),
        ([("银行", ASSET, "准备金", 1), ("银行", WORTH, "", 1)], ["its holders change by 1, its issuers by 0"]),
        ([("银行", LIABILITY, "准备金", 1)], ["银行 may not owe 准备金"]),
        ([("美联储", ASSET, "准备金", 1)], ["美联储 may not hold 准备金"]),
        ([("央行", ASSET, "准备金", 1)], ["there is no sector '央行', only 美联储、银行"]),
        ([("银行", ASSET, "黄金", 1)], ["there is no claim '黄金', only 准备金"]),
    ],
)
def test_an_operation_that_does_not_balance_is_refused_and_says_where(postings, told) -> None:
    operation = Operation("试", tuple(Posting(*one[:3], Decimal(one[3])) for one in postings))
    with pytest.raises(Unbalanced) as error:
        small().post(operation)
    for part in told:
        assert part in str(error.value)


def test_nobody_can_hold_less_than_nothing_of_a_claim() -> None:
    books = small().post(opened(5))
    with pytest.raises(Unbalanced, match="银行 has 5 of 准备金 as asset, which is 2 too little"):
        books.post(opened(-7))
    assert books.stock("银行", ASSET, "准备金") == 5


def test_posting_leaves_the_books_before_as_they_were() -> None:
    before = small()
    after = before.post(opened(3))
    assert (before.total("准备金"), after.total("准备金")) == (0, 3)
    assert after.account("银行").assets == (("准备金", Decimal(3)),)
    assert after.account("银行").net_worth == 3


def legs(of: System) -> list[tuple[str, Callable[[], Operation]]]:
    bought = [(one.purchase, one.mortgage) for one in of.channels]
    return [*of.operations.values(), *(leg for pair in bought for leg in pair if leg is not None)]


AMOUNTS = st.decimals(min_value=Decimal("-999999.99"), max_value=Decimal("999999.99"), places=2)


@given(st.lists(st.tuples(st.sampled_from(legs(SYSTEM)), AMOUNTS), max_size=25))
def test_whatever_happens_every_account_and_every_claim_balances(sequence) -> None:
    books = flooded(SYSTEM)
    for operation, amount in sequence:
        books = books.post(operation.times(amount))
    for sector in books.sectors:
        account = books.account(sector)
        assets, owed = (sum(amount for _, amount in rows) for rows in (account.assets, account.liabilities))
        assert assets == owed + account.net_worth
    for claim in books.claims:
        held = sum(amount for (_, side, name), amount in books.standing.items() if (side, name) == (ASSET, claim))
        assert held == books.total(claim)


def flooded(of: System) -> Books:
    """Books in which everybody holds a great deal of all they may hold."""
    much = Decimal(10) ** 9
    books = of.books
    for claim in books.claims.values():
        issuer = min(claim.issuers)
        for holder in sorted(claim.holders):
            both = [(holder, ASSET, claim.name), (issuer, LIABILITY, claim.name)]
            worth = [Posting(holder, WORTH, "", much), Posting(issuer, WORTH, "", -much)]
            books = books.post(Operation("开户", (*(Posting(*place, much) for place in both), *worth)))
    return books


def broken(old: str, new: str, tmp_path) -> str:
    text = (DATA[0] / "channels.toml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "channels.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CatalogError) as error:
        system(scenarios.channels([tmp_path]))
    return str(error.value)


def test_a_channel_that_does_not_balance_is_told_with_its_file(tmp_path) -> None:
    told = broken(
        '"货币基金" = { assets = ["+新发美债", "-ON RRP"] }', '"货币基金" = { assets = ["+新发美债"] }', tmp_path
    )
    assert told.startswith("data/channels.toml › 货币基金购买短债: 货币基金: assets change by 1, liabilities by 0")
    assert "ON RRP: its holders change by 0, its issuers by -1" in told


def test_an_entry_without_a_sign_or_a_lost_claim_is_a_mistake_of_the_file(tmp_path) -> None:
    assert "channel.0.entries.银行.assets.0" in broken('["+新发美债", "-准备金"]', '["新发美债", "-准备金"]', tmp_path)
    assert "two claims have one name" in broken('name = "回购"', 'name = "TGA"', tmp_path)
    assert "lacking: repo" in broken('key = "repo"', 'key = "repos"', tmp_path)
