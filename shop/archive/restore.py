"""A shop from an archive, into a blank install, in one transaction: everything or nothing."""

import shutil
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from psycopg import sql

from shop.archive.export import PLAIN_TEXTS
from shop.archive.manifest import Manifest, Progress, UnusableArchive, digest_file, file_of, read_manifest, read_schema
from shop.archive.rules import Table, file_roots, list_tables

LINES = 20_000
SIGNS_OF_LIFE = ("audit.AuditEntry", "catalogue.Product", "order.Order")
"""Beside users: an install with a row in one of these is somebody's shop."""


def restore_shop(folder: Path, *, progress: Progress = lambda label: None) -> Manifest:
    """Checks everything before it writes anything. Raises UnusableArchive.

    Rows are put in as they are, so triggers of ours are off meanwhile; foreign keys and constraints are not.
    """
    manifest = read_manifest(folder)
    tables = list_tables()
    _check_fit(manifest, tables=tables)
    _check_files(manifest, folder=folder)
    _check_blank(tables)
    progress("media")
    _restore_media(manifest, folder=folder / "media")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(PLAIN_TEXTS)
        cursor.execute("CREATE TEMPORARY TABLE archive_line (line json NOT NULL) ON COMMIT DROP")
        for table in tables:
            cursor.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(sql.Identifier(table.name)))
        for table in tables:
            cursor.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table.name)))
        for table in tables:
            progress(table.label)
            _restore_table(cursor, table, path=file_of(folder, table.label))
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(sql.Identifier(table.name)))
        for name, value in manifest.sequences.items():
            if value is not None:
                cursor.execute("SELECT setval(quote_ident(%s)::regclass, %s)", (name, value))
    ContentType.objects.clear_cache()
    return manifest


def _check_fit(manifest: Manifest, *, tables: list[Table]) -> None:
    here = read_schema()
    if manifest.schema != here:
        ahead = sorted(set(manifest.schema) - set(here))[:3]
        behind = sorted(set(here) - set(manifest.schema))[:3]
        raise UnusableArchive(
            "The archive was written by another release of the shop "
            f"(only there: {', '.join(ahead) or 'nothing'}; only here: {', '.join(behind) or 'nothing'}). "
            "Install the release that wrote it, restore, then bring it up to date with manage.py migrate."
        )
    labels = {table.label: list(table.columns) for table in tables}
    theirs = {label: list(table["columns"]) for label, table in manifest.tables.items()}
    if labels != theirs:
        differing = sorted(label for label in labels.keys() | theirs.keys() if labels.get(label) != theirs.get(label))
        raise UnusableArchive(f"The archive's tables are not those of this shop: {', '.join(differing[:5])}.")


def _check_files(manifest: Manifest, *, folder: Path) -> None:
    """Every file is there and is what the manifest says."""
    for label, table in manifest.tables.items():
        _check_file(file_of(folder, label), digest=table["sha256"])
    for name, digest in manifest.media.items():
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts:
            raise UnusableArchive(f"The archive names a file outside itself: {name[:100]}. Do not use it.")
        _check_file(folder / "media" / name, digest=digest)


def _check_file(path: Path, *, digest: str) -> None:
    if not path.is_file():
        raise UnusableArchive(f"The archive lacks {path.name}. Copy it again, whole.")
    if digest_file(path) != digest:
        raise UnusableArchive(f"{path.name} is not as it was written: its digest differs. Copy the archive again.")


def _check_blank(tables: list[Table]) -> None:
    """Nobody was ever here. What `migrate` itself wrote is replaced."""
    with connection.cursor() as cursor:
        for table in tables:
            if table.label not in (settings.AUTH_USER_MODEL, *SIGNS_OF_LIFE):
                continue
            cursor.execute(sql.SQL("SELECT EXISTS (SELECT 1 FROM {})").format(sql.Identifier(table.name)))
            if cursor.fetchone()[0]:
                raise UnusableArchive(
                    f"This shop is not blank: there are rows in {table.name}. Nothing was changed. "
                    "Restore into a new database, on which nothing but manage.py migrate has run."
                )


def _restore_media(manifest: Manifest, *, folder: Path) -> None:
    """Before the rows that name them: a file too many harms nobody."""
    roots = sorted(file_roots().items(), reverse=True)
    for name in manifest.media:
        prefix, root = next((prefix, root) for prefix, root in roots if name.startswith(prefix))
        target = root / name.removeprefix(prefix)
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f".{target.name}.part")
        shutil.copyfile(folder / name, partial)
        partial.replace(target)


def _restore_table(cursor: Any, table: Table, *, path: Path) -> None:
    columns = [sql.Identifier(name) for name in table.columns]
    values = [
        sql.SQL("coalesce(one.{}, 'null')").format(sql.Identifier(name))
        if name in table.json
        else sql.SQL("one.{}").format(sql.Identifier(name))
        for name in table.columns
    ]
    insert = sql.SQL(
        "INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE SELECT {values} FROM archive_line, "
        "json_populate_record(NULL::{table}, archive_line.line) AS one"
    ).format(table=sql.Identifier(table.name), columns=sql.SQL(", ").join(columns), values=sql.SQL(", ").join(values))
    with path.open(encoding="utf-8", newline="\n") as file:
        while lines := list(islice(file, LINES)):
            with cursor.copy("COPY archive_line (line) FROM STDIN") as copy:
                for line in lines:
                    copy.write_row((line,))
            cursor.execute(insert)
            cursor.execute("TRUNCATE archive_line")
