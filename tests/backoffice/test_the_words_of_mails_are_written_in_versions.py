"""OR11: staff write the words of a mail, look at them, publish a version; what is broken is not published."""

from typing import Any

import pytest
from django.core import mail as outbox
from django.db import IntegrityError, InternalError, transaction
from django.test import Client
from oscar.apps.order.models import Order

from checkout.invariants import CHECKS
from checkout.models import Mail, MailWording, OrderEvent
from checkout.orders.letters import write_confirmation
from checkout.orders.resending import NothingToSend, resend_mail
from checkout.orders.wording.looking_at import look_at
from checkout.orders.wording.publishing import KINDS, publish_words
from checkout.orders.wording.words import OWN, BrokenWording, Words
from shop.audit.models import AuditEntry
from shop.doctor.checks import run_check
from tests.backoffice.desk import staff_client
from tests.checkout.refunds.refunding import paid_by_hand
from tests.checkout.till import run_jobs
from tests.shipping.fulfilment.paid import make_paid_order
from tests.shopfloor import make_product

pytestmark = [pytest.mark.django_db, pytest.mark.feature("OR11")]
PAGE = "/admin/mails/words/order_confirmed/"
GOOD = {
    "subject": "{shop}: {number} is ours to pack",
    "headline": "Hello {name}",
    "sentence": "{sentence}\nTwo lines, with <b>no</b> markup and {{braces}}.",
    "closing": "Yours, the shop",
    "note": "Warmer",
}


def paid() -> Order:
    order = make_paid_order(make_product("Moon lamp"))
    paid_by_hand(order)
    return order


def send(client: Client, act: str, *, after: int = 0, **words: str) -> Any:
    return client.post(PAGE, {**GOOD, **words, "act": act, "after": str(after)})


def test_a_version_is_looked_at_published_and_sent_and_the_mail_keeps_which() -> None:
    client = staff_client()
    assert "The shop's own words" in client.get("/admin/mails/words/").text
    look = send(client, "look").text
    assert "Nothing is published yet." in look
    assert "2026-SAMPLE is ours to pack" in look
    assert "Hello Robin" in look
    assert not MailWording.objects.exists()
    assert send(client, "publish").status_code == 303
    order = paid()
    write_confirmation(order.pk)
    letter = Mail.objects.get(order=order)
    assert letter.subject.endswith(f": {order.number} is ours to pack")
    assert (letter.wording, MailWording.objects.get().number) == (1, 1)
    assert f"Hello {order.shipping_address.first_name}" in letter.html
    assert "Two lines, with &lt;b&gt;no&lt;/b&gt; markup and {braces}." in letter.html
    assert "Two lines, with <b>no</b> markup and {braces}." in letter.text
    assert "We are packing it now" in letter.text, "the shop's own sentence stands where {sentence} is"
    for form in (letter.text, letter.html):
        assert "Yours, the shop" in form
        assert "Moon lamp" in form
    assert AuditEntry.objects.get(action="publish").reason == "Warmer"
    assert "worded by version 1" in client.get(f"/admin/checkout/mail/{letter.pk}/change/").text
    assert send(client, "publish", after=1, subject="Another {number}").status_code == 303
    assert f"Another {order.number}" not in Mail.objects.get(pk=letter.pk).subject, "sent mails stay"
    assert "is ours to pack" in client.get(f"{PAGE}?version=1").text
    assert send(client, "publish", after=2).status_code == 303
    assert list(MailWording.objects.order_by("number").values_list("number", "subject"))[::2] == [
        (1, GOOD["subject"]),
        (3, GOOD["subject"]),
    ], "going back is a version of its own"


