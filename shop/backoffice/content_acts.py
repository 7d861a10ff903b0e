"""The acts on a page or menu: publish now or later, stop showing, go back to a version."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone
from unfold.widgets import UnfoldAdminTextInputWidget

from catalog.content.models import Menu, Page, Showing, Version
from catalog.content.publishing import dead_links, end_showing, publish_draft, restore_version
from catalog.content.snapshot import copy_draft
from shop.backoffice.acts import Act, PlainForm
from shop.backoffice.instant_field import InstantField


class PublishForm(PlainForm):
    starts_at = InstantField(label="Show from", help_text="Empty: at once.")
    ends_at = InstantField(
        label="Until",
        help_text="Empty: until you publish something newer. Then what was before returns.",
    )
    note = forms.CharField(
        label="What changed",
        max_length=200,
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text="For the list of versions.",
    )


def build_publish(piece: Page | Menu, *, actor: Any) -> Act:
    def do(data: Mapping[str, Any]) -> str:
        showing = publish_draft(
            piece, actor=actor, starts_at=data["starts_at"], ends_at=data["ends_at"], note=data["note"]
        )
        if data["starts_at"] and showing.starts_at > timezone.now():
            return f"{piece} will be shown from {_tell(showing.starts_at)}."
        return f"{piece} is shown, as version {showing.version.number}."

    return _act(
        piece,
        title=f"Publish {piece}",
        sentences=[
            "Shoppers see the draft as it is saved now. What they saw before stays in the list of versions.",
            *dead_links(copy_draft(piece)),
        ],
        button="Publish",
        form=PublishForm,
        do=do,
    )


def build_end(piece: Page | Menu, *, actor: Any) -> Act:
    def do(data: Mapping[str, Any]) -> str:
        ended = end_showing(piece, actor=actor)
        return f"{piece} is not shown any more." if ended else f"{piece} was not shown and not scheduled."

    instead = (
        "The shop's own menu or nothing stands in its place."
        if isinstance(piece, Menu)
        else ("Its address answers that there is no such page; the home page arranges itself.")
    )
    return _act(
        piece,
        title=f"Stop showing {piece}",
        sentences=[f"What is shown and what is scheduled ends now. {instead}", "The draft and all versions stay."],
        button="Stop showing it",
        form=PlainForm,
        do=do,
    )


def build_restore(piece: Page | Menu, version: Version, *, actor: Any) -> Act:
    def do(data: Mapping[str, Any]) -> str:
        restore_version(piece, version=version, actor=actor)
        return f"The draft is version {version.number} again. Shoppers see it when you publish it."

    return _act(
        piece,
        title=f"Go back to version {version.number} of {piece}",
        sentences=[
            f"The draft becomes what {version.made_by} made on {_tell(version.made_at)}.",
            "The draft as it is now is kept as a version first. What shoppers see does not change yet.",
        ],
        button=f"Go back to version {version.number}",
        form=PlainForm,
        do=do,
    )


def tell_showings(showings: Iterable[Showing]) -> str:
    """`, shown from … until …` for each time."""
    return "".join(
        f", shown from {_tell(one.starts_at)}" + (f" until {_tell(one.ends_at)}" if one.ends_at else "")
        for one in showings
        if one.ends_at is None or one.ends_at > one.starts_at
    )


def _act(piece: Page | Menu, **words: Any) -> Act:
    model = type(piece)._meta.model_name
    return Act(
        permission=f"content.change_{model}", back=reverse(f"admin:content_{model}_change", args=(piece.pk,)), **words
    )


def _tell(instant: Any) -> str:
    return f"{timezone.localtime(instant):%-d %b %Y, %H:%M}"
