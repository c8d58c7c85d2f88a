"""compose: facts and views become a Document; one file a document kind.

KINDS maps a kind's name to the function that composes it.
"""

from __future__ import annotations

from report.compose import daily

KINDS = {"daily": daily.compose}
