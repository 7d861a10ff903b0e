"""`expand[]`: ids replaced by the objects they name (https://docs.stripe.com/api/expanding_objects)."""

from typing import Any

from shop.embedded.sandbox.errors import ApiError
from shop.embedded.sandbox.ledger import present_transaction
from shop.embedded.sandbox.sandbox import Sandbox
from shop.embedded.sandbox.sessions import show_lines
from shop.embedded.sandbox.shapes.lists import shape_list
from shop.embedded.sandbox.store import Json, show

KINDS = {
    "pi_": "payment_intent",
    "ch_": "charge",
    "cus_": "customer",
    "pm_": "payment_method",
    "txn_": "balance_transaction",
    "re_": "refund",
    "po_": "payout",
    "du_": "dispute",
    "seti_": "setup_intent",
    "cs_": "checkout.session",
}
DEEPEST = 4


def read_expand(params: dict[str, Any]) -> list[list[str]]:
    """The paths, checked; takes `expand` out of the parameters."""
    given = params.pop("expand", [])
    paths = given if isinstance(given, list) else [given]
    if any(not isinstance(path, str) or not path or path.count(".") >= DEEPEST + 1 for path in paths):
        raise ApiError(f"You can expand properties at most {DEEPEST} levels deep.", param="expand", saved=False)
    return [path.split(".") for path in paths]


def expand(sandbox: Sandbox, answer: Json, paths: list[list[str]]) -> Json:
    """The answer for the wire: our own keys gone, the paths filled in."""
    shown = show(answer)
    if shown.get("object") in ("list", "search_result"):
        shown["data"] = [
            expand(sandbox, row, [path[1:] for path in paths if path[0] == "data" and path[1:]])
            for row in shown["data"]
        ]
        return shown
    for path in paths:
        _fill(sandbox, shown, answer, path)
    return shown


def _fill(sandbox: Sandbox, shown: Json, full: Json, path: list[str]) -> None:
    name, *rest = path
    if name == "line_items" and full.get("object") == "checkout.session":
        shown[name] = show_lines(full)
        return
    if name == "refunds" and full.get("object") == "charge":
        rows = [show(row) for row in sandbox.store.newest("refund") if row["charge"] == full["id"]]
        shown[name] = shape_list(rows, url=f"/v1/charges/{full['id']}/refunds")
        return
    if name not in shown:
        raise ApiError(
            f"This property cannot be expanded ({name}). You may want to try expanding another.",
            param="expand",
        )
    value = shown[name]
    if isinstance(value, str):
        value = _load(sandbox, value, name=name)
        shown[name] = show(value)
    elif isinstance(value, dict):
        shown[name] = dict(value)
    if rest and isinstance(value, dict):
        _fill(sandbox, shown[name], value, rest)


def _load(sandbox: Sandbox, id: str, *, name: str) -> Json:
    kind = next((kind for prefix, kind in KINDS.items() if id.startswith(prefix)), "")
    thing = sandbox.store.get(kind, id)
    if thing is None:
        raise ApiError(f"This property cannot be expanded ({name}).", param="expand")
    return present_transaction(sandbox, thing) if kind == "balance_transaction" else thing
