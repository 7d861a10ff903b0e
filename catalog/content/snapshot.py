"""From draft to version and back. A body holds everything that a page shows, so that a version needs no other row.

Page: `{"title", "lead", "description", "blocks": [{"kind", "title", "text", "link_url", "link_name", "picture": facts
or null, "picture_id", "picture_alt", "tint"}]}`, text as safe HTML for a text block and as it was typed for others.
Menu: `{"entries": [{"name", "url", "children": [...]}]}`, three levels at most.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db import transaction

from catalog.content.markup import clean_markup, links_in
from catalog.content.models import DEEPEST, Block, Menu, MenuEntry, Page
from catalog.media.records import MediaFile
from catalog.media.sources import describe_file

Body = dict[str, Any]
_KEPT = ("kind", "title", "link_url", "link_name", "picture_alt", "tint")


def copy_draft(piece: Page | Menu) -> Body:
    """Two queries at most."""
    if isinstance(piece, Menu):
        return {"entries": _nest(piece)}
    blocks = piece.blocks.filter(is_shown=True).select_related("picture")
    return {
        "title": piece.title,
        "lead": piece.lead,
        "description": piece.description,
        "blocks": [_copy_block(block) for block in blocks],
    }


@transaction.atomic
def write_draft(piece: Page | Menu, body: Mapping[str, Any]) -> None:
    """Make the draft say what `body` says. Blocks that were hidden in the draft are given up with it."""
    if isinstance(piece, Menu):
        piece.entries.all().delete()
        rows = [
            MenuEntry(menu=piece, name=entry["name"], url=entry["url"], level=level, position=position * 10)
            for position, (level, entry) in enumerate(walk_entries(body["entries"]), start=1)
        ]
        MenuEntry.objects.bulk_create(rows)
        return
    Page.objects.filter(pk=piece.pk).update(title=body["title"], lead=body["lead"], description=body["description"])
    piece.blocks.all().delete()
    pictures = set(
        MediaFile.objects.values_list("pk", flat=True).filter(pk__in=[one["picture_id"] for one in body["blocks"]])
    )
    Block.objects.bulk_create(
        Block(
            page=piece,
            position=position * 10,
            text=one["text"],
            picture_id=one["picture_id"] if one["picture_id"] in pictures else None,
            **{name: one[name] for name in _KEPT},
        )
        for position, one in enumerate(body["blocks"], start=1)
    )


def walk_entries(entries: list[dict[str, Any]], level: int = 1) -> Iterator[tuple[int, dict[str, Any]]]:
    """Every entry with its level, as the menu reads from top to bottom."""
    for entry in entries:
        yield level, entry
        yield from walk_entries(entry["children"], level + 1)


def links_of(body: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(where it stands, target) of every link in a body."""
    if "entries" in body:
        return [
            (f"The entry “{entry['name']}”", entry["url"]) for _, entry in walk_entries(body["entries"]) if entry["url"]
        ]
    found = []
    for number, block in enumerate(body["blocks"], start=1):
        place = f"Block {number}" + (f" “{block['title']}”" if block["title"] else "")
        found += [(place, link) for link in [block["link_url"], *links_in(block["text"])] if link]
    return found


def _copy_block(block: Block) -> dict[str, Any]:
    """Only a text block's text is HTML; the others' is escaped where it is shown."""
    return {
        **{name: getattr(block, name) for name in _KEPT},
        "text": clean_markup(block.text) if block.kind == Block.Kind.TEXT else block.text,
        "picture": describe_file(block.picture, alt=block.picture_alt) if block.picture else None,
        "picture_id": block.picture_id,
    }


def _nest(menu: Menu) -> list[dict[str, Any]]:
    """An entry hangs under the nearest one above it with a smaller level; a level that was skipped is closed up."""
    roots: list[dict[str, Any]] = []
    branch: list[tuple[int, dict[str, Any]]] = []
    for entry in menu.entries.all():
        node: dict[str, Any] = {"name": entry.name, "url": entry.url, "children": []}
        while branch and (branch[-1][0] >= entry.level or len(branch) >= DEEPEST):
            branch.pop()
        (branch[-1][1]["children"] if branch else roots).append(node)
        branch.append((entry.level, node))
    return roots
