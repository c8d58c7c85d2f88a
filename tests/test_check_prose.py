"""Each check of the prose fires on its fault, at the number, and keeps quiet without it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from report.check import CHECKS
from report.check.prose import style
from report.check.prose.coverage import coverage
from report.facts import Finding, Passage, Severity, View
from tests.days import CATALOG, REPORT
from tests.prose_days import evidence_of, sample, sample_day, views

MINE = {code: run for code, run in CHECKS.items() if run.__module__.startswith("report.check.prose")}


def view(variety: str, recommendation: str = "", **fields: str) -> View:
    passages = {name: Passage(text, f"a.xlsx › 观点 › {name}") for name, text in fields.items()}
    if recommendation:
        passages["recommendation"] = Passage(recommendation, "a.xlsx › 观点 › F5")
    return View(variety, REPORT, **passages)


def found(code: str, *told: View, last: dict[str, View] | None = None) -> list[Finding]:
    evidence = replace(evidence_of(sample_day(), told), last=last or {})
    hits = list(CHECKS[code](evidence))
    assert {finding.code for finding in hits} <= {code}
    return hits


def test_c601_a_wrong_number_names_its_place_its_fact_and_its_cell() -> None:
    (hit,) = found("C601", view("cu", recap="沪铜主力收于 72600 元/吨。"))
    assert hit.severity is Severity.ERROR
    assert hit.where == "a.xlsx › 观点 › recap › character 8"
    assert "铜 SHFE 铜主力 of 2024-03-28 is 72500 元/吨 (日报底稿.xlsx › 收盘 › D5)" in hit.message


def test_c601_a_rounded_number_holds_and_one_rounded_wrongly_does_not() -> None:
    assert not found("C601", view("cu", recap="LME 库存降至 11.2 万吨。"))
    assert found("C601", view("cu", recap="LME 库存降至 11.3 万吨。"))
    assert found("C601", view("au", recap="COMEX 黄金涨 1.9%。"))


def test_c601_is_quiet_about_what_no_table_knows() -> None:
    text = "印尼 2023 年铜精矿产量 54.2 万吨，同比下降 32%；冶炼厂检修 1-2 个月，影响 3 万吨。下方关注 71800 元支撑。"
    assert not found("C601", view("cu", recap=text))


def test_c602_a_percentage_that_level_and_change_do_not_make() -> None:
    (hit,) = found("C602", view("cu", recap="废紫铜报 66750 元/吨，下跌 210 元，跌幅 0.80%。"))
    assert hit.severity is Severity.ERROR
    assert "-0.3136%" in hit.message


def test_c602_is_quiet_about_figures_that_fit() -> None:
    assert not found("C602", view("cu", recap="废紫铜报 66750 元/吨，下跌 210 元，跌幅 0.31%。"))


def test_c603_a_direction_word_against_the_sign_is_an_error_at_its_number() -> None:
    (hit,) = found("C603", view("zn", recap="LME 库存 270875 吨，减少 7325 吨。"))
    assert (hit.severity, hit.where) == (Severity.ERROR, "a.xlsx › 观点 › recap › character 20")
    assert "changed by +7325 吨" in hit.message


def test_c603_a_direction_word_without_a_number_is_a_warning() -> None:
    (hit,) = found("C603", view("al", outlook="社会库存周内去库。"))
    assert hit.severity is Severity.WARNING
    assert "changed by +14000 吨" in hit.message


def test_c603_is_quiet_about_right_words_and_about_a_narrower_discount() -> None:
    text = "现货贴水由 160 元扩大至 290 元，较前日扩大 130 元；LME 贴水 40.01 美元，收窄 2.45 美元。"
    assert not found("C603", view("pb", recap=text))


def test_c604_a_rise_of_nothing_is_to_be_called_unchanged() -> None:
    assert found("C604", view("lc", recap="电碳价格较昨日上涨 0 元/吨。"))[0].severity is Severity.WARNING
    assert not found("C604", view("lc", recap="电碳价格与昨日持平。"))


def test_c605_the_right_number_in_a_wrong_unit() -> None:
    (hit,) = found("C605", view("cu", recap="伦铜收于 8872 元/吨。"))
    assert hit.severity is Severity.ERROR
    assert not found("C605", view("cu", recap="伦铜收于 8872 美元/吨。"))


def test_c606_two_passages_that_give_a_series_two_directions() -> None:
    told = view("al", recap="社会库存较上周增加 1.4 万吨。", outlook="社会库存周内去库。")
    assert [hit.where for hit in found("C606", told)] == ["a.xlsx › 观点 › outlook › character 7"]


def test_c606_two_passages_that_give_a_series_no_table_knows_two_changes() -> None:
    told = view("ao", recap="澳洲 FOB 报 365 美元/吨，跌 4 美元。", outlook="澳洲 FOB 上涨 2 美元。")
    assert found("C606", told)


def test_c606_is_quiet_about_one_number_told_twice() -> None:
    told = view("cu", recap="LME 库存 112475 吨。", outlook="LME 库存 11.2 万吨，处于低位。")
    assert not found("C606", told)


def test_c607_another_contract_called_the_main_one() -> None:
    assert "CU2405" in found("C607", view("cu", recap="沪铜主力 2406 合约震荡。"))[0].message
    assert not found("C607", view("cu", recap="沪铜主力 2405 合约震荡，现货对 2404 合约贴水。"))


def test_c608_a_bullish_outlook_with_a_recommendation_to_sell() -> None:
    assert found("C608", view("cu", "逢高抛空", outlook="基本面支撑仍在，思路看涨。"))
    assert not found("C608", view("cu", "逢高抛空", outlook="上方空间有限，不宜做多，思路偏空。"))


def test_c609_a_paragraph_copied_from_the_last_report() -> None:
    text = "矿端偏紧与高价抑制消费并存，价格缺乏单边动力，预计在高位区间反复。"
    assert found("C609", view("cu", outlook=text), last={"cu": view("cu", outlook=text)})
    assert not found("C609", view("cu", outlook=text), last={"cu": view("cu", outlook="另一段。" + text)})


def test_c610_the_sessions_number_told_of_another_day_or_a_recap_of_yesterday() -> None:
    assert found("C610", view("cu", recap="沪铜周三收于 72500 元/吨。"))
    assert found("C610", view("cu", recap="周三沪铜震荡。"))
    assert found("C610", view("cu", recap="截至 3 月 28 日（周五）。"))
    assert not found("C610", view("cu", recap="周四沪铜收于 72500 元/吨。截至 3 月 28 日（周四）。"))


def test_c611_a_headline_or_a_forecast_of_another_metal() -> None:
    assert found("C611", view("sn", headline="沪镍承压回落"))
    assert found("C611", view("sn", outlook="需求不足，预计沪锌偏弱运行。"))
    assert not found("C611", view("sn", headline="锡价随沪镍回落", outlook="铅蓄电池临近淡季。"))


def test_a_recap_whose_prices_are_another_metals_is_told_once() -> None:
    (told,) = found("C611", view("zn", recap="周四沪铅主力收于 16465 元/吨，上涨 280 元。铅锭库存回升。"))
    assert told.where.endswith("recap › character 3")
    assert not found("C611", view("zn", recap="沪铅主力收于 16465 元/吨，沪锌跟涨。"))
    assert not found("C611", view("zn", recap="铜冶炼企业有意减产，现货成交转淡。"))
    assert not found("C611", view("rb", recap="热卷主力收于 3769 元/吨。"))
    assert not found("C611", view("macro", recap="沪铅主力收于 16465 元/吨。"))


def test_c703_shef_is_shfe() -> None:
    assert found("C703", view("cu", recap="SHEF 仓单持平。"))
    assert not found("C703", view("cu", recap="SHFE 仓单持平。"))


@pytest.mark.parametrize("text", ["shef 仓单持平。", "ＳＨＥＦ 仓单持平。", "S HEF", "铝绽库存回升。", "LEM铜库存。"])
def test_a_misspelling_is_known_however_it_is_set(text: str) -> None:
    assert len(found("C703", view("cu", recap=text))) == (text != "S HEF")


def test_a_misspelt_name_in_the_catalogue_is_told_with_its_file() -> None:
    copper = CATALOG.varieties["cu"]
    stock = copper.series["lme_stock"].model_copy(update={"name": "LEM 库存"})
    wrong = copper.model_copy(update={"series": {**copper.series, "lme_stock": stock}})
    catalog = replace(CATALOG, varieties={**CATALOG.varieties, "cu": wrong})
    (told,) = style.typos(replace(evidence_of(sample_day(), []), catalog=catalog))
    assert (told.where, told.message) == ("data/varieties/cu.toml", "'LEM' is not LME; write LME")


def test_c704_a_promise_of_gain_is_an_error_and_its_denial_is_not() -> None:
    assert found("C704", view("cu", outlook="逢低买入，稳赚不赔。"))[0].severity is Severity.ERROR
    assert not found("C704", view("cu", outlook="本策略不保证收益。"))


@pytest.mark.parametrize(
    "text",
    [
        "后市必涨。",
        "此单稳 赚。",
        "节后一定上涨。",
        "高收益低风险的机会。",
        "我们承诺收益。",
        "满仓做多。",
        "绝无风险。",
        "收益翻倍可期。",
    ],
)
def test_a_promise_is_an_error_and_is_told_once(text: str) -> None:
    assert [one.severity for one in found("C704", view("cu", outlook=text))] == [Severity.ERROR]


@pytest.mark.parametrize("text", ["产能翻倍。", "冶炼厂勉强保本。", "库容接近满仓。"])
def test_a_word_of_two_meanings_is_a_warning(text: str) -> None:
    assert [one.severity for one in found("C704", view("cu", outlook=text))] == [Severity.WARNING]


@pytest.mark.parametrize(
    "text",
    [
        "价格仍有一定上涨空间。",
        "一旦失守，势必跌破七万。",
        "成本抬升势必涨价。",
        "美国无风险利率回落。",
        "未必涨。",
        "期货交易并非没有风险。",
        "不向客户承诺收益。",
    ],
)
def test_words_of_the_trade_that_only_look_like_a_promise_are_let_alone(text: str) -> None:
    assert not found("C704", view("cu", outlook=text))


def test_c705_an_unrounded_tail() -> None:
    assert found("C705", view("sn", recap="沪伦比价 8.13102821。"))
    assert not found("C705", view("sn", recap="沪伦比价 8.13。"))


def test_c706_latin_punctuation_in_chinese_text() -> None:
    assert found("C706", view("cu", recap="铜价震荡,成交清淡。"))
    assert not found("C706", view("cu", recap="铜价 72,500 元/吨，成交清淡（SMM）。"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("涨幅 0.57%,成交清淡。", "',' in Chinese text; write '，'"),
        ("库存 3000;仓单持平。", "';' in Chinese text; write '；'"),
        ("成交清淡...", "'...' in Chinese text; write '……'"),
        ("成交清淡。。", "'。。' in Chinese text; write '。'"),
        ("涨幅 0.57%.", "'.' in Chinese text; write '。'"),
        ("均价 ７２５００ 元。", "'７２５００' is set wide; write '72500'"),
        ("成交清淡（SMM。", "'（' is not closed; close it with '）'"),
        ("成交清淡）。", "'）' closes what nothing opens; take it out, or open it"),
        ("成交清淡，\n库存回升。", "the text breaks off at a comma; end it, or take the comma out"),
    ],
)
def test_punctuation_that_chinese_text_does_not_use_is_named_with_the_right_one(text: str, told: str) -> None:
    assert [one.message for one in found("C706", view("cu", recap=text))] == [told]


@pytest.mark.parametrize(
    "text",
    [
        "1）库存回升；2）升水收窄。",
        "20:30 公布 PCE，今晚留意。",
        "关注：\n一是库存；\n二是升水。",
        "“金九银十”（旺季）《通知》。",
        "2.8%～3.0% 之间。",
        "SHFE/LME 比值 8.17。",
    ],
)
def test_right_punctuation_is_let_alone(text: str) -> None:
    assert not found("C706", view("cu", recap=text))


def test_c707_small_print_without_a_warning_of_risk(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not found("C707")
    evidence = evidence_of(sample_day(), [])
    settings = evidence.catalog.settings.model_copy(update={"notice": ()})
    assert list(style.risk(replace(evidence, catalog=replace(evidence.catalog, settings=settings))))


def test_the_corrected_sample_raises_nothing() -> None:
    evidence = replace(sample(), last=views("previous_views.toml"))
    assert not [str(hit) for check in MINE.values() for hit in check(evidence)]


def test_every_number_is_counted_once_per_view_and_in_all() -> None:
    counts = coverage(sample())
    *each, whole = counts
    assert whole.variety == ""
    assert whole.found == sum(one.found for one in each) == whole.agrees + whole.contradicts + whole.unbound
    assert (whole.contradicts, whole.agrees > 40) == (0, True)


WEEKLY = "铝锭社会库存 86.5 万吨，较上周增加 1.4 万吨。"


@pytest.mark.parametrize(
    ("variety", "recap", "outlook", "hits"),
    [
        ("al", WEEKLY, "周内去库，基本面尚可。", 1),
        ("al", f"{WEEKLY}周内去库明显，现货成交转暖。", "", 1),
        ("cu", "国内社会库存较上周增加 1.4 万吨，周内去库。", "", 1),
        ("al", WEEKLY, "周内累库，去库拐点未至。", 0),
        ("al", f"{WEEKLY[:-1]}，铝棒库存减少 0.68 万吨。", "预计周内去库。", 0),
        ("cu", "LME 库存较上周减少 5425 吨。", "社会库存较上周增加 1.4 万吨。", 0),
    ],
)
def test_c606_stocks_said_to_rise_and_to_fall_within_one_week(variety, recap, outlook, hits) -> None:
    fields = {"recap": recap} | ({"outlook": outlook} if outlook else {})
    assert len(found("C606", view(variety, **fields))) == hits


@pytest.mark.parametrize(
    ("variety", "recap"),
    [
        ("pb", "3 月 21 日到 3 月 27 日，LME 铅库存增加 4425 吨。"),
        ("pb", "LME 铅库存自 3 月 21 日以来累计增加 4425 吨。"),
        ("cu", "铜价连涨后站在 7.2 万元上方。"),
        ("cu", "去年末沪铜仅 6.9 万元。"),
        ("si", "421 报 14300 元，553 报 13700 元。"),
        ("al", "铝锭铝棒合计仍增 0.72 万吨。"),
        ("pb", "LME 库存 3 月 28 日为 272200 吨，增加 4350 吨。"),
        ("cu", "周四沪铜主力大幅上涨。"),
    ],
)
def test_true_sentences_over_a_span_of_grades_or_of_sums_are_not_called_wrong(variety: str, recap: str) -> None:
    told = view(variety, recap=recap)
    assert [hit for code in ("C601", "C602", "C603", "C605", "C606", "C610") for hit in found(code, told)] == []


def test_a_level_of_the_day_before_is_not_the_days_own() -> None:
    (hit,) = found("C601", view("pb", recap="LME 库存 3 月 27 日为 267850 吨，增加 4350 吨。"))
    assert "272200" in hit.message


def test_a_close_said_to_fall_on_a_day_it_rose_is_a_warning_without_any_figure() -> None:
    (hit,) = found("C603", view("cu", recap="周四沪铜主力大幅下跌。"))
    assert hit.severity is Severity.WARNING
