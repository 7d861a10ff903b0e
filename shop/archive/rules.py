"""What the archive holds: every table of every model, but for what these rules leave out, each with its reason."""

import re
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import Field, JSONField

LEFT_OUT = MappingProxyType(
    {
        "sessions.Session": "Who is signed in somewhere is a secret of this machine; everybody signs in again.",
        "mfa.Authenticator": "Secrets of second factors; staff set theirs up again at the next sign-in.",
    }
)
HELD_SECRETS = MappingProxyType(
    {
        "accounts.User.password": "A one-way hash, without which no customer could sign in any more.",
        "checkout.PlacedOrder.access_token": "The hash of the token in a guest's link, without which links in sent mails would lead nowhere.",
    }
)
"""Columns that sound like a secret and are in the archive all the same: keep an archive as you keep the database."""
NOT_OF_MODELS = frozenset({"django_migrations", "page_cache_change"})
"""Tables without a model that no shop misses: the manifest has the migrations, and pages are drawn again."""
_SECRET = re.compile(r"password|secret|token|otp|credential|private_key")


def file_roots() -> dict[str, Path]:
    """Where the shop keeps files, by what their names in the archive begin with."""
    return {"": Path(settings.MEDIA_ROOT), "goods/": Path(settings.GOODS_ROOT)}


class ModelWithoutRule(RuntimeError):
    """A model or table that the archive cannot judge; the message says what to decide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """`label` names the file. `columns` maps names to Django's field types. `json` columns may hold a JSON null."""

    label: str
    name: str
    title: str
    key: str
    columns: dict[str, str]
    json: frozenset[str]


def list_tables() -> list[Table]:
    """By label. Raises ModelWithoutRule for a secret that no rule names, and for a table that no model explains."""
    tables, known = [], set(NOT_OF_MODELS)
    for model in apps.get_models(include_auto_created=True):
        options = model._meta
        if not options.managed or options.proxy:
            continue
        known.add(options.db_table)
        if options.label in LEFT_OUT:
            continue
        fields: list[Field] = [field for field in options.concrete_fields if not getattr(field, "generated", False)]
        for field in fields:
            _check_secret(f"{options.label}.{field.name}")
        assert options.pk is not None
        tables.append(
            Table(
                label=options.label,
                name=options.db_table,
                title=str(options.verbose_name),
                key=str(options.pk.column),
                columns={str(field.column): field.get_internal_type() for field in fields},
                json=frozenset(
                    str(field.column) for field in fields if isinstance(field, JSONField) and not field.null
                ),
            )
        )
    if unknown := set(_tables_of_the_database()) - known:
        raise ModelWithoutRule(
            f"The tables {', '.join(sorted(unknown))} belong to no model, so that an archive would lack them. "
            "Give each a model, or name it in shop.archive.rules.NOT_OF_MODELS."
        )
    return sorted(tables, key=lambda table: table.label)


def _check_secret(name: str) -> None:
    if _SECRET.search(name.rsplit(".", 1)[1]) and name not in HELD_SECRETS:
        raise ModelWithoutRule(
            f"{name} sounds like a secret. Decide whether the archive holds it (shop.archive.rules.HELD_SECRETS), "
            "or leave its model out (LEFT_OUT)."
        )


def _tables_of_the_database() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return [row[0] for row in cursor.fetchall()]
