"""Spreads: one price less another. Units are those of the inputs."""

from __future__ import annotations

from decimal import Decimal


def basis(
    spot_price: Decimal, conversion_ratio: Decimal, quality_adjustment: Decimal, futures_close: Decimal
) -> Decimal:
    """基差 = 现货 ÷ 折算系数 + 品质升贴水 − 期货收盘价；系数与升贴水见各品种文件的 constants。"""
    return spot_price / conversion_ratio + quality_adjustment - futures_close


def futures_spot_spread(futures_close: Decimal, deferred_price: Decimal) -> Decimal:
    """期现价差 = 期货收盘价 − T+D 价格。"""
    return futures_close - deferred_price


def shanghai_guangdong_spread(changjiang_price: Decimal, nanchu_price: Decimal) -> Decimal:
    """沪粤价差 = 长江现货报价 − 南储现货报价。"""
    return changjiang_price - nanchu_price


def guangzhou_shenyang_spread(guangzhou_price: Decimal, shenyang_price: Decimal) -> Decimal:
    """南北价差（广-沈）= 广州现货 − 沈阳现货。"""
    return guangzhou_price - shenyang_price


def shanghai_shenyang_spread(spot_price: Decimal, shenyang_price: Decimal) -> Decimal:
    """南北价差（沪-沈）= 上海现货 − 沈阳现货。"""
    return spot_price - shenyang_price


def coil_rebar_spread(hc_futures_close: Decimal, rb_futures_close: Decimal) -> Decimal:
    """卷螺差（主力）= 热卷主力收盘价 − 螺纹主力收盘价。"""
    return hc_futures_close - rb_futures_close


def coil_rebar_spot_spread(hc_spot_price: Decimal, spot_price: Decimal, conversion_ratio: Decimal) -> Decimal:
    """卷螺差（上海）= 热卷上海现货 − 螺纹上海现货 ÷ 理计折算系数。"""
    return hc_spot_price - spot_price / conversion_ratio


def port_shanxi_spread(spot_price: Decimal, shanxi_price: Decimal) -> Decimal:
    """晋-港价差 = 港口现货 − 山西现货。"""
    return spot_price - shanxi_price


def carbonate_hydroxide_spread(spot_price: Decimal, hydroxide_price: Decimal) -> Decimal:
    """电碳-微粉氢氧价差 = 电池级碳酸锂 − 微粉氢氧化锂。"""
    return spot_price - hydroxide_price
