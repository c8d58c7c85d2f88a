"""A Document made by hand: the figures of one published day, every sentence invented. For tests of the rooms that set it."""

# ruff: noqa: E501
from __future__ import annotations

import csv
import math
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from report.document import (
    Advice,
    Chart,
    Column,
    Correction,
    Document,
    Erratum,
    Figures,
    HeatCell,
    HeatStrip,
    Indicator,
    Indicators,
    Line,
    Mast,
    Notice,
    Number,
    Office,
    Offices,
    Overview,
    OverviewRow,
    Prose,
    Section,
    Spark,
    Text,
)  # fmt: skip
from report.facts import Fact

HERE = Path(__file__).parent
DAY = date(2024, 3, 28)
SOURCE = "日报底稿.xlsx › 收盘 › B4"


def number(text: str, signed: bool = False, coloured: bool = False, decimals: int | None = None) -> Number:
    plain = text.replace(",", "").strip()
    if not plain:
        return Number(None, signed=signed, coloured=coloured)
    value = Decimal(plain)
    places = -int(value.as_tuple().exponent) if decimals is None else decimals
    fact = Fact("copper", "future_close", DAY, value, source=SOURCE)
    return Number(value, decimals=max(places, 0), signed=signed, coloured=coloured, fact=fact)


def wander(seed: int, count: int = 60, last: float = 100.0, spread: float = 0.01) -> tuple[float, ...]:
    """A made-up path of prices that ends on `last`."""
    steps, state = [0.0], seed * 7919 + 13
    for at in range(count - 1):
        state = (state * 1103515245 + 12345) % 2**31
        steps.append(steps[-1] + state / 2**31 - 0.5 + 0.05 * math.sin(at / 9 + seed))
    return tuple(last * (1 + spread * (step - steps[-1])) for step in steps)


