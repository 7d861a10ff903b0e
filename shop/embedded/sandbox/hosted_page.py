"""The HTML of the hosted pages: plain forms, no script, one inline style sheet."""

import base64
import hashlib
from html import escape
from pathlib import Path

from shop.embedded.sandbox.checkout import Problem, choose_kind
from shop.embedded.sandbox.currencies import format_amount
from shop.embedded.sandbox.store import Json

STYLE = Path(__file__).with_name("hosted_page.css").read_text(encoding="utf-8")
_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; frame-ancestors 'none'"

HINTS = (
    ("4242 4242 4242 4242", "pays"),
    ("4000 0025 0000 3155", "3-D Secure"),
    ("4000 0000 0000 0002", "declined"),
    ("4000 0000 0000 9995", "no funds"),
    ("4000 0000 0000 0069", "expired"),
    ("4000 0000 0000 0127", "wrong code"),
    ("4000 0000 0000 0259", "disputed later"),
    ("4000 0000 0000 5126", "refund fails"),
)


def _frame(*, name: str, title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)} · {escape(name)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="robots" content="noindex"><meta name="color-scheme" content="light dark">'
        f'<style>{STYLE}</style></head><body><div class="frame">{body}</div></body></html>'
    )


def _header(name: str, *, back: str | None) -> str:
    mark = escape(name[:1].upper())
    link = f'<a class="back" href="{escape(back)}">Cancel and go back to the shop</a>' if back else ""
    return (
        f'<header class="top"><p class="brand"><span class="mark" aria-hidden="true">{mark}</span>{escape(name)}</p>'
        f"{link}</header>"
    )


def _footer() -> str:
    return '<footer class="foot"><p>Payment sandbox: nothing you do here moves real money.</p></footer>'


def render_notice(name: str, *, title: str, text: str, link: str = "", link_text: str = "") -> str:
    """A page with one sentence, and a way on when there is one."""
    way = f'<p><a class="button" href="{escape(link)}">{escape(link_text)}</a></p>' if link else ""
    body = (
        f'{_header(name, back=None)}<main class="card narrow"><h1>{escape(title)}</h1><p>{escape(text)}</p>{way}</main>'
        f"{_footer()}"
    )
    return _frame(name=name, title=title, body=body)


def render_expired(name: str, *, session: Json) -> str:
    return render_notice(
        name,
        title="This payment page has expired",
        text="Nothing was charged. Go back to the shop to start the payment again.",
        link=session["cancel_url"] or "",
        link_text=f"Back to {name}",
    )


def render_question(name: str, *, intent: Json) -> str:
    """The 3-D Secure step, as a bank would ask it."""
    total = format_amount(intent["amount"], currency=intent["currency"])
    body = (
        f'{_header(name, back=None)}<main class="card narrow"><p class="eyebrow">3-D Secure</p>'
        f"<h1>Is it you who pays {escape(total)}?</h1>"
        f"<p>Your bank asks you to confirm the payment to <strong>{escape(name)}</strong>.</p>"
        '<form method="post" class="choices">'
        f'<button class="button" name="answer" value="approve">Approve {escape(total)}</button>'
        '<button class="button quiet" name="answer" value="refuse">Refuse</button></form></main>'
        f"{_footer()}"
    )
    return _frame(name=name, title="Confirm your payment", body=body)


def render_payment(name: str, *, session: Json, form: dict[str, str], problems: list[Problem]) -> str:
    total = format_amount(session["amount_total"], currency=session["currency"])
    form_part = (
        f'<main class="card"><h1>Pay {escape(name)}</h1>{_summarise(problems)}'
        f'<form method="post" novalidate>{_fields(session, form=form, problems=problems)}'
        f'<button class="button wide" type="submit">Pay {escape(total)}</button></form>{_hints()}</main>'
    )
    title = f"Error: pay {total}" if problems else f"Pay {total}"
    body = (
        f'{_header(name, back=session["cancel_url"])}<div class="columns">{_order(session)}{form_part}</div>{_footer()}'
    )
    return _frame(name=name, title=title, body=body)


