"""The one question about moved addresses."""

from shop.redirects.models import Redirect
from shop.redirects.paths import UnusablePath, as_address, clean_path


def resolve_redirect(path: str) -> str | None:
    """Where `path` (with or without a query) lives now, ready for a Location header; None when it never moved.

    One query. An address with exactly this query goes before the bare path; what the bare path does not use of the
    query (a campaign's mark, say) is handed on.
    """
    try:
        asked = clean_path(path)
        bare, _, query = asked.partition("?")
    except UnusablePath:
        return None
    found = dict(Redirect.objects.filter(from_path__in=[asked, bare]).values_list("from_path", "to_path"))
    if asked in found:
        return as_address(found[asked])
    if bare not in found:
        return None
    target = found[bare]
    return as_address(target if "?" in target else f"{target}?{query}")
