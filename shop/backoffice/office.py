"""The admin site: its door, its content policy, its home, and the rule that every page wears the house's clothes."""

from collections.abc import Callable
from functools import partial, update_wrapper
from typing import Any

from django.contrib.auth import logout
from django.core.paginator import EmptyPage
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.functional import SimpleLazyObject
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin
from unfold.sites import UnfoldAdminSite

from shop.backoffice import gate

CONTENT_POLICY = {
    # Alpine reads its expressions from attributes, and Unfold sets its colours in a style element.
    "script-src": ["'self'", "'unsafe-eval'"],
    "style-src": ["'self'", "'unsafe-inline'"],
}
NOT_STAFF = "This page is for the people who run the shop. Your account is a customer's account."


class BackofficeSite(UnfoldAdminSite):
    """Refuses registrations that do not come from Unfold, so that no page shows another admin's look."""

    site_title = "Back office"
    index_title = "Today"
    enable_nav_sidebar = True

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        if admin_class is not None and issubclass(admin_class, ModelAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def unregister(self, model_or_iterable: Any) -> None:
        models = [model_or_iterable] if isinstance(model_or_iterable, type) else model_or_iterable
        super().unregister([model for model in models if self.is_registered(model)])

    def has_permission(self, request: HttpRequest) -> bool:
        return gate.may_enter(request)

    def admin_view(self, view: Callable[..., HttpResponse], cacheable: bool = False) -> Callable[..., HttpResponse]:
        """Every page of the site comes through here."""

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not self.has_permission(request):
                return self._turn_away(request)
            response = view(request, *args, **kwargs)
            response._csp_replace = CONTENT_POLICY  # type: ignore[attr-defined]
            return response

        if not cacheable:
            guarded = never_cache(guarded)
        if not getattr(view, "csrf_exempt", False):
            guarded = csrf_protect(guarded)
        return update_wrapper(guarded, view)

    def _turn_away(self, request: HttpRequest) -> HttpResponse:
        first = gate.way_in(request)
        if first:
            return redirect(first)
        return render(request, "admin/not_staff.html", {"sentence": NOT_STAFF}, status=403)

    def get_urls(self) -> list[URLPattern]:
        from shop.backoffice.pages import extra_pages

        extra = [path(address, self.admin_view(view), name=name) for address, name, view in extra_pages()]
        return extra + super().get_urls()

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        """Looked up when somebody reads it. No page of this site does, and it took a third of the time of each."""
        return SimpleLazyObject(partial(super().get_app_list, request, app_label))

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """There is one sign-in in the shop, with its throttle and its second factor."""
        target = request.GET.get("next", "") or reverse("admin:index")
        if not target.startswith("/admin/"):
            target = reverse("admin:index")
        return HttpResponseRedirect(gate.with_next(reverse("account_login"), target))

    @method_decorator(never_cache)
    def logout(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return _sign_out(request)

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return redirect("account_change_password")

    def password_change_done(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return redirect("account_change_password")

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        from shop.backoffice.home import present_home

        context = {**self.each_context(request), "title": "Today", "home": present_home(request.user)}
        request.current_app = self.name  # type: ignore[attr-defined]
        return TemplateResponse(request, "admin/index.html", {**context, **(extra_context or {})})

    def search(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Unfold's search counts its pages from a number in the address; anything else shows nothing."""
        page = request.GET.get("page", "1")
        if not (page.isdecimal() and len(page) < 6):
            return HttpResponse()
        try:
            return super().search(request, extra_context)
        except EmptyPage:
            return HttpResponse()

    def app_index(self, request: HttpRequest, app_label: str, extra_context: Any = None) -> HttpResponse:
        """The menu is arranged by work; a list of tables by application helps nobody."""
        return redirect("admin:index")


@require_POST
def _sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("account_login")
