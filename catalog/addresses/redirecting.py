"""What staff may enter as a redirect: one step, to a page that is shown, from an address where nothing is."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.db import transaction

from catalog.addresses.missed import clean_missed
from catalog.addresses.models import MissedAddress
from catalog.addresses.moved import find_moved
from catalog.addresses.standing import Standing, standing_of
from shop.redirects.models import Redirect
from shop.redirects.moves import Move, add_redirects
from shop.redirects.paths import UnusablePath, clean_path, clean_target, same_page


class RedirectRefused(ValueError):
    """`field` is the one to look at again; the message is the sentence to show."""

    def __init__(self, sentence: str, *, field: str) -> None:
        super().__init__(sentence)
        self.field = field


def check_redirect(*, from_path: str, to_path: str, pk: int | None = None) -> Move:
    """The move in its clean form. `pk` is the redirect that is being changed. Raises RedirectRefused."""
    move = Move(old=_read(clean_path, from_path, "from_path"), new=_read(clean_target, to_path, "to_path"))
    target = same_page(move.new)
    others = Redirect.objects.exclude(pk=pk or 0)
    if move.old == target:
        raise RedirectRefused(
            f"{move.old} would lead to itself. Give the address that the page has now.", field="to_path"
        )
    if others.filter(from_path=move.old).exists():
        raise RedirectRefused(
            f"{move.old} leads somewhere already. Open that redirect and change it.", field="from_path"
        )
    onward = others.filter(from_path=target).values_list("to_path", flat=True).first()
    if onward is not None and same_page(onward) == move.old:
        raise RedirectRefused(
            f"{move.new} leads back to {move.old}: visitors would go in circles. End that redirect first.",
            field="to_path",
        )
    if onward is not None:
        raise RedirectRefused(
            f"{move.new} is itself redirected, to {onward}. Enter {onward}, so that visitors take one step.",
            field="to_path",
        )
    _check_ends(move)
    before = others.filter(to_path__in=(move.old, f"{move.old}/")).values_list("from_path", flat=True).first()
    if before is not None:
        raise RedirectRefused(
            f"{before} leads to {move.old}, which would then lead on. Send {before} to {move.new} first.",
            field="from_path",
        )
    return move


@transaction.atomic
def keep_redirect(move: Move, *, who: str) -> Redirect:
    """Write a checked move; it is then no longer listed among what was asked for in vain."""
    refused = add_redirects([move], reason=f"staff: {who}").refused
    if refused:
        raise RedirectRefused(refused[move.old], field="to_path")
    MissedAddress.objects.filter(path=clean_missed(move.old) or "").delete()
    return Redirect.objects.get(from_path=move.old)


def _check_ends(move: Move) -> None:
    if not urlsplit(move.old).query and standing_of(move.old) is Standing.SHOWN:
        raise RedirectRefused(
            f"A page of the shop lives at {move.old}, so nobody would ever be redirected. Enter an address that is gone.",
            field="from_path",
        )
    standing = standing_of(move.new)
    if standing is Standing.MOVED:
        raise RedirectRefused(
            f"{move.new} has moved to {find_moved(urlsplit(move.new).path)}. Enter that address.", field="to_path"
        )
    if standing is not Standing.SHOWN:
        raise RedirectRefused(
            f"The page at {move.new} {standing.value}. Give the address of a page that shoppers can open.",
            field="to_path",
        )


def _read(read: Callable[[str], str], text: str, field: str) -> str:
    try:
        return read(text)
    except UnusablePath as problem:
        raise RedirectRefused(str(problem), field=field) from problem