VIEWS = (
    # anchor, kicker, headline, recap, outlook, advice, stance, close, change, percent, change mark, stock
    ("macro", "宏观", "政策预期升温，美元高位运行", "美国四季度经济增速终值上修至 3.4%，美元指数收于 104.5 附近，10 年期美债收益率 4.2%。国内方面，早间有关购买国债的讨论一度提振情绪，股债同涨，尾盘涨幅收窄。", "今晚将公布 2 月 PCE 物价，数据之前各类资产波动有限；若核心分项超过 2.8%，降息预期可能再度推迟。国内关注设备更新政策的落地节奏。", "", "", "", "", "", "", ""),
    ("gold", "贵金属", "金价续创新高，等待通胀数据", "周四 COMEX 黄金收于 2,254.80 美元/盎司，涨 1.78%；COMEX 白银收于 25.10 美元/盎司，涨 1.35%。SHFE 白银收于 6,385 元/千克，较前一交易日涨 39 元。SPDR 黄金 ETF 持仓 830.15 吨，与前一日持平。", "降息预期没有改变，实物买盘仍在；但价格已在高位，追高的赔率下降，短线以回调后的机会为主。", "暂时观望", "多", "2254.80", "39.40", "1.78", "", "COMEX 黄金库存"),
    ("copper", "铜", "数据公布前交投谨慎，价格高位整理", "周四沪铜主力 2405 合约收于 72,500 元/吨，较前一交易日涨 410 元，涨幅 0.57%；伦铜三个月收于 8,872 美元/吨，涨 4.5 美元。现货对当月贴水 210 元/吨，与前日持平。LME 库存 112,475 吨，减少 625 吨，注销仓单 14,700 吨。沪伦比 8.17。矿端方面，Batu Hijau 矿第 7 阶段继续放量。", "海外库存偏低而国内累库斜率放缓，冶炼厂联合减产 5%-10% 的讨论给价格以支撑；数据公布前资金不愿加仓，预计短期高位震荡。", "观望", "中性", "72500", "410", "0.57", "", "LME 库存"),
    ("aluminium", "铝", "库存小幅回落，价格横盘", "周四沪铝震荡收涨，主力收于 19,475 元/吨，涨 60 元。长江现货报价 19,340 元/吨，对当月贴水 110 元/吨；南储报价 19,270 元/吨，沪粤价差 70 元/吨。LME 库存 554,475 吨，减少 2,050 吨。", "现货充裕而需求逐周修复，多空都不占优，价格以区间运行为主，关注 3 月 28 日之后的去库斜率。", "观望", "中性", "19475", "60", "0.31", "", "LME 库存"),
    ("alumina", "氧化铝", "南强北弱，上行乏力", "周四氧化铝主力收于 3,287 元/吨，跌 16 元，跌幅 0.48%。全国现货均价 3,336 元/吨，微跌 1.99 元；澳洲 FOB 价格 365 美元/吨。上期所仓单 51,354 吨，增加 1,512 吨，厂库 600 吨。", "云南复产带来采购需求，北方现货承压，进口窗口打开；供应平稳，期价以震荡偏弱看待。", "逢高抛空", "空", "3287", "-16", "-0.48", "新", "SHFE 仓单"),
    ("zinc", "锌", "库存回落，价格企稳", "周四沪锌主力 2405 合约收于 20,880 元/吨，涨 85 元，涨幅 0.41%；伦锌收于 2,437 美元/吨，跌 10.5 美元。社会库存 19.93 万吨，较周一减少 0.43 万吨。LME 库存 270,875 吨，增加 7,325 吨，升贴水 −44.57 美元/吨。", "价格回落后下游补库，国内去库能否延续是短线的关键；海外库存仍高，上方空间受限。", "逢低做多", "多", "20880", "85", "0.41", "新", "LME 库存"),
    ("lead", "铅", "资金推升，期现拉开", "周四沪铅主力收于 16,465 元/吨，大涨 280 元，涨幅 1.73%；伦铅收于 2,053 美元/吨。现货报价 16,175 元/吨，对期货贴水扩大到 290 元/吨，再生铅与原生铅价差 125 元/吨。", "检修消息与资金共振，期价走在现货之前；期现价差给出保值机会，追多的安全垫不足。", "保值盘逢高沽空", "保值", "16465", "280", "1.73", "转", "SHFE 仓单"),
    ("tin", "锡", "窄幅整理，等待需求", "周四沪锡主力收于 223,400 元/吨，跌 540 元，跌幅 0.24%。LME 库存 4,570 吨，减少 105 吨；现货报价 222,750 元/吨，升贴水 −250 元/吨。", "矿端消息反复而开工率缓升，供需两头都缺少驱动，短期延续窄幅震荡。", "观望", "中性", "223400", "-540", "-0.24", "", "LME 库存"),
    ("lithium", "碳酸锂", "扰动缓和，区间运行", "周四碳酸锂主力收于 10.74 万元/吨，电碳现货 10.455 万元/吨，工碳现货 9.965 万元/吨，与前日持平。进口锂精矿(5.5%-6.0%)价格 1,085 美元/吨。", "供应放量预期仍强，需求分化；在排产数据明朗之前，价格可能维持区间震荡。", "观望", "中性", "107400", "200", "0.19", "", "仓单"),
    ("nickel", "镍", "供给压力抬头，反弹受限", "周四沪镍主力收于 130,530 元/吨，涨 1,020 元，涨幅 0.79%。金川镍升水 2,800 元/吨，俄镍升水 850 元/吨。LME 库存 77,148 吨，增加 312 吨，沪伦比 7.84。", "印尼配额审批加快，中间品偏紧的局面将缓和；下方成本仍有支撑，镍价或震荡。", "观望", "中性", "130530", "1020", "0.79", "", "LME 库存"),
    ("silicon", "工业硅", "旺季不旺，弱势未改", "周四工业硅主力 2405 合约收于 12,065 元/吨，跌 40 元，跌幅 0.33%。华东通氧 #553 均价 13,700 元/吨，不通氧 #553 均价 13,600 元/吨，#421 均价 14,300 元/吨，均下调 100 元。多晶硅致密料 56.5 元/千克，有机硅 DMC 15,580 元/吨，下调 360 元。", "西北开工维持高位，新产能陆续投放；下游多晶硅签单价格松动，社会库存接近 40 万吨，价格弱势运行。", "观望", "中性", "12065", "-40", "-0.33", "转", "仓单"),
    ("rebar", "螺纹", "去库延续，低位震荡", "周四螺纹钢主力收于 3,481 元/吨，涨 2 元。上海现货 3,470 元/吨，跌 30 元；唐山方坯 3,300 元/吨，跌 40 元。五大品种总库存 2,340.29 万吨，周环比降 100.46 万吨，降幅 4.1%。", "成交回暖但产量低位，去库速度略快于预期；技术上二次探底，关注前低支撑。", "观望", "中性", "3481", "2", "0.06", "", "社会库存"),
    ("ore", "铁矿", "铁水偏弱，矿价承压", "周四铁矿石主力收于 758.0 元/吨，与前日持平。日照港 PB 粉 781 元/吨，跌 8 元，超特粉 621 元/吨；62%Fe CFR 价格 102.80 美元/吨。西澳—青岛运价 9.84 美元/吨，巴西—青岛 26.34 美元/吨。", "季末发运冲量而钢厂复产谨慎，基本面宽松，矿价偏弱运行。", "观望", "中性", "758.0", "0.0", "0.00", "", "港口库存"),
)  # fmt: skip


