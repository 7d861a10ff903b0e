"""The reviews desk: read, approve, reject."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from oscar.apps.catalogue.reviews.models import ProductReview
from unfold.contrib.filters.admin import RangeDateFilter
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminTextareaWidget

from checkout.reviews.replying import EmptyReply, reply_to_review
from shop.backoffice import badges
from shop.backoffice.acts import Act, PlainForm, show_act
from shop.backoffice.dressing import ReadOnlyDesk
from shop.backoffice.filters import WorkListFilter
from shop.backoffice.refusal import Refused
from shop.backoffice.review_judging import judge_reviews

WORDS = {
    ProductReview.FOR_MODERATION: "to approve",
    ProductReview.APPROVED: "approved",
    ProductReview.REJECTED: "rejected",
}
MODERATE = "backoffice.moderate_review"


class ReplyForm(PlainForm):
    text = forms.CharField(
        label="Answer",
        max_length=2000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 5}),
        help_text="Shown under the review, in the shop's name. Plain words: links and markup are taken out.",
        error_messages={"required": "Please write what you want to answer."},
    )


class ReviewDesk(ReadOnlyDesk):
    name = "Reviews"
    list_display = ("title", "show_product", "show_score", "show_body", "show_bought", "show_state", "date_created")
    list_filter = (WorkListFilter, "score", ("date_created", RangeDateFilter))
    list_select_related = ("product", "user", "bought", "reply")
    search_fields = ("title", "product__title")
    search_help_text = "Title of the review or of the product"
    ordering = ("-date_created", "-pk")
    actions = ("approve", "reject")
    actions_detail = ("approve_one", "reject_one", "answer_one")
    fields = (
        "show_product",
        "show_score",
        "title",
        "body",
        "show_author",
        "show_bought",
        "show_reply",
        "show_state",
        "date_created",
    )
    readonly_fields = ("show_product", "show_score", "show_author", "show_bought", "show_reply", "show_state")

    @display(description="Product", ordering="product__title")
    def show_product(self, review: ProductReview) -> str:
        return review.product.get_title() if review.product is not None else "a product that is gone"

    @display(description="Score", ordering="score")
    def show_score(self, review: ProductReview) -> str:
        return f"{review.score} of 5"

    @display(description="Says")
    def show_body(self, review: ProductReview) -> str:
        return review.body if len(review.body) <= 90 else f"{review.body[:90]}…"

    @display(description="By")
    def show_author(self, review: ProductReview) -> str:
        return review.reviewer_name or review.email

    @display(description="State", ordering="status", label=badges.REVIEW)
    def show_state(self, review: ProductReview) -> str:
        return WORDS[review.status]

    @display(description="Bought here", boolean=True)
    def show_bought(self, review: ProductReview) -> bool:
        """A fact of the order's books: no form of any page sets it."""
        return hasattr(review, "bought")

    @display(description="Our answer")
    def show_reply(self, review: ProductReview) -> str:
        return review.reply.text if hasattr(review, "reply") else ""

    def has_moderate_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(MODERATE)

    @action(description="Approve", permissions=["moderate"])
    def approve(self, request: HttpRequest, queryset: QuerySet[ProductReview]) -> None:
        self._judge(request, list(queryset.values_list("pk", flat=True)), approve=True)

    @action(description="Reject", permissions=["moderate"])
    def reject(self, request: HttpRequest, queryset: QuerySet[ProductReview]) -> None:
        self._judge(request, list(queryset.values_list("pk", flat=True)), approve=False)

    @action(description="Approve", permissions=["moderate"], url_path="approve", icon="check")
    def approve_one(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return self._ask(request, object_id, approve=True)

    @action(description="Reject", permissions=["moderate"], url_path="reject", icon="block")
    def reject_one(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return self._ask(request, object_id, approve=False)

    @action(description="Answer", permissions=["moderate"], url_path="answer", icon="reply")
    def answer_one(self, request: HttpRequest, object_id: int) -> HttpResponse:
        review = get_object_or_404(ProductReview.objects.select_related("reply"), pk=object_id)

        def do(data: Any) -> str:
            try:
                is_new = reply_to_review(review.pk, text=data["text"], actor=request.user)
            except EmptyReply as refusal:
                raise Refused(str(refusal)) from refusal
            return "The answer stands under the review." if is_new else "That answer stands there already."

        act = Act(
            title=f"Answer “{review.title}”",
            permission=MODERATE,
            sentences=[review.body, "The answer is shown with the review, to everybody."],
            button="Answer",
            do=do,
            back=reverse("admin:reviews_productreview_change", args=(review.pk,)),
            form=ReplyForm,
            initial={"text": self.show_reply(review)},
        )
        return show_act(request, self, act)

    def _judge(self, request: HttpRequest, ids: list[int], *, approve: bool) -> None:
        number = judge_reviews(ids, approve=approve, actor=request.user)
        verdict = "approved" if approve else "rejected"
        messages.success(request, f"{number} {'review is' if number == 1 else 'reviews are'} {verdict}.")

    def _ask(self, request: HttpRequest, object_id: int, *, approve: bool) -> HttpResponse:
        review = get_object_or_404(ProductReview.objects.select_related("product"), pk=object_id)

        def do(data: Any) -> str:
            judge_reviews([review.pk], approve=approve, actor=request.user)
            return f"The review is {'approved' if approve else 'rejected'}."

        act = Act(
            title=f"{'Approve' if approve else 'Reject'} “{review.title}”",
            permission=MODERATE,
            sentences=[
                "It appears on the product's page, and its score counts."
                if approve
                else "It is not shown, and its score does not count.",
                review.body,
            ],
            button="Approve" if approve else "Reject",
            do=do,
            back=reverse("admin:reviews_productreview_change", args=(review.pk,)),
        )
        return show_act(request, self, act)
