"""Addresses of databases and stores: whether one holds a password, and how it may be printed."""

from __future__ import annotations

import re

_USER = re.compile(r"://[^/\s]*@|://[^@\s]*:\S*@")
_PASSWORD = re.compile(r"://[^/@\s]*:[^/@\s]+@|://[^/@\s:]*:(?!\d*/)[^@\s]+@")
_ASKED = re.compile(r"([?&;][^=&;\s]*(?:pass|pwd|secret|token|key|sig|cred|auth)[^=&;\s]*=)([^&;#\s'\"]+)", re.I)


def has_password(text: str) -> bool:
    """Whether an address in the text holds one: before its '@', or as a password, secret, token or key it asks with."""
    return bool(_PASSWORD.search(text) or ("://" in text and _ASKED.search(text)))


def shown(text: str) -> str:
    """The text as it may be printed: its addresses without user and password, what they ask with in secret as ***."""
    return _ASKED.sub(r"\1***", _USER.sub("://", text))
