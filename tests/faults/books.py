"""The books from outside: the provider's payments and refunds against the shop's, and the mails that really left."""

import re
from collections import Counter, defaultdict

import psycopg

from shop.doctor.checks import registered_checks
from shop.embedded.sandbox.client import SandboxControl
from tests.faults.points import wait_for
from tests.live.running_shop import RunningShop

CUT_SHORT: set[str] = set()  # Message-IDs whose hand-over was killed before it was recorded: they may leave twice.
_FULFILLED = ("paid", "partly shipped", "shipped")


def wrong_money(shop: RunningShop) -> list[str]:
    """I3 and I4 with the provider's own list in hand; a sentence for each thing that is wrong.

    Every payment that succeeded belongs to exactly one order in force, of the same amount, or was sent back whole;
    every order in force has exactly one; refunds are the same on both sides.
    """
    state = SandboxControl(shop.sandbox_url).state()
    back: dict[str, int] = defaultdict(int)
    for refund in state["refunds"]:
        if refund["status"] in ("succeeded", "pending"):
            back[refund["payment_intent"]] += refund["amount"]
    taken = {one["id"]: one for one in state["payment_intents"] if one["status"] == "succeeded"}
    rows = shop.query(
        "SELECT o.number, o.status, (o.total_incl_tax * 100)::int, o.currency, a.state, a.intent_id,"
        " (a.captured * 100)::int FROM order_order o JOIN checkout_paymentattempt a ON a.order_id = o.id"
        " WHERE a.intent_id <> '' AND a.state IN ('paid', 'authorised', 'held')"
    )
    claims = Counter(row[5] for row in rows)
    by_intent = {row[5]: row for row in rows}
    wrong = [f"{intent} is claimed by {count} payments" for intent, count in claims.items() if count > 1]
    for intent_id, intent in taken.items():
        kept = intent["amount_received"] - back[intent_id]
        row = by_intent.get(intent_id)
        if row is None:
            wrong += [f"{intent_id}: {kept} kept, and no order knows it"] if kept else []
        elif row[1] in _FULFILLED:
            if (row[2], row[3].lower(), row[6]) != (intent["amount"], intent["currency"], intent["amount_received"]):
                wrong.append(f"{intent_id} took {intent['amount_received']} for order {row[0]} of {row[2]} {row[3]}")
        elif kept and row[4] != "held":
            wrong.append(f"{intent_id}: {kept} kept for order {row[0]}, which is {row[1]}")
    in_force = shop.query("SELECT number FROM order_order WHERE status = ANY(%s)", list(_FULFILLED))
    paid = Counter(row[0] for row in rows if row[1] in _FULFILLED and row[5] in taken)
    wrong += [f"order {number} has {paid[number]} payments" for (number,) in in_force if paid[number] != 1]
    theirs = {one["id"]: one["amount"] for one in state["refunds"]}
    ours = dict(shop.query("SELECT provider_id, (amount * 100)::int FROM checkout_refund WHERE provider_id <> ''"))
    return wrong + ([] if theirs == ours else [f"refunds there {theirs}, here {ours}"])


def handed_over(shop: RunningShop) -> Counter[str]:
    """How often each Message-ID was given to the mail server (here: a folder of files)."""
    folder = shop.folder / "mail"
    texts = [file.read_text(errors="replace") for file in sorted(folder.glob("*"))] if folder.is_dir() else []
    return Counter(re.findall(r"^Message-ID: (\S+)\s*$", "\n".join(texts), flags=re.MULTILINE))


def wrong_mails(shop: RunningShop) -> list[str]:
    """Every mail left, once; those in CUT_SHORT may have left a second time."""
    left = handed_over(shop)
    rows = dict(shop.query("SELECT message_id, sent_at IS NOT NULL FROM checkout_mail"))
    wrong = [f"{one} is not recorded as sent" for one, is_sent in rows.items() if not is_sent]
    wrong += [
        f"{one} left {left[one]} times" for one in rows if left[one] != 1 and not (one in CUT_SHORT and left[one] < 3)
    ]
    return wrong + [f"{one} left, and nobody wrote it" for one in left if one not in rows]


def kill_worker(shop: RunningShop, *, whole: bool = True) -> int:
    """kill -9 of the worker; the mails that had left and were not recorded yet may leave again. Processes killed."""
    killed = shop.kill("worker", whole=whole)
    left = handed_over(shop)
    CUT_SHORT.update(
        one for (one,) in shop.query("SELECT message_id FROM checkout_mail WHERE sent_at IS NULL") if one in left
    )
    return killed


def broken_checks(shop: RunningShop) -> list[tuple[str, list[tuple[object, ...]]]]:
    """Every question of the doctor, asked over a connection of our own (the command itself takes seconds to start)."""
    with psycopg.connect(shop.services["DATABASE_URL"], autocommit=True) as connection:
        connection.read_only = True
        answers = [
            (f"{check.id} {check.name}", connection.execute(check.sql, check.params or None).fetchall())
            for check in registered_checks()
        ]
    return [(name, rows) for name, rows in answers if rows]


def undelivered(shop: RunningShop) -> list[str]:
    deliveries = SandboxControl(shop.sandbox_url).deliveries()
    return [one["type"] for one in deliveries if one["status"] == "pending"]


def assert_all_is_well(shop: RunningShop, *, seconds: float = 120) -> None:
    """Everything has caught up: no job waits, the doctor is content, money and mails are right."""
    wait_for(lambda: not undelivered(shop), what="the provider's webhooks", seconds=seconds)
    shop.wait_until_quiet(seconds=seconds)
    assert shop.query("SELECT name, last_error FROM outbox_outboxevent WHERE parked_at IS NOT NULL") == []
    assert wrong_money(shop) == []
    assert wrong_mails(shop) == []
    assert broken_checks(shop) == []
