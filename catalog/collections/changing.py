"""Write collections."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from catalog.collections.records import Collection, CollectionMember
from catalog.collections.rule import read_rule
from shop.audit.record import record_action


def save_collection(
    collection_id: int | None, values: Mapping[str, Any], *, members: Sequence[int], actor: Any
) -> Collection:
    """`values` are the collection's own columns; `members` product ids in order, for a manual one. Audited.

    Raises WrongRule; then nothing was written.
    """
    if values["kind"] == Collection.Kind.RULE:
        read_rule(values["rule"])
    with transaction.atomic():
        before = Collection.objects.select_for_update().filter(pk=collection_id or 0).first()
        was = {name: getattr(before, name) for name in values} if before is not None else None
        collection = before or Collection()
        for name, value in values.items():
            setattr(collection, name, value)
        collection.save()
        CollectionMember.objects.filter(collection=collection).delete()
        if collection.kind == Collection.Kind.MANUAL:
            CollectionMember.objects.bulk_create(
                CollectionMember(collection=collection, product_id=product_id, position=position)
                for position, product_id in enumerate(dict.fromkeys(members))
            )
        record_action(
            action="change" if before is not None else "add",
            subject_type="collection",
            subject_id=collection.pk,
            actor=actor,
            before=was,
            after={**values, "members": list(members)[:200]},
        )
    return collection