def sessions(count: int = 60) -> list[date]:
    days = [DAY - timedelta(days=back) for back in range(count * 2)]
    return sorted(day for day in days if day.weekday() < 5)[-count:]


HOW = {
    "多": ("回落后买入", "投机客户"),
    "空": ("反弹后卖出", "投机客户"),
    "中性": ("不入场", "全体客户"),
    "保值": ("反弹后卖出保值", "产业客户（卖方）"),
}


def advice(view: tuple[str, ...]) -> Advice | None:
    if not view[5]:
        return None
    proposed = view[0] in ("ore", "tin")
    reasons = ("收盘在 20 日均线之下", "LME 库存 5 日增加") if proposed else ()
    return Advice(view[5], view[6], proposed, reasons, view[10], "空" if view[10] == "转" else "", "", *HOW[view[6]])


def picture(at: int, view: tuple[str, ...]) -> Chart:
    days, price = sessions(), wander(at, last=float(view[7]), spread=0.012)
    stock = wander(at + 40, last=100000.0 + 9000 * at, spread=0.02)
    return Chart(
        title=f"{view[1]}：收盘与库存",
        lines=(
            Line("主力收盘", "元/吨", tuple(zip(days, price, strict=True))),
            Line(view[11], "吨", tuple(zip(days, stock, strict=True)), style="area", axis="right"),
        ),
        source="交易所，示例研究所",
        alt=f"{view[1]}近 60 个交易日收盘价与库存",
    )


def opinion(at: int, view: tuple[str, ...]) -> Section:
    blocks: list = [Prose((Text(view[3], f"日报底稿.xlsx › 观点 › C{at + 4}"),), "recap")]
    blocks.append(Prose((Text(view[4], f"日报底稿.xlsx › 观点 › D{at + 4}"),), "outlook"))
    given = advice(view)
    if given:
        blocks += [given, picture(at, view)]
    return Section(view[2], view[0], tuple(blocks), 2, view[1])


def overview() -> Section:
    shown = [view for view in VIEWS if view[7]]
    rows = tuple(
        OverviewRow(
            {"贵金属": "黄金"}.get(view[1], view[1]),
            number(view[7]),
            number(view[8], True, True),
            number(view[9], True, True, 2),
            Spark(wander(at, last=float(view[7]), spread=0.012), alt=f"{view[1]}近 60 日收盘"),
            view[0],
            advice(view),
        )
        for at, view in enumerate(VIEWS)
        if view[7]
    )
    hot = sorted(shown, key=lambda view: -float(view[9]))
    cells = tuple(HeatCell({"贵金属": "黄金"}.get(view[1], view[1]), number(view[9], True, True, 2)) for view in hot)
    mast = Mast("商品日报", "2024 年 3 月 29 日 星期五 · 数据截至 3 月 28 日收盘", "示例期货研究所", ("research@example.com · 400-000-0000", "有色组 · 黑色组 · 宏观组"))  # fmt: skip
    return Section("", "top", (mast, HeatStrip(cells), Overview(rows, "涨跌为同一合约较前一交易日收盘价；收盘单位见表一。新：首次给出建议；转：方向与上期不同。")))  # fmt: skip


