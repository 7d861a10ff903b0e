"""Write the whole shop to a folder, as it is at one instant, in constant memory."""

import hashlib
import shutil
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from psycopg import sql

from shop.archive.manifest import Manifest, Progress, digest_file, file_of, list_files, read_schema
from shop.archive.rules import Table, file_roots, list_tables

PLAIN_TEXTS = "SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'; SET LOCAL IntervalStyle = 'iso_8601'"
"""So that a value is written in the same words whoever asks."""


class FolderInUse(Exception):
    """The folder holds something already; the message says so."""


def export_shop(folder: Path, *, progress: Progress = lambda label: None) -> Manifest:
    """The folder appears whole or not at all; only its owner may read it. Raises FolderInUse, ModelWithoutRule, OSError."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderInUse(f"{folder} exists and is not empty. Name a folder that is new.")
    tables = list_tables()
    partial = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        (partial / "tables").mkdir(parents=True, mode=0o700)
        partial.chmod(0o700)
        manifest = _export_rows(partial, tables=tables, progress=progress)
        progress("media")
        manifest.media = _copy_media(partial / "media")
        manifest.write(partial)
        if folder.exists():
            folder.rmdir()
        partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return manifest


def _export_rows(folder: Path, *, tables: list[Table], progress: Progress) -> Manifest:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute(PLAIN_TEXTS)
        manifest = Manifest(schema=read_schema())
        cursor.execute("SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'")
        left_out = _sequences_of_nothing(tables)
        manifest.sequences = {name: value for name, value in sorted(cursor.fetchall()) if name not in left_out}
        for table in tables:
            progress(table.label)
            rows, digest = _export_table(cursor, table, path=file_of(folder, table.label))
            manifest.tables[table.label] = {
                "table": table.name,
                "title": table.title,
                "columns": table.columns,
                "rows": rows,
                "sha256": digest,
            }
    return manifest


def _export_table(cursor: Any, table: Table, *, path: Path) -> tuple[int, str]:
    """One JSON object for each row, in the order of the primary key."""
    statement = sql.SQL("COPY (SELECT row_to_json(one) FROM (SELECT {} FROM {} ORDER BY {}) one) TO STDOUT").format(
        sql.SQL(", ").join(map(sql.Identifier, table.columns)), sql.Identifier(table.name), sql.Identifier(table.key)
    )
    count, digest = 0, hashlib.sha256()
    with path.open("wb") as file, cursor.copy(statement) as copy:
        copy.set_types(["text"])
        for (text,) in copy.rows():
            line = text.encode("utf-8") + b"\n"
            file.write(line)
            digest.update(line)
            count += 1
    return count, digest.hexdigest()


def _sequences_of_nothing(tables: list[Table]) -> set[str]:
    """Sequences of tables that the archive leaves out, which go on by themselves."""
    held = {table.name for table in tables}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT sequence.relname, owner.relname FROM pg_class sequence
            JOIN pg_depend link ON link.objid = sequence.oid AND link.deptype IN ('a', 'i')
            JOIN pg_class owner ON owner.oid = link.refobjid
            WHERE sequence.relkind = 'S' AND sequence.relnamespace = 'public'::regnamespace
            """
        )
        return {name for name, owner in cursor.fetchall() if owner not in held}


def _copy_media(folder: Path) -> dict[str, str]:
    """Files written meanwhile may be too many, never too few: files are stored before their rows."""
    digests = {}
    for prefix, root in file_roots().items():
        for name in list_files(root) if root.is_dir() else ():
            target = folder / prefix / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(root / name, target)
            digests[f"{prefix}{name}"] = digest_file(target)
    return digests
