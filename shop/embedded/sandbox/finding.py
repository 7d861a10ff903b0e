"""Payment intents found again: by list, and by search over metadata."""

from collections.abc import Callable

from shop.embedded.sandbox.errors import invalid_parameter
from shop.embedded.sandbox.paging import filter_created, filter_equal, list_page, read_page
from shop.embedded.sandbox.params import Params, anything, integer, read, text
from shop.embedded.sandbox.sandbox import Sandbox
from shop.embedded.sandbox.store import Json


def list_intents(sandbox: Sandbox, params: Params) -> Json:
    page, wanted = read_page(params, {"created": anything, "customer": text})
    found = filter_created(sandbox.store.newest("payment_intent"), wanted.get("created"))
    return list_page(filter_equal(found, wanted, "customer"), page=page, url="/v1/payment_intents")


def search_intents(sandbox: Sandbox, params: Params) -> Json:
    """`metadata['order']:'1001' AND status:'succeeded'`: terms joined by AND, of metadata, status, currency, customer
    and amount."""
    values = read(params, {"query": text, "limit": integer, "page": text}, required=("query",))
    tests = [_read_term(term.strip(), values["query"]) for term in values["query"].split(" AND ")]
    limit = min(max(values.get("limit") or 10, 1), 100)
    start = int(values["page"]) if (values.get("page") or "").isdecimal() else 0
    found = [one for one in sandbox.store.newest("payment_intent") if all(test(one) for test in tests)]
    more = len(found) > start + limit
    return {
        "object": "search_result",
        "data": found[start : start + limit],
        "has_more": more,
        "next_page": str(start + limit) if more else None,
        "url": "/v1/payment_intents/search",
    }


def _read_term(term: str, query: str) -> Callable[[Json], bool]:
    name, mark, value = term.partition(":")
    value = value.strip("'\"")
    key = name[len("metadata[") : -1].strip("'\"") if name.startswith("metadata[") and name.endswith("]") else None
    if not mark or (key is None and name not in ("status", "currency", "customer", "amount")):
        raise invalid_parameter(
            f"The search query {query[:80]!r} is not understood: use terms like metadata['order']:'1001'.",
            param="query",
        )
    if key is not None:
        return lambda intent: intent["metadata"].get(key) == value
    return lambda intent: str(intent[name]) == value
