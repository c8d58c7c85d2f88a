"""The Fed's runoff month by month: caps, who takes the rest, and the note's two conclusions as results."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from report import catalog as catalogs
from report import scenarios
from report.derive.channels import system
from report.derive.ledger import Side
from report.derive.scenario import Path, fallen, opened, redeemed, sensitivity, walk
from report.errors import CatalogError
from report.scenarios import Scenario, StockEntry

DATA = [catalogs.packaged("data")]
HERE = system(scenarios.channels(DATA))
STOCKS = {
    ("中长期国债", "美联储"): 57707,
    ("MBS", "美联储"): 27074,
    ("准备金", "银行"): 33574,
    ("ON RRP", "货币基金"): 19650,
    ("TGA", "财政部"): 7806,
    ("银行存款", "银行储户"): 180000,
    ("基金份额", "货币基金投资者"): 45000,
}
MARCH = {"treasury_cap": 600, "mbs_cap": 350, "treasury_maturing": 1000, "mbs_maturing": 0, "bills": 0.5}
EVEN = {"banks": 0, "depositors": 0, "funds": 0.5, "shareholders": 0.5, "dealers": 0}


def plan(share=EVEN, stickiness=0, months=12, floor=0, **step) -> Scenario:
    first = {"since": "2022-06", **MARCH, **step}
    told = {"title": "试", "start": date(2022, 6, 1), "months": months, "stickiness": stickiness, "floor": floor}
    return Scenario.model_validate({**told, "share": share, "step": [first]})


def books(**other):
    stocks = {**STOCKS, **{tuple(key.split("__")): amount for key, amount in other.items()}}
    return opened(HERE, [(StockEntry(claim=one[0], holder=one[1], amount=n), Decimal(n)) for one, n in stocks.items()])


def gone(**options) -> Path:
    return walk(HERE, plan(**options), books())


def moved(path: Path, key: str) -> Decimal:
    return HERE.stock(path.months[-1].books, key) - HERE.stock(path.opening, key)


def test_of_a_maturing_thousand_under_a_cap_of_600_four_hundred_is_rolled() -> None:
    assert redeemed(Decimal(1000), Decimal(600)) == (600, 400)
    assert redeemed(Decimal(500), Decimal(600)) == (500, 0)
    month = gone(months=1).months[0]
    assert (month.runoff, month.rolled) == (600, 400)
    assert HERE.holding(month.books, "bonds") == 57707 - 600


@pytest.mark.parametrize(
    ("name", "caps"),
    [
        ("2022缩表", {"2022-06": (300, 175), "2022-08": (300, 175), "2022-09": (600, 350), "2025-05": (600, 350)}),
        ("2017缩表", {"2017-10": (60, 40), "2018-01": (120, 80), "2018-07": (240, 160), "2018-10": (300, 200)}),
    ],
)
def test_the_caps_are_those_that_were_announced(name, caps) -> None:
    sample = scenarios.scenario(DATA, name)
    for month, pair in caps.items():
        terms = sample.at(date.fromisoformat(f"{month}-01"))
        assert (terms.treasury_cap, terms.mbs_cap) == pair


def test_with_enough_bills_and_willing_holders_reserves_need_not_fall() -> None:
    path = gone()
    assert moved(path, "reserves") == 0
    assert moved(path, "on_rrp") == -600 * 12
    assert moved(path, "deposits") == 0
    assert moved(path, "fund_shares") == -300 * 12
    assert not path.findings
    assert fallen(HERE, path, Decimal("0.1")) == (False, 12)


def test_with_long_issuance_and_sticky_savers_the_buffer_does_not_work() -> None:
    path = gone(bills=0, stickiness=1)
    assert moved(path, "on_rrp") == 0
    assert moved(path, "reserves") == -600 * 12
    assert HERE.stock(path.opening, "on_rrp") > 600 * 12
    assert fallen(HERE, path, Decimal("0.1")) == (True, 6)


def test_funds_buy_only_bills_and_the_rest_of_their_share_falls_on_reserves() -> None:
    path = gone(share={**EVEN, "funds": 1, "shareholders": 0}, bills=0.25, months=1)
    assert path.months[0].taken["funds"] == {"bills": Decimal(150)}
    assert moved(path, "reserves") == -450


def test_dealers_pay_with_what_funds_lend_them() -> None:
    path = gone(share={**EVEN, "funds": 0, "shareholders": 0, "dealers": 1}, months=2)
    assert (moved(path, "on_rrp"), moved(path, "repo"), moved(path, "reserves")) == (-1200, 1200, 0)
    assert HERE.fund_assets(path.months[-1].books) == HERE.fund_assets(path.opening)


def test_on_rrp_stops_at_zero_and_what_it_lacks_falls_on_reserves() -> None:
    path = walk(HERE, plan(months=3), books(**{"ON RRP__货币基金": 1000}))
    assert [HERE.stock(one.books, "on_rrp") for one in path.months] == [400, 0, 0]
    assert [one.short for one in path.months] == [0, 200, 600]
    assert moved(path, "reserves") == -800
    assert [one.code for one in path.findings] == ["D211"]
    assert "used up in 2022-07; 200" in path.findings[0].message


def test_reserves_below_the_floor_are_reported_with_the_month() -> None:
    path = gone(bills=0, stickiness=1, floor=33000)
    assert [str(one) for one in path.findings] == [
        "试: reserves fall to 32974 in 2022-06, below the floor of 33000 [D212]"
    ]


def test_a_path_ends_where_there_are_no_reserves_left() -> None:
    path = walk(HERE, plan(bills=0, stickiness=1), books(准备金__银行=1000))
    assert len(path.months) == 1
    assert path.findings[-1].code == "D213"
    assert "before 2022-07" in path.findings[-1].message


def test_what_the_treasury_borrows_and_spends_comes_back_as_reserves_and_what_it_keeps_does_not() -> None:
    spent = gone(bills=0, stickiness=1, net_issuance=500, months=1)
    kept = gone(bills=0, stickiness=1, net_issuance=500, tga_change=500, months=1)
    assert (moved(spent, "reserves"), moved(spent, "tga")) == (-600, 0)
    assert (moved(kept, "reserves"), moved(kept, "tga")) == (-1100, 500)


def test_a_falling_treasury_account_pays_for_the_runoff() -> None:
    path = gone(bills=0, stickiness=1, tga_change=-600, months=3)
    assert (moved(path, "reserves"), moved(path, "tga")) == (0, -1800)


def test_the_treasury_cannot_buy_back_from_others_more_than_runs_off() -> None:
    with pytest.raises(CatalogError, match="net_issuance -700 is below −600"):
        gone(net_issuance=-700)


def test_more_bills_and_less_stickiness_never_hasten_the_fall_of_reserves() -> None:
    steps = tuple(Decimal(tenth) / 10 for tenth in (0, 5, 10))
    table = sensitivity(HERE, plan(months=24), books(), steps, steps)
    told = [[count if reached else 99 for reached, count in row] for row in table]
    assert all(row == sorted(row, reverse=True) for row in told)
    assert all(list(column) == sorted(column) for column in zip(*told, strict=True))
    assert (table[0][2], table[1][0]) == ((True, 6), (False, 24))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(0, 20), min_size=5, max_size=5).filter(sum),
    *[st.decimals(0, 1, places=3)] * 2,
    st.decimals(0, 2000, places=2),
    st.decimals(-500, 500, places=2),
    st.decimals(0, 3000, places=2),
)
def test_every_month_of_every_scenario_balances(weights, bills, stickiness, net, kept, on_rrp) -> None:
    shares = [Decimal(one) / 100 for one in weights]
    shares[1] += 1 - sum(shares)
    terms = {"bills": bills, "net_issuance": net, "tga_change": kept, "mbs_maturing": 250}
    one = plan(dict(zip(scenarios.SHARES, shares, strict=True)), stickiness, 6, **terms)
    path = walk(HERE, one, books(**{"ON RRP__货币基金": on_rrp}))
    for month in path.months:
        HERE.books.check(month.operation)
        assert HERE.stock(month.books, "on_rrp") >= 0
        assert sum(map(month.of, scenarios.SHARES)) == month.runoff + month.mbs_runoff + net
        for sector in month.books.sectors:
            account = month.books.account(sector)
            owed = sum(amount for _, amount in account.liabilities)
            assert sum(amount for _, amount in account.assets) == owed + account.net_worth
        funds = month.books.stock("货币基金", Side.ASSET, "中长期国债")
        assert funds == 0


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"share": {**EVEN, "funds": 0.4}}, "the shares make 0.9, not 1"),
        ({"stickiness": 1.5}, "stickiness"),
        ({"step": [{"since": "2022-6"}]}, 'expected a month such as "2022-06"'),
        ({"step": [{"since": "2022-06", "bills": 1}]}, "the first step must say treasury_cap, mbs_cap"),
        ({"step": [{"since": "2022-06", **MARCH}, {"since": "2022-06"}]}, "must follow one another"),
        ({"stock": [{"claim": "准备金", "holder": "银行"}]}, "give either amount or series"),
        ({"floor": 1e30}, "floor"),
        ({"floor": 0.001}, "floor"),
        ({"horizon": 3}, "horizon"),
    ],
)
def test_a_scenario_that_makes_no_sense_is_refused_with_file_and_key(change, told, tmp_path) -> None:
    import json
    import tomllib

    text = (DATA[0] / "scenarios" / "2022缩表.toml").read_text(encoding="utf-8")
    whole = {**tomllib.loads(text), **change}
    lines = [f"{key} = {_toml(value, json)}" for key, value in whole.items()]
    path = tmp_path / "mine.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(CatalogError) as error:
        scenarios.scenario([], str(path))
    assert "mine.toml" in str(error.value)
    assert told in str(error.value)


def _toml(value, json) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {_toml(one, json)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(one, json) for one in value) + "]"
    return str(value) if isinstance(value, date) else json.dumps(value, ensure_ascii=False)