def closes() -> Section:
    with (HERE / "samples" / "printed_closes.csv").open(encoding="utf-8") as file:
        head, *rows = csv.reader(file)
    kinds = ["text", *["number"] * 5, "unit"]
    body = tuple((row[0], number(row[1]), number(row[2], True, True), number(row[3], True, True), number(row[4]), number(row[5]), row[6]) for row in rows)  # fmt: skip
    table = Figures(tuple(map(Column, head, kinds)), body, source="数据来源：交易所，示例期货研究所整理。")
    return Section("1 金属主要品种昨日交易数据", "closes", (table,))


def industry() -> Section:
    with (HERE / "samples" / "printed_industry.csv").open(encoding="utf-8") as file:
        _, *rows = csv.reader(file)
    blocks = []
    for title in dict.fromkeys(row[0] for row in rows):
        sides = [[row for row in rows if row[0] == title and row[1] == side] for side in "左右"]
        halves = [tuple(indicator(row) for row in side) for side in sides]
        blocks.append(Indicators(title, "3月28日", "3月27日", halves[0], halves[1]))
    return Section("2 产业数据透视", "industry", tuple(blocks))


UNITS = {"比": "", "RB/J": "", "J/JM": "", "SPDR": "吨", "SLV": "吨", "COMEX 黄金库存": "盎司", "COMEX 白银库存": "盎司", "COMEX": "美元/盎司", "库存": "吨", "仓单": "吨", "仓库": "吨", "厂库": "吨", "LME": "美元/吨", "伦敦": "美元/盎司", "SHFE 黄金": "元/克", "SHFE 白银": "元/千克", "运价": "美元/吨", "CFR": "美元/吨", "FOB": "美元/吨", "65%": "美元/吨", "进口锂": "美元/吨"}  # fmt: skip


def indicator(row: list[str]) -> Indicator:
    places = min(max(len(text.partition(".")[2]) for text in row[6:8]), 4)
    unit = next((unit for word, unit in UNITS.items() if word in row[3]), "元/吨")
    day = "27日" if "LME 库存" in row[3] else ""
    numbers = (number(row[6], decimals=places), number(row[7], decimals=places), number(row[8], True, True, places))
    return Indicator(row[3], unit, *numbers, day)


def ending() -> Section:
    offices = tuple(
        Office(f"{place}营业部", f"{place}市示例路 {at + 1} 号示例大厦 {at + 3}01 室", (f"电话：000-0000-00{at:02d}",))
        for at, place in enumerate(("北京", "上海", "深圳", "南京", "芜湖", "郑州", "大连", "杭州", "成都"))
    )
    notice = Notice("免责声明", ("本报告中的信息均来自公开资料，我们力求准确，但不保证其完整，也不对任何人因使用本报告而产生的损失负责。", "本报告不构成投资建议，没有考虑个别读者的投资目标、财务状况或需要；读者应自行判断其中的意见是否符合其处境。未经许可不得转载。"))  # fmt: skip
    return Section(
        "联系我们", "contact", (Offices(offices, "看清供需，守住纪律", "全国服务热线：400-000-0000"), notice)
    )


def erratum() -> Erratum:
    """A block that stands in no report until one has gone wrong."""
    wrong, right = (Number(Decimal(value), "元/吨") for value in (72500, 72540))
    words = Correction("铜", "outlook", "", (Text("偏强。"),), ())
    return Erratum(2, date(2024, 3, 29), (Correction("", "铜", "close", (wrong,), (right,), "底稿 › D5"), words), 3)


def document() -> Document:
    views = tuple(opinion(at, view) for at, view in enumerate(VIEWS))
    return Document(
        kind="daily",
        title="商品日报 2024-03-29",
        date=date(2024, 3, 29),
        house="示例期货研究所",
        sections=(overview(), Section("主要品种观点", "views", ()), *views, closes(), industry(), ending()),
        subject="金属与黑色商品日报",
        keywords=("铜", "铝", "期货"),
        running_left="示例期货研究所",
        running_right="商品日报 2024年3月29日",
        foot="请阅读正文后的免责声明",
    )
