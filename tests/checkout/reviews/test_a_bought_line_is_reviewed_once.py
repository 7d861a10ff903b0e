"""Verified means bought: one review for each bought line, through the order's link or signed in; no form can say so."""

import threading
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from oscar.apps.catalogue.reviews.models import ProductReview
from oscar.apps.order.models import Line, Order

from catalog.search.index import refresh_documents
from catalog.search.records import SearchDocument
from checkout.accounts.models import User
from checkout.models import ReviewedLine, ReviewReply
from checkout.orders.access import order_path, token_of
from checkout.orders.cancel import cancel_order
from checkout.reviews.replying import reply_to_review
from checkout.reviews.writing import CannotReview, Words, review_line, review_product
from shop.backoffice.review_judging import judge_reviews
from shop.doctor.checks import registered_checks, run_check
from tests.checkout.till import Till, run_jobs
from tests.shopfloor import make_order, make_product, make_variants

pytestmark = [pytest.mark.feature("SF09")]
SAID = {"score": "4", "title": "Soft light", "body": "It is dim enough to read by.", "name": "Ada"}
WORDS = Words(score=4, title="Soft light", body="It is dim enough to read by.", name="Ada")


def bought(till: Till, *things: Any, **fields: Any) -> Order:
    order = make_order(*things, **fields)
    till.pay(order)
    till.deliver()
    run_jobs()
    return Order.objects.get(pk=order.pk)


def review_complaints() -> list[str]:
    found = [run_check(check) for check in registered_checks() if check.id.startswith("I13.")]
    return [finding.check.name for finding in found if finding.violations]


@pytest.fixture
def customer(db: None) -> User:
    return User.objects.create_user(email="ada@example.com", password="calm-lamp-42")


@pytest.mark.django_db
def test_a_guest_reviews_through_the_orders_link_and_is_marked_as_a_buyer(client: Client, till: Till) -> None:
    lamp = make_product("Moon lamp")
    refresh_documents([lamp.pk])
    order = bought(till, (lamp, 2))
    page = order_path(token_of(order.pk))
    line = Line.objects.get(order=order)
    assert f"{page}review/{line.pk}/" in client.get(page).text
    assert "Moon lamp" in client.get(f"{page}review/{line.pk}/").text
    answer = client.post(f"{page}review/{line.pk}/", SAID)
    assert (answer.status_code, answer["Location"]) == (303, page)
    review = ProductReview.objects.get()
    assert (review.status, review.product, review.bought.line) == (ProductReview.FOR_MODERATION, lamp, line)
    assert "Soft light" not in client.get(f"/p/{lamp.slug}/").text
    judge_reviews([review.pk], approve=True, actor=None)
    shown = client.get(f"/p/{lamp.slug}/").text
    assert "Soft light" in shown
    assert "Bought here" in shown
    assert "ada@example.com" not in shown
    document = SearchDocument.objects.get(product=lamp)
    assert (document.rating, document.rating_count) == (4, 1)
    assert "review/" not in client.get(page).text
    assert review_complaints() == []


@pytest.mark.django_db
def test_the_same_line_is_refused_the_second_time_with_a_sentence(client: Client, till: Till) -> None:
    order = bought(till, make_product())
    line = Line.objects.get(order=order)
    review_line(line.pk, order_id=order.pk, words=WORDS)
    with pytest.raises(CannotReview, match="already"):
        review_line(line.pk, order_id=order.pk, words=WORDS)
    address = f"{order_path(token_of(order.pk))}review/{line.pk}/"
    assert client.get(address).status_code == 303
    assert client.post(address, SAID).status_code == 303
    assert ProductReview.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        other = ProductReview.objects.create(
            product=line.product, score=1, title="x", body="y", name="z", email="z@z.z"
        )
        ReviewedLine.objects.create(review=other, line=line)


