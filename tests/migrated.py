"""The one database of a test run that was migrated from nothing; every other is a copy of it.

Migrating takes half a minute of processor time, nearly all of it Django's drawing of model states.
"""

import hashlib
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from shop.embedded.postgres import find_binaries
from tests.rewound import Beginning

ROOT = Path(__file__).resolve().parent.parent


def _digest_of_migrations() -> str:
    digest = hashlib.sha256()
    for file in sorted(ROOT.glob("*/**/migrations/*.py")):
        if ".venv" not in file.parts:
            digest.update(file.read_bytes())
    digest.update((ROOT / "requirements.lock").read_bytes())
    return digest.hexdigest()[:12]


def _url(database: str) -> str:
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}"))


def _connect() -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)


@cache
def ensure_template() -> str:
    """The name of the migrated database; who asks first makes it, the other workers wait for that."""
    template = f"shop_template_{_digest_of_migrations()}"
    with _connect() as server:
        server.execute("SELECT pg_advisory_lock(hashtext(%s))", (template,))
        known = server.execute("SELECT 1 FROM pg_database WHERE datname = %s AND datistemplate", (template,)).fetchone()
        if known is None:
            server.execute(f'DROP DATABASE IF EXISTS "{template}"')
            server.execute(f'CREATE DATABASE "{template}"')
            command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
            subprocess.run(command, cwd=ROOT, env={**os.environ, "DATABASE_URL": _url(template)}, check=True)
            server.execute(f'ALTER DATABASE "{template}" WITH IS_TEMPLATE true')
    return template


def copy_template(name: str) -> None:
    """A fresh copy on the same server, in place of what has that name."""
    template = ensure_template()
    with _connect() as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')


class RewindableCopy:
    """A copy on the same server that is taken back to what it was when it was made."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._begin()

    def rewind(self) -> None:
        """With whoever is still connected thrown out."""
        with _connect() as server:
            server.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", (self.name,)
            )
        with psycopg.connect(_url(self.name), autocommit=True) as connection:
            is_restored = self.beginning.restore(connection)
        if not is_restored:
            self._begin()

    def _begin(self) -> None:
        copy_template(self.name)
        with psycopg.connect(_url(self.name), autocommit=True) as connection:
            self.beginning = Beginning(connection)


def drop_copy(name: str) -> None:
    with _connect() as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def copy_template_to(url: str) -> None:
    """Fill an empty database of another server with the migrated one."""
    binaries = find_binaries()
    dump = [str(binaries / "pg_dump"), "--dbname", _url(ensure_template()), "--format", "custom", "--compress", "0"]
    restore = [str(binaries / "pg_restore"), "--dbname", url, "--exit-on-error"]
    with subprocess.Popen(dump, stdout=subprocess.PIPE) as dumped:
        subprocess.run(restore, stdin=dumped.stdout, check=True)
    if dumped.returncode:
        raise RuntimeError(f"pg_dump ended with {dumped.returncode}.")
