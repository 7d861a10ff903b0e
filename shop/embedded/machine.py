"""The settings of one machine: addresses and secrets, made once and kept in the state folder."""

import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path


def read_secrets(folder: Path) -> dict[str, str]:
    """Keys of this machine: made at the first start, readable by its owner only."""
    file = folder / "secrets.json"
    try:
        return dict(json.loads(file.read_text()))
    except FileNotFoundError:
        made = {
            "SECRET_KEY": secrets.token_urlsafe(60),
            "STRIPE_WEBHOOK_SECRET": f"whsec_{secrets.token_hex(24)}",
            "STRIPE_SECRET_KEY": f"sk_test_{secrets.token_hex(16)}",
            "STRIPE_PUBLISHABLE_KEY": f"pk_test_{secrets.token_hex(16)}",
        }
        write_private(file, made)
        return made


def write_private(file: Path, content: Mapping[str, str]) -> None:
    """Written whole or not at all, mode 600."""
    temporary = file.with_suffix(".new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as output:
        json.dump(dict(content), output, indent=1)
    temporary.replace(file)


def digest_of_release(base: Path, *, database: str) -> str:
    """Names everything that preparing a machine depends on: dependencies, migrations, static files, the database."""
    digest = hashlib.sha256(database.encode())
    digest.update((base / "requirements.lock").read_bytes())
    for file in sorted(base.glob("[a-z]*/**/migrations/*.py")):
        digest.update(file.read_bytes())
    for file in sorted((base / "static").rglob("*")):
        if file.is_file():
            digest.update(f"{file.relative_to(base)} {file.stat().st_mtime_ns} {file.stat().st_size}".encode())
    return digest.hexdigest()
