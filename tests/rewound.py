"""Takes a test database back to what its template held, many times faster than copying the template again.

A copy is 1,800 files and a second of the kernel's time; a test writes into a few dozen tables. What a test can have
changed is looked up in the database itself: tables with rows, sequences, and the catalogue of objects. When the latter
differs (a test dropped a trigger, made an index, analysed a table), nothing is mended and a whole copy is made.
"""

import json

from psycopg import Connection, sql

Row = tuple[str, ...]

# Every object of the database by what identifies it and the transaction that wrote it last. Of tables and indexes the
# name and the definition of columns count; their page numbers, which VACUUM writes, do not.
_OBJECTS = """
    SELECT md5(string_agg(line, '|' ORDER BY line)) FROM (
        SELECT concat_ws(' ', 'class', oid, relname, relhastriggers, reloptions) FROM pg_class WHERE relkind <> 't'
        UNION ALL SELECT 'column ' || attrelid || ' ' || attnum || ' ' || xmin FROM pg_attribute WHERE attrelid > 16383
        UNION ALL SELECT 'trigger ' || oid || ' ' || xmin FROM pg_trigger
        UNION ALL SELECT 'constraint ' || oid || ' ' || xmin FROM pg_constraint
        UNION ALL SELECT 'index ' || indexrelid || ' ' || xmin FROM pg_index WHERE indrelid > 16383
        UNION ALL SELECT 'function ' || oid || ' ' || xmin FROM pg_proc WHERE oid > 16383
        UNION ALL SELECT 'rewrite ' || oid || ' ' || xmin FROM pg_rewrite
        UNION ALL SELECT 'extension ' || oid || ' ' || xmin FROM pg_extension
        UNION ALL SELECT 'statistic ' || starelid || ' ' || staattnum FROM pg_statistic WHERE starelid > 16383
        UNION ALL SELECT 'extended ' || oid || ' ' || xmin FROM pg_statistic_ext
        UNION ALL SELECT 'schema ' || oid || ' ' || xmin FROM pg_namespace WHERE nspname !~ '^pg_'
    ) AS objects (line)
"""
_FILLED = """
    SELECT oid::regclass::text FROM pg_class
    WHERE relkind = %s AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0 ORDER BY 1
"""
_SEQUENCES = """
    SELECT json_object_agg(sequencename, json_build_array(coalesce(last_value, start_value), last_value IS NOT NULL))
    FROM pg_sequences WHERE schemaname = 'public'
"""


class Beginning:
    """What a database held when it was fresh."""

    def __init__(self, connection: Connection[Row]) -> None:
        self.objects = _one(connection, _OBJECTS)
        self.sequences = _sequences(connection)
        self.rows = {table: _read(connection, table) for table in _filled(connection, "r")}
        self.digests = _digests(connection, list(self.rows))

    def restore(self, connection: Connection[Row]) -> bool:
        """Undo what has been written since, with nobody else connected; False when only a whole copy can."""
        if _one(connection, _OBJECTS) != self.objects:
            return False
        filled = [table for table in _filled(connection, "r") if table not in self.rows]
        digests = _digests(connection, list(self.rows))
        changed = [table for table in self.rows if digests[table] != self.digests[table]]
        connection.execute("SET session_replication_role = replica")  # Ledgers refuse DELETE; nothing is cascaded.
        for table in filled + changed:
            connection.execute(sql.SQL("DELETE FROM {}").format(sql.SQL(table)))  # type: ignore[arg-type]
        for table in changed:
            _write(connection, table, self.rows[table])
        for name, (value, is_called) in _sequences(connection).items():
            if [value, is_called] != self.sequences[name]:
                connection.execute("SELECT setval(%s, %s, %s)", (f'public."{name}"', *self.sequences[name]))
        connection.execute("SET session_replication_role = origin")
        for view in _filled(connection, "m"):
            connection.execute(sql.SQL("REFRESH MATERIALIZED VIEW {}").format(sql.SQL(view)))  # type: ignore[arg-type]
        if filled:
            connection.execute("VACUUM " + ", ".join(filled))  # type: ignore[arg-type]
        # As after a copy the planner knows nothing of how large they are.
        connection.execute(
            "UPDATE pg_class SET reltuples = -1, relpages = 0, relallvisible = 0 WHERE oid = ANY(%s::regclass[])",
            (filled,),
        )
        return True


def _one(connection: Connection[Row], query: str) -> str:
    row = connection.execute(query).fetchone()  # type: ignore[arg-type]
    assert row is not None
    return row[0]


def _filled(connection: Connection[Row], kind: str) -> list[str]:
    return [name for (name,) in connection.execute(_FILLED, (kind,))]  # type: ignore[arg-type]


def _sequences(connection: Connection[Row]) -> dict[str, list[object]]:
    found = _one(connection, _SEQUENCES)
    return json.loads(found) if isinstance(found, str) else dict(found)


def _digests(connection: Connection[Row], tables: list[str]) -> dict[str, str]:
    one = "SELECT '{0}', md5(string_agg(row::text, '|' ORDER BY row::text)) FROM {0} AS row"
    return dict(connection.execute(" UNION ALL ".join(one.format(table) for table in tables)))  # type: ignore[arg-type]


def _read(connection: Connection[Row], table: str) -> bytes:
    with connection.cursor().copy(f"COPY {table} TO STDOUT") as copy:  # type: ignore[arg-type]
        return b"".join(bytes(part) for part in copy)


def _write(connection: Connection[Row], table: str, rows: bytes) -> None:
    with connection.cursor().copy(f"COPY {table} FROM STDIN") as copy:  # type: ignore[arg-type]
        copy.write(rows)
