"""Where a product, category or page lives that was renamed or moved: one step, however often that happened.

The rule, in the order of asking:

1. What lives at an address is shown; a former owner of the address is not asked. So coming back (A → B → A) ends the
   redirect of A, and no two answers can lead to each other.
2. An address that something hidden holds now leads nowhere: it would be wrong the day that thing is shown again.
3. Of several former owners the one that left last answers; when that one is gone or hidden, the one before it.

The history names the owner and not the new address, so a later rename needs no rewriting and A, B → C is one step each.
It is written by triggers (migration 0002), not by the functions that rename: an import's bulk update, a shell, a moved
parent and treebeard's own SQL all change addresses, and none of them passes through one function.
"""

from typing import Final

from django.db import connection

from catalog.publication.openness import published_sql

_PRODUCT: Final = f"""
SELECT product.slug FROM addresses_formeraddress former
JOIN catalogue_product product ON product.id = former.owner_id
WHERE former.kind = 'product' AND former.address = %(address)s
  AND {published_sql("product")} AND product.structure <> 'child'
  AND NOT EXISTS (SELECT 1 FROM catalogue_product holder
                  WHERE holder.slug = %(address)s AND holder.structure <> 'child')
ORDER BY former.left_at DESC, former.id DESC LIMIT 1
"""
# A treebeard path is made of steps of four characters; each prefix is an ancestor's path.
_ADDRESS_OF: Final = """(SELECT string_agg(above.slug, '/' ORDER BY step)
    FROM generate_series(4, length({0}.path), 4) AS step
    JOIN catalogue_category above ON above.path = left({0}.path, step))"""
_CATEGORY: Final = f"""
SELECT {_ADDRESS_OF.format("category")} FROM addresses_formeraddress former
JOIN catalogue_category category ON category.id = former.owner_id
WHERE former.kind = 'category' AND former.address = %(address)s
  AND category.is_public AND category.ancestors_are_public
  AND NOT EXISTS (SELECT 1 FROM catalogue_category holder
                  WHERE holder.slug = %(leaf)s AND {_ADDRESS_OF.format("holder")} = %(address)s)
ORDER BY former.left_at DESC, former.id DESC LIMIT 1
"""
_PAGE: Final = """
SELECT page.slug FROM addresses_formeraddress former JOIN content_page page ON page.id = former.owner_id
WHERE former.kind = 'page' AND former.address = %(address)s AND page.slug <> 'home'
  AND NOT EXISTS (SELECT 1 FROM content_page holder WHERE holder.slug = %(address)s)
ORDER BY former.left_at DESC, former.id DESC LIMIT 1
"""


def find_moved(path: str) -> str | None:
    """The path at which what was at `path` (no query) is shown now; None when nothing of the shop was there. One query."""
    kind, _, rest = path.lstrip("/").partition("/")
    address = rest.strip("/")
    question = _QUESTIONS.get(kind)
    if question is None or not address or "\x00" in address:
        return None
    with connection.cursor() as cursor:
        cursor.execute(question, {"address": address, "leaf": address.rpartition("/")[2]})
        row = cursor.fetchone()
    return f"/{kind}/{row[0]}/" if row else None


_QUESTIONS: Final = {"p": _PRODUCT, "c": _CATEGORY, "info": _PAGE}
