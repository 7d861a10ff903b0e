"""Which events the catalogue handles."""

from collections.abc import Mapping
from typing import Any

from catalog.attributes.changing import CHANGED, products_of
from catalog.bulk.edit import GO_ON, go_on
from catalog.importing import uploads
from catalog.search.index import refresh_documents
from shop.outbox.subscribe import subscribe


def wire_events() -> None:
    subscribe(CHANGED, _refresh_class)
    subscribe(GO_ON, _go_on)
    subscribe(uploads.CHECK, uploads.check_upload)
    subscribe(uploads.APPLY, uploads.apply_upload)
    subscribe(uploads.UNDO, uploads.undo_uploaded)


def _go_on(payload: Mapping[str, Any]) -> None:
    go_on(payload["edit_id"])


def _refresh_class(payload: Mapping[str, Any]) -> None:
    """A unit changed, so the filters of every product of the class are written anew."""
    refresh_documents(products_of(payload["product_class_id"]))
