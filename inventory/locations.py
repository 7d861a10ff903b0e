"""Find the place that a code names."""

from inventory.models import Location

DEFAULT_CODE = "main"


class UnknownLocation(LookupError):
    """No location has this code."""

    def __init__(self, code: str) -> None:
        known = ", ".join(Location.objects.values_list("code", flat=True)) or "none yet"
        super().__init__(
            f"There is no location {code!r}. Known locations: {known}. Add it under Stock, Locations, or correct the code."
        )


def default_location() -> Location:
    """Where stock goes when nobody says where: the active location that is asked first, made on first use."""
    first = Location.objects.filter(is_active=True).first()
    if first is not None:
        return first
    location, _ = Location.objects.get_or_create(code=DEFAULT_CODE, defaults={"name": "Main warehouse"})
    return location


def find_location(code: str) -> Location:
    """By code; an empty code stands for the default location. Raises UnknownLocation."""
    if not code:
        return default_location()
    location = Location.objects.filter(code=code).first()
    if location is None:
        raise UnknownLocation(code)
    return location
