"""Stocks and warrants, in the unit of their inputs."""

from __future__ import annotations

from decimal import Decimal


def lme_cancelled_stock(lme_stock: Decimal, lme_warrant_stock: Decimal) -> Decimal:
    """LME 注销仓单 = LME 库存 − LME 仓单。"""
    return lme_stock - lme_warrant_stock


def lme_cancelled_ratio(lme_cancelled_stock: Decimal, lme_stock: Decimal) -> Decimal:
    """LME 注销仓单占比 = LME 注销仓单 ÷ LME 库存，分数。"""
    return lme_cancelled_stock / lme_stock
