"""Attribute values of many products in one statement per attribute type."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from catalog.importing.attribute_text import COLUMNS, to_stored
from catalog.importing.bulk import Bulk
from catalog.importing.vocabulary import Attribute, Words

CASTS = {
    "integer": "int",
    "boolean": "boolean",
    "float": "float8",
    "date": "date",
    "datetime": "timestamptz",
    "option": "bigint",
}
VALUES = "catalogue_productattributevalue"
LINKS = "catalogue_productattributevalue_value_multi_option"


@dataclass(slots=True, kw_only=True)
class NewValue:
    """Canonical text for an attribute of a product; None takes the value away. `label` names a new attribute.

    `is_new` says that the product has no values yet.
    """

    product_id: int
    class_id: int
    code: str
    text: str | None
    label: str = ""
    is_new: bool = False


def list_new_values(
    before: Mapping[str, str],
    after: Mapping[str, str],
    *,
    product_id: int,
    class_id: int,
    labels: Mapping[str, str],
    is_new: bool,
) -> list[NewValue]:
    """What has to be written so that `before` becomes `after`."""
    codes = [code for code in {**before, **after} if before.get(code) != after.get(code)]
    return [
        NewValue(
            product_id=product_id,
            class_id=class_id,
            code=code,
            text=after.get(code),
            label=labels.get(code, ""),
            is_new=is_new,
        )
        for code in codes
    ]


def write_values(values: Iterable[NewValue], *, vocabulary: Words, bulk: Bulk) -> None:
    by_type: dict[str, list[tuple[Attribute, NewValue]]] = {}
    gone: list[tuple[int, int]] = []
    for value in values:
        attribute = vocabulary.attribute(value.class_id, value.code, name=value.label)
        if value.text is None:
            gone.append((attribute.id, value.product_id))
        else:
            by_type.setdefault(attribute.type, []).append((attribute, value))
    _delete_values(gone)
    for kind, items in by_type.items():
        if kind == "multi_option":
            _write_multiple(items, vocabulary=vocabulary)
        else:
            _write_single(kind, items, vocabulary=vocabulary, bulk=bulk)


def _write_single(kind: str, items: list[tuple[Attribute, NewValue]], *, vocabulary: Words, bulk: Bulk) -> None:
    column = COLUMNS[kind]
    new = [(attribute, value) for attribute, value in items if value.is_new]
    held = [(attribute, value) for attribute, value in items if not value.is_new]
    if new:
        columns = _columns(kind, new, vocabulary=vocabulary)
        bulk.copy_rows(VALUES, ("attribute_id", "product_id", column), zip(*columns, strict=True))
    if held:
        with connection.cursor() as cursor:
            cursor.execute(
                f"""
                INSERT INTO {VALUES} (attribute_id, product_id, {column})
                SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::{CASTS.get(kind, "text")}[])
                ON CONFLICT (attribute_id, product_id) DO UPDATE SET {column} = EXCLUDED.{column}
                """,
                _columns(kind, held, vocabulary=vocabulary),
            )


def _columns(
    kind: str, items: list[tuple[Attribute, NewValue]], *, vocabulary: Words
) -> tuple[list[int], list[int], list[Any]]:
    """Attribute ids, product ids and stored values."""
    stored = [
        vocabulary.option_id(attribute, value.text or "")
        if kind == "option"
        else to_stored(value.text or "", kind=kind)
        for attribute, value in items
    ]
    return [attribute.id for attribute, _ in items], [value.product_id for _, value in items], stored


def _write_multiple(items: list[tuple[Attribute, NewValue]], *, vocabulary: Words) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO {VALUES} (attribute_id, product_id) SELECT * FROM unnest(%s::bigint[], %s::bigint[])
            ON CONFLICT (attribute_id, product_id) DO UPDATE SET value_text = NULL RETURNING id, attribute_id, product_id
            """,
            ([attribute.id for attribute, _ in items], [value.product_id for _, value in items]),
        )
        ids = {(attribute_id, product_id): pk for pk, attribute_id, product_id in cursor.fetchall()}
        links = [
            (ids[attribute.id, value.product_id], vocabulary.option_id(attribute, part))
            for attribute, value in items
            for part in (value.text or "").split("|")
        ]
        cursor.execute(f"DELETE FROM {LINKS} WHERE productattributevalue_id = ANY(%s)", (list(ids.values()),))
        cursor.execute(
            f"INSERT INTO {LINKS} (productattributevalue_id, attributeoption_id) SELECT * FROM unnest(%s::bigint[], %s::bigint[])",
            ([value_id for value_id, _ in links], [option_id for _, option_id in links]),
        )


def _delete_values(pairs: list[tuple[int, int]]) -> None:
    if not pairs:
        return
    params = ([attribute_id for attribute_id, _ in pairs], [product_id for _, product_id in pairs])
    chosen = f"""
        SELECT value.id FROM {VALUES} value JOIN unnest(%s::bigint[], %s::bigint[]) AS gone (attribute_id, product_id)
        ON value.attribute_id = gone.attribute_id AND value.product_id = gone.product_id
    """
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {LINKS} WHERE productattributevalue_id IN ({chosen})", params)
        cursor.execute(f"DELETE FROM {VALUES} WHERE id IN ({chosen})", params)
