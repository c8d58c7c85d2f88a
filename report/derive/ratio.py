"""Ratios of two prices."""

from __future__ import annotations

from decimal import Decimal


def sh_lme_ratio(futures_close: Decimal, lme_close: Decimal) -> Decimal:
    """沪伦比 = 沪市收盘价（元/吨）÷ LME 3个月收盘价（美元/吨）。"""
    return futures_close / lme_close


def gold_silver_ratio(au_futures_close: Decimal, ag_futures_close: Decimal) -> Decimal:
    """沪市金银比 = 沪金（元/克）× 1000 ÷ 沪银（元/千克）。"""
    return au_futures_close * 1000 / ag_futures_close


def comex_gold_silver_ratio(au_comex_close: Decimal, ag_comex_close: Decimal) -> Decimal:
    """COMEX 金银比 = COMEX 黄金 ÷ COMEX 白银，同为美元/盎司的收盘价。"""
    return au_comex_close / ag_comex_close


def rebar_coke_ratio(rb_futures_close: Decimal, j_futures_close: Decimal) -> Decimal:
    """RB/J = 螺纹主力收盘价 ÷ 焦炭主力收盘价。"""
    return rb_futures_close / j_futures_close


def coke_coal_ratio(j_futures_close: Decimal, jm_futures_close: Decimal) -> Decimal:
    """J/JM = 焦炭主力收盘价 ÷ 焦煤主力收盘价。"""
    return j_futures_close / jm_futures_close
