"""Pages, the home page and menus: written as drafts with their blocks or entries, then published by an act."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat, Now
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from unfold.admin import StackedInline, TabularInline
from unfold.decorators import action, display

from catalog.content.models import HOME, Block, Menu, MenuEntry, Page, Showing, Version
from catalog.content.preview import preview_path
from shop.backoffice import content_acts as acts
from shop.backoffice.acts import show_act
from shop.backoffice.dressing import Desk
from shop.backoffice.sayings import SayingForm

MOST_VERSIONS = 30


class BlockLine(StackedInline):
    model = Block
    form = SayingForm
    extra = 0
    ordering_field = "position"
    raw_id_fields = ("picture",)
    fields = (
        ("kind", "title"),
        "text",
        ("link_url", "link_name"),
        ("picture", "picture_alt"),
        ("tint", "position", "is_shown"),
    )


class EntryLine(TabularInline):
    model = MenuEntry
    form = SayingForm
    extra = 1
    fields = ("position", "level", "name", "url")


class PieceDesk(Desk):
    """What pages and menus share: what is shown now, versions, and the acts."""

    form = SayingForm
    actions_detail = ("publish_one", "end_one")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """One question tells which rows are shown and which are waiting for their time."""
        subject = Concat(Value(f"{self.opts.model_name}:"), Cast(OuterRef("pk"), CharField()))
        showings = Showing.objects.filter(subject=subject).filter(Q(ends_at__isnull=True) | Q(ends_at__gt=Now()))
        rows = super().get_queryset(request)
        return rows.annotate(
            is_shown=Exists(showings.filter(starts_at__lte=Now())),
            is_waiting=Exists(showings.filter(starts_at__gt=Now())),
        )

    @display(description="State", label={"shown": "success", "scheduled": "warning", "draft": "info"})
    def show_state(self, piece: Any) -> str:
        if piece.is_shown:
            return "shown"
        return "scheduled" if piece.is_waiting else "draft"

    @display(description="Preview")
    def show_preview(self, piece: Any) -> str:
        if piece.pk is None:
            return "Save it first."
        return format_html(
            '<a class="desk-link" href="{}" target="_blank" rel="noopener">Preview of the draft (new tab)</a>'
            " Whoever has this link may look at it for a week.",
            preview_path(piece),
        )

    @display(description="Versions")
    def show_versions(self, piece: Any) -> str:
        """The newest first, each with when it was or will be shown, a preview and the way back to it."""
        if piece.pk is None:
            return "None yet."
        rows = list(Version.objects.filter(subject=piece.subject).prefetch_related("showings")[:MOST_VERSIONS])
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_restore"
        return (
            format_html_join(
                "",
                '<p>Version {}, {} by {}{}{}. <a class="desk-link" href="{}" target="_blank" rel="noopener">Look at it</a>'
                ' · <a class="desk-link" href="{}">Go back to it</a></p>',
                (
                    (
                        one.number,
                        f"{one.made_at:%-d %b %Y, %H:%M}",
                        one.made_by,
                        f" ({one.note})" if one.note else "",
                        acts.tell_showings(one.showings.all()),
                        preview_path(piece, version=one),
                        reverse(name, args=(one.pk,)),
                    )
                    for one in rows
                ),
            )
            or "None yet: it was never published."
        )

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_restore"
        view = self.admin_site.admin_view(self.restore)
        return [path("restore/<int:version_id>/", view, name=name), *super().get_urls()]

    def restore(self, request: HttpRequest, version_id: int) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        version = get_object_or_404(Version, pk=version_id)
        kind, _, key = version.subject.partition(":")
        piece = self._find(int(key) if kind == self.opts.model_name else 0)
        return show_act(request, self, acts.build_restore(piece, version, actor=request.user))

    @action(description="Publish", permissions=["change"], url_path="publish", icon="publish")
    def publish_one(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return show_act(request, self, acts.build_publish(self._find(object_id), actor=request.user))

    @action(description="Stop showing", permissions=["change"], url_path="end", icon="visibility_off")
    def end_one(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return show_act(request, self, acts.build_end(self._find(object_id), actor=request.user))

    def _find(self, object_id: int) -> Any:
        return get_object_or_404(self.opts.model, pk=object_id)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was said can be read again: a page stops being shown, it is not deleted."""
        return False


class PageDesk(PieceDesk):
    name = "Pages"
    list_display = ("title", "show_address", "show_state")
    search_fields = ("title", "slug")
    ordering = ("title", "pk")
    inlines = (BlockLine,)
    prepopulated_fields = {"slug": ("title",)}
    readonly_fields = ("show_preview", "show_versions")
    fields = (("title", "slug"), "lead", "description", "show_preview", "show_versions")

    @display(description="Address", ordering="slug")
    def show_address(self, page: Page) -> str:
        return page.path

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The home page has the address it has."""
        return (*self.readonly_fields, "slug") if obj is not None and obj.slug == HOME else self.readonly_fields

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, tuple[str, ...]]:
        return {} if obj is not None else {"slug": ("title",)}


class MenuDesk(PieceDesk):
    name = "Menus"
    list_display = ("__str__", "show_state")
    inlines = (EntryLine,)
    readonly_fields = ("show_preview", "show_versions")
    fields = ("place", "show_preview", "show_versions")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (*self.readonly_fields, "place") if obj is not None else self.readonly_fields


PIECES: dict[Any, type[PieceDesk]] = {Page: PageDesk, Menu: MenuDesk}
