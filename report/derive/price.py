"""What a price, or any other number, did since the session before."""

from __future__ import annotations

from decimal import Decimal


def change(today: Decimal, previous: Decimal) -> Decimal:
    """涨跌 = 今日 − 前一交易日（期货为同一合约的收盘价）。"""
    return today - previous


def change_ratio(today: Decimal, previous: Decimal) -> Decimal:
    """涨跌幅 = (今日 − 前一交易日) ÷ 前一交易日，用未取整的数。"""
    return (today - previous) / previous
