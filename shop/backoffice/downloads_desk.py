"""The downloads desk: what each buyer may fetch and has fetched; once more, or no more."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from unfold.decorators import action, display

from checkout.downloads.granting import renew_download, revoke_download
from checkout.downloads.records import Entitlement
from checkout.downloads.standing import DownloadEnded, check_standing
from shop.backoffice.acts import Act, ReasonForm, show_act
from shop.backoffice.dressing import ReadOnlyDesk

RENEW = "backoffice.renew_link"


class EntitlementDesk(ReadOnlyDesk):
    name = "Downloads"
    list_display = ("file", "title", "show_order", "show_used", "expires_at", "show_state")
    list_select_related = ("order", "file")
    list_filter = ("file",)
    search_fields = ("order__number", "order__guest_email", "file__name")
    search_help_text = "Order number, e-mail address or file"
    actions_detail = ("renew_one", "revoke_one")
    fields = ("file", "title", "show_order", "show_used", "show_uses", "expires_at", "show_state", "revoked_reason")
    readonly_fields = ("show_order", "show_used", "show_uses", "show_state")

    @display(description="Order", ordering="order__number")
    def show_order(self, right: Entitlement) -> str:
        return right.order.number

    @display(description="Downloaded")
    def show_used(self, right: Entitlement) -> str:
        return f"{right.used} of {right.allowed}"

    @display(description="When")
    def show_uses(self, right: Entitlement) -> str:
        moments = right.uses.order_by("pk").values_list("at", flat=True)
        return ", ".join(f"{at:%d %b %Y %H:%M} UTC" for at in moments) or "Not yet."

    @display(description="State")
    def show_state(self, right: Entitlement) -> str:
        try:
            check_standing(right.pk)
        except DownloadEnded as ended:
            return str(ended).partition(". ")[0].removesuffix(".")
        return "open"

    def has_renew_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(RENEW)

    @action(description="Allow it once more", permissions=["renew"], url_path="renew", icon="refresh")
    def renew_one(self, request: HttpRequest, object_id: int) -> HttpResponse:
        right = get_object_or_404(Entitlement.objects.select_related("file", "order"), pk=object_id)

        def do(data: Any) -> str:
            renew_download(right.pk, reason=data["reason"], actor=request.user)
            return f"{right.file} can be downloaded {right.downloads} more times, for {right.hours} hours."

        act = Act(
            title=f"Allow {right.file} once more",
            permission=RENEW,
            sentences=[
                f"{right.downloads} downloads within {right.hours} hours from now, under a new link: the old one ends.",
                "The customer finds it on the order's page; send the confirmation again to mail it.",
            ],
            button="Allow it once more",
            do=do,
            back=reverse("admin:checkout_entitlement_change", args=(right.pk,)),
            form=ReasonForm,
        )
        return show_act(request, self, act)

    @action(description="End it", permissions=["renew"], url_path="revoke", icon="block")
    def revoke_one(self, request: HttpRequest, object_id: int) -> HttpResponse:
        right = get_object_or_404(Entitlement.objects.select_related("file", "order"), pk=object_id)

        def do(data: Any) -> str:
            ended = revoke_download(right.pk, reason=data["reason"], actor=request.user)
            return f"{right.file} can no longer be downloaded." if ended else "It was ended before."

        act = Act(
            title=f"End the download of {right.file}",
            permission=RENEW,
            sentences=["The link gives nothing from now on. What was downloaded stays where it is; no money moves."],
            button="End it",
            do=do,
            back=reverse("admin:checkout_entitlement_change", args=(right.pk,)),
            form=ReasonForm,
        )
        return show_act(request, self, act)