@pytest.mark.django_db(transaction=True)
def test_ten_clicks_at_once_make_one_review(till: Till) -> None:
    order = bought(till, make_product())
    line = Line.objects.get(order=order)
    refused: list[str] = []

    def click() -> None:
        try:
            review_line(line.pk, order_id=order.pk, words=WORDS)
        except CannotReview as refusal:
            refused.append(str(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _ in range(10)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert ProductReview.objects.count() == ReviewedLine.objects.count() == 1
    assert len(refused) == 9


@pytest.mark.django_db
def test_two_purchases_of_an_account_are_two_reviews_and_a_third_needs_a_third_purchase(
    till: Till, customer: User
) -> None:
    cushion, children = make_variants("Cushion", values=["Sage", "Clay"])
    bought(till, children["Sage"], owner=customer)
    bought(till, children["Clay"], owner=customer)
    first = review_product(cushion, user=customer, words=WORDS)
    second = review_product(children["Clay"], user=customer, words=WORDS)
    assert [one.product for one in (first, second)] == [cushion, cushion]
    assert ReviewedLine.objects.count() == 2
    with pytest.raises(CannotReview, match="one review for each purchase"):
        review_product(cushion, user=customer, words=WORDS)
    assert review_complaints() == []


@pytest.mark.django_db
def test_no_form_makes_a_review_verified(client: Client, customer: User, till: Till) -> None:
    lamp = make_product("Moon lamp")
    refresh_documents([lamp.pk])
    client.force_login(customer)
    forged = {"verified": "1", "is_verified": "on", "was_bought": "true", "bought": "1", "line": "1", "status": "1"}
    answer = client.post(f"/account/review/{lamp.pk}/", {**SAID, **forged, "user": "1", "product": "99"})
    assert answer.status_code == 303
    review = ProductReview.objects.get()
    assert (review.status, review.product, review.user) == (ProductReview.FOR_MODERATION, lamp, customer)
    assert not ReviewedLine.objects.exists()
    judge_reviews([review.pk], approve=True, actor=None)
    assert '<span class="bought">' not in client.get(f"/p/{lamp.slug}/").text
    client.post(f"/account/review/{lamp.pk}/", SAID)
    assert ProductReview.objects.count() == 1


@pytest.mark.django_db
def test_a_line_of_another_order_or_an_unpaid_one_opens_nothing(client: Client, till: Till) -> None:
    mine, other = bought(till, make_product()), bought(till, make_product(), email="bob@example.com")
    foreign = Line.objects.get(order=other)
    page = order_path(token_of(mine.pk))
    assert client.post(f"{page}review/{foreign.pk}/", SAID).status_code == 404
    assert client.get(f"/order/wrong/review/{foreign.pk}/").status_code == 404
    waiting = make_order(make_product())
    line = Line.objects.get(order=waiting)
    assert "review/" not in client.get(order_path(token_of(waiting.pk))).text
    with pytest.raises(CannotReview, match="not paid"):
        review_line(line.pk, order_id=waiting.pk, words=WORDS)
    cancel_order(mine.pk, reason="test", actor_name="tests")
    with pytest.raises(CannotReview, match="cancelled"):
        review_line(Line.objects.get(order=mine).pk, order_id=mine.pk, words=WORDS)
    assert client.get(f"/account/review/{line.product_id}/").status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("score", "", "Please choose one to five stars."),
        ("score", "6", "Please choose one to five stars."),
        ("title", "", "Please give it a short title"),
        ("body", "short", "at least 10 characters"),
        ("body", "x" * 3001, "3000"),
        ("name", "a\x00b", "Null characters"),
    ],
)
def test_what_cannot_be_read_is_said_beside_its_field_and_nothing_is_lost(
    client: Client, till: Till, field: str, value: str, sentence: str
) -> None:
    order = bought(till, make_product())
    line = Line.objects.get(order=order)
    answer = client.post(f"{order_path(token_of(order.pk))}review/{line.pk}/", {**SAID, field: value})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'role="alert"' in answer.text
    assert 'href="#id_' in answer.text
    assert ProductReview.objects.count() == 0
    if field != "body":
        assert SAID["body"] in answer.text


@pytest.mark.django_db
def test_the_shop_answers_and_the_answer_is_audited_and_shown(client: Client, till: Till) -> None:
    from shop.audit.models import AuditEntry

    lamp = make_product("Moon lamp")
    refresh_documents([lamp.pk])
    order = bought(till, lamp)
    review = review_line(Line.objects.get(order=order).pk, order_id=order.pk, words=WORDS)
    judge_reviews([review.pk], approve=True, actor=None)
    assert reply_to_review(review.pk, text="Thank <b>you</b>, Ada.", actor=None) is True
    assert reply_to_review(review.pk, text="Thank you, Ada.", actor=None) is False
    assert ReviewReply.objects.get().text == "Thank you, Ada."
    assert AuditEntry.objects.filter(action="answer review").count() == 1
    assert "Thank you, Ada." in client.get(f"/p/{lamp.slug}/").text


@pytest.mark.django_db
def test_the_doctor_sees_a_rating_that_differs_and_a_forged_proof(till: Till) -> None:
    lamp, other = make_product("Moon lamp"), make_product("Vase")
    refresh_documents([lamp.pk, other.pk])
    order = bought(till, lamp)
    review = review_line(Line.objects.get(order=order).pk, order_id=order.pk, words=WORDS)
    judge_reviews([review.pk], approve=True, actor=None)
    assert review_complaints() == []
    SearchDocument.objects.filter(product=lamp).update(rating="5.00")
    assert review_complaints() == ["Ratings on cards and pages are the average of the approved reviews"]
    refresh_documents([lamp.pk])
    ProductReview.objects.filter(pk=review.pk).update(product=other)
    assert "Each review marked as bought belongs to a paid line of that product" in review_complaints()
