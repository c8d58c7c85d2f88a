"""The relay's user and password, and the key of the unsubscribe links: from the environment or the system's keyring."""

from __future__ import annotations

import os

from report.deliver.smtp import Credentials
from report.delivery import Delivery
from report.errors import MailError

SERVICE = "ribao"
USER, PASSWORD, KEY = "RIBAO_SMTP_USER", "RIBAO_SMTP_PASSWORD", "RIBAO_UNSUBSCRIBE_KEY"


def credentials(settings: Delivery) -> Credentials:
    """User and password; none where no user is named. Raises MailError where a named user has no password."""
    user = os.environ.get(USER) or settings.server.user
    if not user:
        return Credentials()
    password = os.environ.get(PASSWORD) or _kept(user)
    if not password:
        raise MailError(
            f"no password for {user}; set {PASSWORD}, or keep it in the keyring: keyring set {SERVICE} {user}"
        )
    if not f"{user}{password}".isascii():
        raise MailError("the relay's user and password must be plain ASCII; ask the relay's keeper for others")
    return Credentials(user, password)


def unsubscribe_key(settings: Delivery) -> bytes:
    """What unsubscribe links are made with; b'' where there are none. Raises MailError where the key is not set."""
    if not settings.letter.unsubscribe_url:
        return b""
    key = os.environ.get(KEY) or _kept(KEY)
    if not key:
        raise MailError(f"unsubscribe_url is set in data/delivery.toml, and no key for its links; set {KEY}")
    return key.encode()


def _kept(name: str) -> str:
    """What the keyring keeps under a name; '' without a keyring."""
    try:
        import keyring
    except ModuleNotFoundError:
        return ""
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(SERVICE, name) or ""
    except KeyringError:
        return ""