def _order(session: Json) -> str:
    code = session["currency"]
    rows = "".join(
        f'<li><span class="what">{escape(line["description"])}{_note(line)}</span>'
        f'<span class="money">{escape(format_amount(line["amount_total"], currency=code))}</span></li>'
        for line in session["_lines"]
    )
    total = escape(format_amount(session["amount_total"], currency=code))
    return (
        f'<section class="order" aria-labelledby="order"><h2 id="order">Your order</h2><p class="total">{total}</p>'
        f'<ul class="lines">{rows}</ul></section>'
    )


def _note(line: Json) -> str:
    parts = [line["_description"]] if line["_description"] else []
    if line["quantity"] > 1:
        each = format_amount(line["price"]["unit_amount"], currency=line["currency"])
        parts.append(f"{line['quantity']} × {each}")
    return f"<small>{escape(' · '.join(parts))}</small>" if parts else ""


def _summarise(problems: list[Problem]) -> str:
    if not problems:
        return ""
    rows = "".join(
        f'<li><a href="#{problem.field}">{escape(problem.message)}</a></li>'
        if problem.field
        else f"<li>{escape(problem.message)}</li>"
        for problem in problems
    )
    return f'<div class="problems" role="alert"><h2>Nothing was charged</h2><ul>{rows}</ul></div>'


def _fields(session: Json, *, form: dict[str, str], problems: list[Problem]) -> str:
    """Number and security code are never written back into a page."""
    messages = {problem.field: problem.message for problem in problems}
    known = session["customer_email"] or (session["customer_details"] or {}).get("email")
    email = (
        f'<p class="known"><span>E-mail</span> {escape(known)}</p>'
        if session["customer_email"] and known
        else _field(
            "email", "E-mail", form.get("email", known or ""), messages, hint="", complete="email", mode="email"
        )
    )
    card = (
        _field("number", "Card number", "", messages, hint="", complete="cc-number", mode="numeric")
        + '<div class="pair">'
        + _field(
            "expiry", "Expiry MM / YY", form.get("expiry", ""), messages, hint="", complete="cc-exp", mode="numeric"
        )
        + _field("cvc", "Security code", "", messages, hint="", complete="cc-csc", mode="numeric")
        + "</div>"
        + _field(
            "name", "Name on card (optional)", form.get("name", ""), messages, hint="", complete="cc-name", mode="text"
        )
    )
    types = session["payment_method_types"]
    if types == ["card"]:
        return email + card
    debit = _field(
        "iban", "IBAN", "", messages, hint="Arrives later; DE89 3704 0044 0532 0130 00 is good.", mode="text"
    )
    if types == ["sepa_debit"]:
        return email + debit
    chosen = choose_kind(form, session=session)
    return (
        email
        + f'<fieldset><legend>Pay by</legend>{_choice("card", "Card", chosen)}<div class="part">{card}</div>'
        + f'{_choice("sepa_debit", "SEPA direct debit", chosen)}<div class="part">{debit}</div></fieldset>'
    )


def _choice(value: str, label: str, chosen: str) -> str:
    mark = " checked" if value == chosen else ""
    return f'<label class="choice"><input type="radio" name="method" value="{value}"{mark}> {label}</label>'


def _field(
    id: str, label: str, value: str, messages: dict[str, str], *, hint: str, mode: str, complete: str = "off"
) -> str:
    message = messages.get(id)
    notes = [(f"{id}-error", "error", message), (f"{id}-hint", "hint", hint)]
    shown = [(note, kind, text) for note, kind, text in notes if text]
    described = f' aria-describedby="{" ".join(note for note, _, _ in shown)}"' if shown else ""
    invalid = ' aria-invalid="true"' if message else ""
    texts = "".join(f'<span class="{kind}" id="{note}">{escape(text)}</span>' for note, kind, text in shown)
    return (
        f'<div class="field"><label for="{id}">{escape(label)}</label><input id="{id}" name="{id}"'
        f' value="{escape(value)}" autocomplete="{complete}" inputmode="{mode}"{described}{invalid}>{texts}</div>'
    )


def _hints() -> str:
    rows = "".join(f"<div><dt>{number}</dt><dd>{what}</dd></div>" for number, what in HINTS)
    return (
        '<section class="hints" aria-labelledby="hints"><h2 id="hints">Test cards</h2>'
        f"<p>Any future expiry and any three digits do.</p><dl>{rows}</dl></section>"
    )
