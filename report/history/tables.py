"""What the history database holds. A row of `facts` is one statement of one number; rows only ever come on top.

The key of a fact and the ordinal of the statement about it are the primary key: no statement can stand twice, and the
rows of a series lie together in order of session, which is how a build asks for them. A change here is a step of
`migrations`.
"""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()

about = sa.Table("about", metadata, sa.Column("schema", sa.Integer, nullable=False))

reads = sa.Table(
    "reads",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("layout", sa.Text, nullable=False),
    sa.Column("read_at", sa.DateTime, nullable=False),
    sa.Column("published", sa.Boolean, nullable=False, comment="the publisher's own file"),
    sa.UniqueConstraint("sha256", "layout", name="reads_once"),
    comment="Every file whose facts were kept, once: its name, bytes and layout.",
)

facts = sa.Table(
    "facts",
    metadata,
    sa.Column("variety", sa.Text, primary_key=True),
    sa.Column("measure", sa.Text, primary_key=True),
    sa.Column("session", sa.Date, primary_key=True),
    sa.Column("basis", sa.Text, primary_key=True),
    sa.Column("contract", sa.Text, primary_key=True),
    sa.Column("revision", sa.Integer, primary_key=True, autoincrement=False, comment="0 for the first statement"),
    sa.Column("value", sa.Text, nullable=False, comment="decimal, exactly as told"),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("known_at", sa.DateTime, nullable=False, comment="UTC"),
    sa.Column("lane", sa.SmallInteger, nullable=False, comment="who tells it: statements.Lane"),
    sa.Column("read", sa.Integer, sa.ForeignKey("reads.id"), nullable=True),
    sqlite_with_rowid=False,
)

views = sa.Table(
    "views",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("report_date", sa.Date, nullable=False),
    sa.Column("variety", sa.Text, nullable=False),
    sa.Column("field", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("known_at", sa.DateTime, nullable=False),
    sa.Index("views_by_date", "report_date", "variety"),
)

KEY = ("variety", "measure", "basis", "contract", "session")
