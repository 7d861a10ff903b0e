"""Form bodies in, typed values out; everything the API does not know is refused as Stripe refuses it."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from shop.embedded.sandbox.currencies import CURRENCIES
from shop.embedded.sandbox.errors import ApiError, invalid_parameter, missing_parameter

Params = dict[str, Any]
Reader = Callable[[Any, str], Any]

MAX_DEPTH = 12
MAX_FIELDS = 5_000


def decode_form(text: str) -> Params:
    """`a[b][0][c]=1` becomes `{"a": {"b": [{"c": "1"}]}}`; leaves stay text."""
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    except ValueError:
        raise ApiError("The request body is not a valid form in UTF-8.", saved=False) from None
    tree: Params = {}
    for key, value in pairs:
        _insert(tree, key=key, value=value)
    return {name: _lists(branch) for name, branch in tree.items()}


def _insert(tree: Params, *, key: str, value: str) -> None:
    head, *rest = key.replace("]", "").split("[")
    path = [head, *rest]
    if not head or len(path) > MAX_DEPTH or "\x00" in key:
        raise ApiError(f"Invalid parameter name: {key[:60]!r}", saved=False)
    node = tree
    for step in path[:-1]:
        branch = node.setdefault(step, {})
        if not isinstance(branch, dict):
            raise invalid_parameter(f"Invalid {head}: both a value and an object were given.", param=head)
        node = branch
    last = path[-1] if path[-1] or len(path) == 1 else str(len(node))
    node[last] = value


def _lists(branch: Any) -> Any:
    if not isinstance(branch, dict):
        return branch
    if branch and all(key.isdigit() for key in branch):
        return [_lists(branch[key]) for key in sorted(branch, key=int)]
    return {key: _lists(value) for key, value in branch.items()}


def read(params: Mapping[str, Any], fields: Mapping[str, Reader], *, required: Iterable[str] = ()) -> Params:
    """Typed values of the given parameters only; an unknown or missing one is a 400 with its name.

    Each endpoint also accepts `expand`, which the server reads before.
    """
    unknown = [name for name in params if name not in fields and name != "expand"]
    if unknown:
        noun = "parameter" if len(unknown) == 1 else "parameters"
        raise ApiError(
            f"Received unknown {noun}: {', '.join(unknown)}", code="parameter_unknown", param=unknown[0], saved=False
        )
    for name in required:
        if params.get(name) in (None, ""):
            raise missing_parameter(name)
    return {name: fields[name](value, name) for name, value in params.items() if name != "expand"}


def text(value: Any, name: str, *, limit: int = 5_000) -> str | None:
    if not isinstance(value, str):
        raise invalid_parameter(f"Invalid string: {name} must be a string.", param=name)
    if len(value) > limit:
        raise invalid_parameter(f"Invalid string: {name} must be at most {limit} characters.", param=name)
    return value or None


def integer(value: Any, name: str) -> int | None:
    if value == "":
        return None
    try:
        return int(str(value)) if not isinstance(value, (dict, list)) else int("x")
    except ValueError:
        raise invalid_parameter(f"Invalid integer: {value}", param=name, code="parameter_invalid_integer") from None


def amount(value: Any, name: str) -> int:
    number = integer(value, name)
    if number is None or number < 1:
        raise invalid_parameter(
            "This value must be greater than or equal to 1.", param=name, code="parameter_invalid_integer"
        )
    if number > 99_999_999:
        raise invalid_parameter("Amount must be no more than 999,999.99.", param=name, code="amount_too_large")
    return number


def boolean(value: Any, name: str) -> bool:
    if str(value).lower() not in ("true", "false"):
        raise invalid_parameter(f"Invalid boolean: {value}", param=name)
    return str(value).lower() == "true"


def decimal(value: Any, name: str) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise invalid_parameter(f"Invalid decimal: {value}", param=name)
    return number


def currency(value: Any, name: str) -> str:
    code = str(value).lower()
    if code not in CURRENCIES:
        raise invalid_parameter(f"Invalid currency: {value}. It must be a three-letter ISO 4217 code.", param=name)
    return code


def url(value: Any, name: str) -> str | None:
    if value == "":
        return None
    try:
        parts = urlsplit(str(value))
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        valid = False
    if not valid:
        raise invalid_parameter("Not a valid URL", param=name, code="url_invalid")
    return str(value)


def email(value: Any, name: str) -> str | None:
    if value == "":
        return None
    local, _, domain = str(value).rpartition("@")
    if not local or "." not in domain or any(mark in str(value) for mark in " \n\r<>"):
        raise invalid_parameter(f"Invalid email address: {value}", param=name, code="email_invalid")
    return str(value)


def one_of(*allowed: str) -> Reader:
    def read_choice(value: Any, name: str) -> str | None:
        if value == "":
            return None
        if value not in allowed:
            raise invalid_parameter(f"Invalid {name}: must be one of {', '.join(allowed)}", param=name)
        return str(value)

    return read_choice


def metadata(value: Any, name: str) -> dict[str, str]:
    """Limits of https://docs.stripe.com/metadata; an empty value asks for the key's removal."""
    if value == "":
        return {}
    if not isinstance(value, dict) or any(not isinstance(item, str) for item in value.values()):
        raise invalid_parameter("Invalid metadata: it must be an object of strings.", param=name)
    if len(value) > 50 or any(len(key) > 40 or len(item) > 500 for key, item in value.items()):
        raise invalid_parameter("Metadata takes 50 keys of 40 characters and values of 500 characters.", param=name)
    return dict(value)


def merge_metadata(current: dict[str, str], changes: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in {**current, **changes}.items() if value != ""}


def table(value: Any, name: str) -> dict[str, Any]:
    if value == "":
        return {}
    if not isinstance(value, dict):
        raise invalid_parameter(f"Invalid object: {name}", param=name)
    return value


def texts(value: Any, name: str) -> list[str]:
    if value == "":
        return []
    if not isinstance(value, list) or any(not isinstance(item, str) for item in value):
        raise invalid_parameter(f"Invalid array: {name}", param=name)
    return value


def anything(value: Any, name: str) -> Any:
    return value
