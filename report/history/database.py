"""The connection to the history database: how it is opened, what a transaction is, whether the database is ours.

SQLite keeps its rollback journal rather than a write-ahead log: a desk's workspace may lie on a network share, where a
write-ahead log is not safe. Writers come one after another; one waits for the other up to WAIT seconds.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from report.errors import HistoryError
from report.history.migrations import SCHEMA, migrate
from report.history.tables import about, metadata

WAIT = 30
_LOCK = 0x72696261  # 'riba': the advisory lock of those who write, on PostgreSQL
_LOCKED = {"writes": True}


class Database:
    """An open history database; its tables are made where there are none, and brought along where they are older.

    Raises HistoryError when it cannot be opened, or is of another program or a newer version. No message shows a
    password.
    """

    def __init__(self, where: str | Path) -> None:
        place = _place(where)
        self.name = place.render_as_string(hide_password=True)
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
                found = _schema(connection)
        except sa.exc.SQLAlchemyError:
            with self._locked() as connection:
                found = self._made(connection)
        if not 0 < found <= SCHEMA:
            raise HistoryError(
                f"{self.name}: made by another version of ribao (schema {found}, this one reads 1 to {SCHEMA}); run "
                "that version, or name another database in data/settings.toml › database"
            )
        if found < SCHEMA:
            self._bring_along()

    def _made(self, connection: sa.Connection) -> int:
        """Make the tables in an empty database; give the version of the schema."""
        names = set(sa.inspect(connection).get_table_names())
        if names and "about" not in names:
            raise HistoryError(f"{self.name}: holds tables of another program; name another database")
        if not names:
            metadata.create_all(connection)
            connection.execute(about.insert().values(schema=SCHEMA))
        return _schema(connection)

    def _bring_along(self) -> None:
        with self._locked() as connection:
            if (found := _schema(connection)) < SCHEMA:
                self._set_aside(found)
                migrate(connection, found)
                connection.execute(about.update().values(schema=SCHEMA))

    def _set_aside(self, found: int) -> None:
        """Lay a copy of a SQLite file beside it, `history.sqlite.schema-1`, before it is changed."""
        file = self._engine.url.database
        if not self._lite or not file:
            return
        copy, draft = Path(f"{file}.schema-{found}"), Path(f"{file}.schema-{found}.part")
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


def _schema(connection: sa.Connection) -> int:
    return int(connection.execute(sa.select(about.c.schema)).scalar_one())


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
        shown = place.render_as_string(hide_password=True)
        raise HistoryError(f"{shown}: the history is kept in SQLite or PostgreSQL, not in {name}; name one of these")
    return place.set(drivername=driver[name])


def _leave_transactions_to_us(connection: sqlite3.Connection, _: object) -> None:
    """Keep sqlite3 from beginning transactions by itself, so that a reader sees one state and a writer locks first."""
    connection.isolation_level = None


def _begin(connection: sa.Connection) -> None:
    writes = "writes" in connection.get_execution_options()
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _reason(error: sa.exc.SQLAlchemyError) -> str:
    return str(getattr(error, "orig", None) or error).strip().splitlines()[0]
