"""What leaves the house: one version of one day's report, as the archive holds it and the post carries it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import cached_property


@dataclass(frozen=True)
class Publication:
    """A published report. version 1 is the report, later ones are errata (更正) and say in `erratum` what was wrong.

    filename is the PDF's Chinese name; html and text are the letter's two bodies, complete in themselves.
    """

    report_date: date
    version: int
    title: str
    filename: str
    pdf: bytes
    html: str
    text: str
    erratum: str = ""

    @cached_property
    def sha256(self) -> str:
        """The digest of the PDF, in hexadecimal: with date and version it names what was sent."""
        return hashlib.sha256(self.pdf).hexdigest()