@pytest.mark.parametrize(
    ("field", "words", "said"),
    [
        ("subject", "", "The subject is empty"),
        ("subject", "x" * 201, "has 201 letters"),
        ("subject", "one\ntwo", "is one line"),
        ("headline", "Hello {nmae}", "asks for {nmae}, which no mail knows"),
        ("headline", "{number.__class__}", "asks for {number.__class__}"),
        ("headline", "{0}", "asks for {0}"),
        ("headline", "{}", "asks for {}"),
        ("sentence", "{number!r}", "asks for {number}"),
        ("sentence", "{number:>99999999}", "asks for {number}"),
        ("sentence", "a { brace", "a brace too many or too few"),
        ("closing", "a } brace", "a brace too many or too few"),
        ("closing", "x" * 2001, "has 2001 letters"),
    ],
)
def test_what_is_broken_is_neither_shown_nor_published(field: str, words: str, said: str) -> None:
    client = staff_client()
    for act in ("look", "publish"):
        answer = send(client, act, **{field: words})
        assert answer.status_code == 200
        assert said in answer.text.replace("&#x27;", "'")
        assert "<iframe" not in answer.text
    assert not MailWording.objects.exists()
    with pytest.raises(BrokenWording):
        publish_words("order_confirmed", Words(**{**_words(), field: words}), after=0, note="", actor=None)


def _words() -> dict[str, str]:
    return {name: GOOD[name] for name in ("subject", "headline", "sentence", "closing")}


def test_every_kind_can_be_looked_at_and_every_kind_that_is_sent_can_be_worded() -> None:
    for kind in KINDS:
        words, html = look_at(kind, Words("S {subject}", "H", "T {sentence}", "C"))
        assert words.subject.startswith("S ")
        assert "</html>" in html
        assert "{%" not in html
    with pytest.raises(BrokenWording):
        look_at("order_confirmed", Words("", "", ""))


def test_of_two_who_publish_the_second_looks_at_the_first_ones_words() -> None:
    client = staff_client()
    assert send(client, "publish").status_code == 303
    assert "Somebody else has published" in send(client, "publish", subject="Mine").text
    assert MailWording.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        MailWording.objects.create(kind="order_confirmed", number=1, subject="x", headline="x", sentence="x")


def test_a_published_version_cannot_be_changed_and_who_lacks_the_right_stays_outside() -> None:
    publish_words("order_confirmed", OWN, after=0, note="", actor=None)
    for act in (lambda: MailWording.objects.update(subject="x"), lambda: MailWording.objects.all().delete()):
        with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
            act()
    support = staff_client("support")
    for address in ("/admin/mails/words/", PAGE):
        assert support.get(address).status_code == 403
    assert send(support, "publish", after=1).status_code == 403
    assert staff_client().get("/admin/mails/words/nothing/").status_code == 404


def test_the_shops_own_words_published_change_nothing() -> None:
    order = paid()
    write_confirmation(order.pk)
    before = Mail.objects.get(order=order)
    publish_words("order_confirmed", OWN, after=0, note="", actor=None)
    write_confirmation((other := paid()).pk)
    after = Mail.objects.get(order=other)
    assert after.subject == before.subject.replace(order.number, other.number)
    assert after.text.splitlines()[:3] == before.text.splitlines()[:3]


def test_any_mail_is_sent_again_word_for_word_once_a_press() -> None:
    order = paid()
    write_confirmation(order.pk)
    run_jobs()
    letter = Mail.objects.get(order=order)
    desk = staff_client("support")
    address = f"/admin/checkout/mail/{letter.pk}/again/"
    assert "Send it again" in desk.get(f"/admin/checkout/mail/{letter.pk}/change/").text
    for _ in range(2):
        assert desk.post(address, {"key": "one"}).status_code == 303
    run_jobs()
    first, second = Mail.objects.filter(order=order).order_by("pk")
    assert (second.text, second.html, second.to, second.subject) == (first.text, first.html, first.to, first.subject)
    assert second.message_id != first.message_id
    assert second.sent_at is not None
    assert len(outbox.outbox) == 2
    told = OrderEvent.objects.filter(order=order, message__contains="sent again").get()
    assert told.actor_name == "support@shop.example"
    (check,) = [one for one in CHECKS if one.id == "I8.1"]
    assert run_check(check).violations == 0
    assert staff_client("warehouse").post(address, {"key": "two"}).status_code == 403


def test_a_mail_whose_text_is_gone_is_not_sent_again() -> None:
    forgotten = Mail.objects.create(kind="account", key="a", message_id="<a@b>", to="a@example.com", subject="Reset")
    with pytest.raises(NothingToSend):
        resend_mail(forgotten, key="k", actor=None)
