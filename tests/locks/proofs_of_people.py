"""Locks of baskets, codes, wish lists, reviews, alerts and accounts."""

import itertools
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest
from django.test import RequestFactory
from oscar.apps.basket.models import Basket
from oscar.apps.basket.models import Line as BasketLine
from oscar.apps.catalogue.reviews.models import ProductReview
from oscar.apps.wishlists.models import Line as WishLine

from checkout.accounts.history import claim_guest_orders
from checkout.accounts.models import User
from checkout.alerts.telling import tell_of_return
from checkout.basket.codes import add_code
from checkout.basket.finding import ensure_basket
from checkout.basket.lines import add_line, choose_product
from checkout.basket.merging import merge_baskets
from checkout.basket.records import WrongCode
from checkout.basket.throttle import LIMIT
from checkout.models import Alert, Mail, OrderEvent
from checkout.quote.clock import database_now
from checkout.reviews.replying import reply_to_review
from checkout.reviews.writing import Words, review_line, review_product
from checkout.wishlist.keeping import add_wishes
from shop.audit.models import AuditEntry
from shop.backoffice.review_judging import judge_reviews
from tests.checkout.made_up_payments import paid_order
from tests.locks.race import Proofs, Race
from tests.shopfloor import make_basket, make_order, make_product, record_of

PROOFS = Proofs()
WORDS = Words(score=5, title="Calm", body="It is as calm as they say.", name="Ada")
_serial = itertools.count(1)


def make_user() -> User:
    return User.objects.create_user(f"lock{next(_serial)}@example.com", password="calm-lamp-42")


def request_of(user: Any) -> HttpRequest:
    request = RequestFactory().post("/basket/add/1/")
    request.user = user or AnonymousUser()
    return request


def make_review(**fields: Any) -> ProductReview:
    return ProductReview.objects.create(
        product=make_product(), score=4, title="Calm", body="It is.", name="Ada", email="ada@example.com", **fields
    )


@PROOFS("checkout/basket/finding.py: ensure_basket", protects="an account has one open basket")
def two_first_clicks_of_one_account() -> Race:
    user = make_user()

    def click() -> Any:
        return ensure_basket(request_of(User.objects.get(pk=user.pk)))

    return Race(first=click, rival=click, is_broken=lambda *_: Basket.objects.filter(owner=user).count() != 1)


@PROOFS("checkout/basket/lines.py: _lock_open", protects="no addition to a basket is lost")
def two_additions_of_the_same_thing() -> Race:
    thing = make_product(stock=50)
    basket = make_basket(thing)

    def add() -> Any:
        return add_line(basket_id=basket.pk, wish=choose_product(thing.pk), quantity=1)

    return Race(first=add, rival=add, is_broken=lambda *_: BasketLine.objects.get(basket=basket).quantity != 3)


@PROOFS("checkout/basket/merging.py: merge_baskets", protects="what is added while baskets merge is not lost")
def an_addition_while_baskets_merge() -> Race:
    user, late = make_user(), make_product()
    guest, own = make_basket(make_product()), make_basket(make_product(), owner=user)

    def is_broken(_: Any, added: Any) -> bool:
        return isinstance(added, BasketLine) and not BasketLine.objects.filter(basket=own, product=late).exists()

    return Race(
        first=lambda: merge_baskets(source_id=guest.pk, target_id=own.pk, owner=user),
        rival=lambda: add_line(basket_id=guest.pk, wish=choose_product(late.pk), quantity=1),
        is_broken=is_broken,
    )


@PROOFS("checkout/basket/throttle.py: is_paused", protects="ten wrong codes are ten, however many come at once")
def two_last_tries_of_a_code() -> Race:
    basket = make_basket()
    source = f"basket:{basket.pk}"
    WrongCode.objects.bulk_create(WrongCode(source=source) for _ in range(LIMIT - 1))

    def guess() -> Any:
        return add_code(basket=basket, code="GUESS", customer_key="", sources=[source])

    return Race(first=guess, rival=guess, is_broken=lambda *_: WrongCode.objects.filter(source=source).count() != LIMIT)


@PROOFS("checkout/wishlist/keeping.py: add_wishes", protects="a thing is on an account's wish list once")
def two_clicks_on_one_wish() -> Race:
    user, thing = make_user(), make_product()

    def wish() -> Any:
        return add_wishes(user, [thing])

    return Race(first=wish, rival=wish, is_broken=lambda *_: WishLine.objects.filter(wishlist__owner=user).count() != 1)


@PROOFS(
    "checkout/reviews/writing.py: review_line", protects="a bought line is reviewed once, and the second is told so"
)
def two_reviews_of_one_line() -> Race:
    order = paid_order()
    line = order.lines.get()

    def write() -> Any:
        return review_line(line.pk, order_id=order.pk, words=WORDS)

    return Race(first=write, rival=write, is_broken=lambda *_: False)


@PROOFS(
    "checkout/reviews/writing.py: _free_author",
    protects="an account writes one unbought review of a thing, the second is told so",
)
def two_reviews_of_one_account() -> Race:
    user, thing = make_user(), make_product()

    def write() -> Any:
        return review_product(thing, user=user, words=WORDS)

    return Race(first=write, rival=write, is_broken=lambda *_: False)


@PROOFS("checkout/reviews/replying.py: reply_to_review", protects="the log of answers says what each one replaced")
def two_answers_to_one_review() -> Race:
    review, ann = make_review(), make_user()

    def is_broken(*_: Any) -> bool:
        entries = AuditEntry.objects.filter(subject_type="productreview", subject_id=str(review.pk))
        return sum(one.before == {"reply": ""} for one in entries) != 1

    return Race(
        first=lambda: reply_to_review(review.pk, text="Thank you.", actor=ann),
        rival=lambda: reply_to_review(review.pk, text="Thanks a lot.", actor=ann),
        is_broken=is_broken,
    )


@PROOFS("shop/backoffice/review_judging.py: judge_reviews", protects="a review is judged once")
def two_judges_of_one_review() -> Race:
    review, ann = make_review(status=ProductReview.FOR_MODERATION), make_user()

    def judge() -> int:
        return judge_reviews([review.pk], approve=True, actor=ann)

    return Race(first=judge, rival=judge, is_broken=lambda *answers: sum(answers) != 1)


@PROOFS("checkout/alerts/telling.py: _one_at_a_time", protects="who waits hears once")
def two_events_of_one_return() -> Race:
    record = record_of(make_product(stock=1))
    to = f"lock{next(_serial)}@example.org"
    Alert.objects.create(kind=Alert.Kind.BACK, stock_record=record, email=to)
    since = database_now()

    def tell() -> int:
        return tell_of_return([record.pk], since=since)

    def is_broken(*answers: Any) -> bool:
        return sum(answers) != 1 or Mail.objects.filter(to=to).count() != 1

    return Race(first=tell, rival=tell, is_broken=is_broken)


@PROOFS("checkout/accounts/history.py: claim_guest_orders", protects="a guest order is put into an account once")
def two_claims_of_one_order() -> Race:
    user = make_user()
    with transaction.atomic():
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    order = make_order(email=user.email)

    def claim() -> int:
        return claim_guest_orders(user)

    def is_broken(*answers: Any) -> bool:
        return sum(answers) != 1 or OrderEvent.objects.filter(order=order, kind="edit").count() != 1

    return Race(first=claim, rival=claim, is_broken=is_broken)
