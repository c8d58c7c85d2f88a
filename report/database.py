"""The connection to the house's database: how it is opened, what a transaction is, whether the database is ours.

SQLite keeps its rollback journal rather than a write-ahead log: a desk's workspace may lie on a network share, where a
write-ahead log is not safe. Writers come one after another; one waits for the other up to WAIT seconds.

Several rooms keep their tables in one database, each a `Schema` with a version of its own.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa

from report import addresses
from report.errors import HistoryError

WAIT = 30
_LOCK = 0x72696261  # 'riba': the advisory lock of those who write, on PostgreSQL
_LOCKED = {"writes": True}
_OURS = {"about", "outbox_about"}


class Schema(NamedTuple):
    """Tables that belong together; the only row of `about`, which is one of them, holds their version.

    migrate brings the tables of an older version, which it is told, to this one within the caller's transaction.
    """

    metadata: sa.MetaData
    about: sa.Table
    version: int = 1
    migrate: Callable[[sa.Connection, int], None] = lambda connection, found: None


class Database:
    """An open database; the tables are made where there are none, and brought along where they are older.

    Raises HistoryError when it cannot be opened, or is of another program or a newer version. No message shows a
    password.
    """

    def __init__(self, where: str | Path, schema: Schema) -> None:
        self._schema = schema
        place = _place(where)
        self.name = _shown(place)
        self._lite = place.get_backend_name() == "sqlite"
        wait = {"timeout": WAIT} if self._lite else {"options": f"-c lock_timeout={WAIT}s", "connect_timeout": WAIT}
        try:
            self._engine = sa.create_engine(place, connect_args=wait)
        except ModuleNotFoundError as error:
            message = f"{self.name}: the package {error.name} is not installed; run: pip install 'ribao[postgres]'"
            raise HistoryError(message) from error
        if self._lite:
            sa.event.listen(self._engine, "connect", _leave_transactions_to_us)
            sa.event.listen(self._engine, "begin", _begin)
        try:
            self._prepare()
        except sa.exc.SQLAlchemyError as error:
            self.close()
            raise HistoryError(f"{self.name}: cannot be used as the history database: {_reason(error)}") from error
        except HistoryError:
            self.close()
            raise

    def _prepare(self) -> None:
        try:
            with self._engine.begin() as connection:
                found = self._found(connection)
        except sa.exc.SQLAlchemyError:
            with self._locked() as connection:
                found = self._made(connection)
        if not 0 < found <= (known := self._schema.version):
            raise HistoryError(
                f"{self.name}: made by another version of ribao (schema {found}, this one reads 1 to {known}); run "
                "that version, or name another database in data/settings.toml › database"
            )
        if found < known:
            self._bring_along()

    def _made(self, connection: sa.Connection) -> int:
        """Make the tables where they are not; give the version of the schema."""
        about = self._schema.about
        names = set(sa.inspect(connection).get_table_names())
        if names and not names & _OURS:
            raise HistoryError(f"{self.name}: holds tables of another program; name another database")
        if about.name not in names:
            self._schema.metadata.create_all(connection)
            connection.execute(about.insert().values(schema=self._schema.version))
        return self._found(connection)

    def _found(self, connection: sa.Connection) -> int:
        return int(connection.execute(sa.select(self._schema.about.c.schema)).scalar_one())

    def _bring_along(self) -> None:
        with self._locked() as connection:
            if (found := self._found(connection)) < self._schema.version:
                self._set_aside(found)
                self._schema.migrate(connection, found)
                connection.execute(self._schema.about.update().values(schema=self._schema.version))

    def _set_aside(self, found: int) -> None:
        """Lay a copy of a SQLite file beside it, `….schema-1` (of the outbox: `….outbox_schema-1`), before a change."""
        file = self._engine.url.database
        if not self._lite or not file:
            return
        name = f"{file}.{self._schema.about.name.removesuffix('about')}schema-{found}"
        copy, draft = Path(name), Path(f"{name}.part")
        if not copy.exists():
            draft.unlink(missing_ok=True)
            with self._engine.connect() as connection:
                connection.connection.cursor().execute("VACUUM INTO ?", [str(draft)])
            draft.replace(copy)

    @contextmanager
    def _locked(self) -> Iterator[sa.Connection]:
        with self._engine.connect() as connection:
            connection.execution_options(**_LOCKED)
            with connection.begin():
                if not self._lite:
                    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
                yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction that no other writer overlaps: all of it is stored, or nothing (HistoryError)."""
        try:
            with self._locked() as connection:
                yield connection
        except sa.exc.SQLAlchemyError as error:
            raise HistoryError(f"{self.name}: {_reason(error)}; nothing of this step was stored") from error

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A transaction that only reads. Raises HistoryError."""
        try:
            with self._engine.begin() as connection:
                yield connection
        except sa.exc.SQLAlchemyError as error:
            raise HistoryError(f"{self.name}: cannot be read: {_reason(error)}") from error

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()


def _place(url: str | Path) -> sa.URL:
    """The URL with the driver we use. Raises HistoryError for one that is no URL of SQLite or PostgreSQL."""
    if isinstance(url, Path):
        return sa.URL.create("sqlite", database=str(url))
    try:
        place = sa.make_url(url)
    except sa.exc.ArgumentError as error:
        raise HistoryError("the history database is no URL; write one as postgresql://user@host/name") from error
    driver = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
    name = place.drivername.partition("+")[0]
    if name not in driver:
        raise HistoryError(
            f"{_shown(place)}: the history is kept in SQLite or PostgreSQL, not in {name}; name one of these"
        )
    return place.set(drivername=driver[name])


def _shown(place: sa.URL) -> str:
    """The URL as it may be printed."""
    secret = [name for name in place.query if addresses.has_password(f"x://x?{name}=x")]
    return place.difference_update_query(secret).render_as_string(hide_password=True)


def _leave_transactions_to_us(connection: sqlite3.Connection, _: object) -> None:
    """Keep sqlite3 from beginning transactions by itself, so that a reader sees one state and a writer locks first."""
    connection.isolation_level = None


def _begin(connection: sa.Connection) -> None:
    writes = "writes" in connection.get_execution_options()
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _reason(error: sa.exc.SQLAlchemyError) -> str:
    return str(getattr(error, "orig", None) or error).strip().splitlines()[0]
