"""Facts and views kept between days, every revision kept.

A database by SQLAlchemy Core: a SQLite file in the workspace by default, PostgreSQL by URL. Nothing is updated or
deleted: a number that changed is a new row, with when it became known and which file told it, so that what was known
on a morning can be asked again. One file is one transaction, and writers come one after another.

    tables      what is stored; `report.database` opens it
    migrations  how an older database comes to hold it so
    statements  which of the facts given tell something new
    archive     `History`: keep, and ask
"""

from report.history.archive import History
from report.history.statements import FileRead, Kept, Revision, Told

__all__ = ("FileRead", "History", "Kept", "Revision", "Told")
