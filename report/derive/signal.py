"""Signals that the rules of data/recommendations.toml are held against. All are fractions."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal


def trend_ratio(prices: Sequence[Decimal]) -> Decimal:
    """趋势 = 最新收盘价 ÷ 近 N 日均值 − 1。"""
    return prices[-1] * len(prices) / sum(prices) - 1


def stock_trend_ratio(stocks: Sequence[Decimal]) -> Decimal:
    """库存变化率 = 最新库存 ÷ N 个交易日前的库存 − 1。"""
    return stocks[-1] / stocks[0] - 1


def premium_ratio(pair: Sequence[Decimal]) -> Decimal:
    """升贴水率 = 现货升贴水（或基差）÷ 收盘价，依次给出。"""
    premium, price = pair
    return premium / price
