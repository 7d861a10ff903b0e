"""Redirects that staff keep, and the addresses that were asked for in vain, each with the page that may be meant."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminTextInputWidget

from catalog.addresses.models import MissedAddress
from catalog.addresses.proposing import propose_targets
from catalog.addresses.redirecting import RedirectRefused, check_redirect, keep_redirect
from shop.audit.record import record_action
from shop.backoffice.acts import Act, show_act
from shop.backoffice.dressing import Desk, ReadOnlyDesk
from shop.redirects.models import PATH_LENGTH, Redirect
from shop.redirects.moves import remove_redirects

KEEP = "redirects.change_redirect"


class RedirectForm(forms.ModelForm):
    """The addresses are cleaned before they are compared with what is stored."""

    from_path = forms.CharField(
        label="Old address",
        max_length=PATH_LENGTH,
        widget=UnfoldAdminTextInputWidget,
        help_text="The path, for example /old-page or /shop.php?id=7.",
    )
    to_path = forms.CharField(
        label="Leads to",
        max_length=PATH_LENGTH,
        widget=UnfoldAdminTextInputWidget,
        help_text="A page of this shop, for example /p/blue-lamp/.",
    )

    class Meta:
        model = Redirect
        fields = ("from_path", "to_path")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "from_path" in data and "to_path" in data:
            try:
                move = check_redirect(from_path=data["from_path"], to_path=data["to_path"], pk=self.instance.pk)
            except RedirectRefused as refusal:
                self.add_error(refusal.field, str(refusal))
            else:
                data |= {"from_path": move.old, "to_path": move.new, "move": move}
        return data

    def _post_clean(self) -> None:
        """The database's rules are asked by `check_redirect`, with words."""


class RedirectDesk(Desk):
    form = RedirectForm
    list_display = ("from_path", "to_path", "reason", "created_at")
    search_fields = ("from_path", "to_path")
    search_help_text = "A part of either address"
    ordering = ("-pk",)
    fields = ("from_path", "to_path")
    actions_detail = ("end_one",)

    def save_model(self, request: HttpRequest, obj: Redirect, form: RedirectForm, change: bool) -> None:
        move = form.cleaned_data["move"]
        if change and form.initial["from_path"] != move.old:
            remove_redirects([form.initial["from_path"]])
        kept = keep_redirect(move, who=str(request.user))
        obj.pk, obj.from_path, obj.to_path = kept.pk, kept.from_path, kept.to_path

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A redirect is ended by an act that says what follows."""
        return False

    def has_keep_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(KEEP)

    @action(description="End this redirect", permissions=["keep"], url_path="end", icon="block")
    def end_one(self, request: HttpRequest, object_id: int) -> HttpResponse:
        redirect = get_object_or_404(Redirect, pk=object_id)

        def do(data: Any) -> str:
            remove_redirects([redirect.from_path])
            return f"{redirect.from_path} leads nowhere now."

        act = Act(
            title=f"End the redirect of {redirect.from_path}",
            permission=KEEP,
            sentences=[f"Visitors of {redirect.from_path} will be told that the page is not here."],
            button="End the redirect",
            do=do,
            back=reverse("admin:redirects_redirect_changelist"),
            action="end",
            subject=("redirect", f"{redirect.from_path} → {redirect.to_path}"[:80]),
        )
        return show_act(request, self, act)


class MissedDesk(ReadOnlyDesk):
    name = "Not found"
    list_display = ("path", "count", "first_at", "last_at", "show_proposal")
    list_display_links = None
    search_fields = ("path",)
    ordering = ("-count", "path")
    list_per_page = 50
    actions = ("forget",)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """One question proposes a target for every row of the page."""
        changes = super().get_changelist_instance(request)
        proposals = propose_targets(row.path for row in changes.result_list)
        for row in changes.result_list:
            row.proposal = proposals.get(row.path, "")
        return changes

    @display(description="May be meant")
    def show_proposal(self, row: MissedAddress) -> str:
        proposal = getattr(row, "proposal", "")
        query = urlencode({"from_path": row.path, **({"to_path": proposal} if proposal else {})})
        address = f"{reverse('admin:redirects_redirect_add')}?{query}"
        words = f"Redirect to {proposal}" if proposal else "Choose a target"
        return format_html('<a class="desk-link" href="{}">{}</a>', address, words)

    def has_keep_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(KEEP)

    @action(description="Take off this list", permissions=["keep"])
    def forget(self, request: HttpRequest, queryset: QuerySet[MissedAddress]) -> None:
        paths = list(queryset.values_list("path", flat=True))
        queryset.delete()
        record_action(
            action="forget", subject_type="missedaddress", subject_id=len(paths), actor=request.user,
            before={"paths": paths[:50]},
        )  # fmt: skip
        messages.success(request, f"{len(paths)} taken off the list. They come back when they are asked for again.")
