"""Searches that found nothing, each with words that would: staff accept one with a click, and the next shopper finds it."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from catalog.search.misses import dismiss_miss, list_misses
from catalog.search.synonyms import SynonymRefused, write_synonym
from shop.backoffice.acts import see_other

SEE = "catalog.view_searchmiss"
WRITE = "catalog.add_synonymgroup"


def show_misses(request: HttpRequest) -> HttpResponse:
    """POST `words` and `means` makes a synonym, POST `words` and `dismiss` takes the words off the list."""
    if not request.user.has_perm(SEE):
        raise PermissionDenied
    if request.method == "POST":
        return _act(request)
    context = {
        **admin.site.each_context(request),
        "title": "Searches without result",
        "misses": list_misses(),
        "may_write": request.user.has_perm(WRITE),
    }
    return TemplateResponse(request, "admin/search_misses.html", context)


def _act(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm(WRITE):
        raise PermissionDenied
    words, means = request.POST.get("words", "")[:200], request.POST.get("means", "")[:200]
    if "dismiss" in request.POST:
        dismiss_miss(words, actor=request.user)
        messages.success(request, f"“{words[:60]}” is off the list until somebody asks for it again.")
    else:
        try:
            group = write_synonym(terms=[words], means=means.split(","), actor=request.user)
        except SynonymRefused as refusal:
            messages.error(request, str(refusal))
        else:
            found = ", ".join(group.means)
            messages.success(request, f"Who types “{words[:60]}” now also finds “{found}”, from the next search on.")
    return see_other(reverse("admin:search_misses"))
