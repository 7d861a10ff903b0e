"""The words of mails: which kinds there are, and the page on which one is written, looked at and published."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from checkout.orders.wording.looking_at import look_at
from checkout.orders.wording.publishing import KINDS, latest_wording, publish_words
from checkout.orders.wording.records import MailWording
from checkout.orders.wording.words import LONGEST, OWN, PLACES, BrokenWording, Words
from shop.backoffice.acts import see_other
from shop.backoffice.row_pages import read_key

WORD = "backoffice.word_mail"


class WordsForm(forms.Form):
    """What is wrong with the words is for the room to say; here only their size is bounded."""

    subject = forms.CharField(max_length=1000, required=False, widget=UnfoldAdminTextInputWidget)
    headline = forms.CharField(label="First line", max_length=1000, required=False, widget=UnfoldAdminTextInputWidget)
    sentence = forms.CharField(
        label="Below it", max_length=9000, required=False, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3})
    )
    closing = forms.CharField(
        label="At the end",
        max_length=9000,
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text="Below everything else; may stay empty.",
    )
    note = forms.CharField(
        label="What changed",
        max_length=250,
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text="For the list of versions and the audit log.",
    )
    after = forms.IntegerField(min_value=0, max_value=10**6, widget=forms.HiddenInput)

    def words(self) -> Words:
        return Words(**{name: self.cleaned_data[name].replace("\r\n", "\n") for name in LONGEST})


def list_kinds(request: HttpRequest) -> HttpResponse:
    _check(request)
    rows = [{"kind": kind, "name": name, "wording": latest_wording(kind)} for kind, name in KINDS.items()]
    return _page(request, "admin/mail_words.html", title="Words of mails", rows=rows)


def word_kind(request: HttpRequest, kind: str) -> HttpResponse:
    """POST `act=look` shows the mail, `act=publish` publishes it. `?version=3` begins with the words of that version."""
    _check(request)
    if kind not in KINDS:
        raise Http404("There is no such kind of mail.")
    form = WordsForm(request.POST) if request.method == "POST" else WordsForm(initial=_initial(request, kind))
    look: dict[str, Any] | None = None
    if request.method == "POST" and form.is_valid():
        try:
            if request.POST.get("act") == "publish":
                made = publish_words(
                    kind,
                    form.words(),
                    after=form.cleaned_data["after"],
                    note=form.cleaned_data["note"],
                    actor=request.user,
                )
                messages.success(request, f"Version {made.number} is published: the next mail has these words.")
                return see_other(reverse("admin:mail_word", args=(kind,)))
            words, html = look_at(kind, form.words())
            look = {"subject": words.subject, "html": html}
        except BrokenWording as broken:
            for name, problem in broken.problems.items():
                form.add_error(name, problem)
    return _page(
        request,
        "admin/mail_word.html",
        title=KINDS[kind],
        form=form,
        look=look,
        places=PLACES.items(),
        versions=MailWording.objects.filter(kind=kind).order_by("-number")[:50],
    )


def _initial(request: HttpRequest, kind: str) -> dict[str, Any]:
    latest = latest_wording(kind)
    wanted = MailWording.objects.filter(kind=kind, number=read_key(request.GET.get("version", "")) % 10**9).first()
    found = wanted or latest or OWN
    return {
        **{name: getattr(found, name) for name in LONGEST},
        "after": latest.number if latest is not None else 0,
    }


def _check(request: HttpRequest) -> None:
    if not request.user.has_perm(WORD):
        raise PermissionDenied


def _page(request: HttpRequest, template: str, *, title: str, **context: Any) -> HttpResponse:
    return TemplateResponse(request, template, {**admin.site.each_context(request), "title": title, **context})
