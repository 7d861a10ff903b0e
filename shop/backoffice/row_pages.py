"""Desks whose rows have a page of their own, with acts behind it."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse

from shop.backoffice.acts import Act, show_act
from shop.backoffice.dressing import Desk

DIGITS = 18
"""Every key of the database is shorter than 10 to the 18th."""


def read_key(typed: str) -> int:
    """A key as it stands in an address; 0, which no row has, for what is none."""
    return int(typed) if typed.isdecimal() and len(typed) <= DIGITS else 0


class RowPages(Desk):
    """`acts` by the word in their address, each built from the row, who asks, and the page to come back to.

    The pages are named `<act_prefix>_<word>`. `related` is what `show_row` and the acts read beside the row.
    """

    related: tuple[str, ...] = ()
    acts: ClassVar[Mapping[str, Callable[[Any, Any, str], Act]]] = {}
    act_prefix = ""

    def show_row(self, request: HttpRequest, row: Any) -> HttpResponseBase:
        raise NotImplementedError

    def find_row(self, object_id: str | int) -> Any:
        """Raises Http404, for what is no key as well."""
        return get_object_or_404(self.rows(), pk=read_key(str(object_id)))

    def rows(self) -> QuerySet[Any]:
        return self.model._default_manager.select_related(*(self.related or (None,)))

    def page_of(self, row: Any) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=(row.pk,))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.act_view)
        own = [
            path(f"<int:object_id>/{word}/", view, {"word": word}, name=f"{self.act_prefix}_{word}")
            for word in self.acts
        ]
        return [*own, *super().get_urls()]

    def act_view(self, request: HttpRequest, object_id: int, word: str) -> HttpResponseBase:
        row = self.find_row(object_id)
        return show_act(request, self, self.acts[word](row, request.user, self.page_of(row)))

    def change_view(  # type: ignore[override]
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return self.show_row(request, self.find_row(object_id))
