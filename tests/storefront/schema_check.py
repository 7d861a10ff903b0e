"""Check a document against a stored JSON Schema: the few keywords our schemas use, and no others."""

import json
import re
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "schemas"
KINDS = {
    "object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "number": (int, float), "null": type(None),
}  # fmt: skip
KNOWN = {
    "$schema", "$comment", "$defs", "$ref", "title", "type", "properties", "required", "additionalProperties", "items",
    "minItems", "enum", "const", "pattern", "minLength", "maxLength", "minimum", "maximum", "oneOf",
}  # fmt: skip


def load_schema(name: str) -> dict[str, Any]:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def find_problems(
    value: Any, schema: dict[str, Any], *, root: dict[str, Any] | None = None, at: str = "$"
) -> list[str]:
    """A sentence for each place that does not fit; an unknown keyword of the schema is an error of the test."""
    root = root if root is not None else schema
    unknown = set(schema) - KNOWN
    assert not unknown, f"the checker does not know {unknown}"
    if "$ref" in schema:
        return find_problems(value, root["$defs"][schema["$ref"].removeprefix("#/$defs/")], root=root, at=at)
    if "oneOf" in schema:
        tried = [find_problems(value, one, root=root, at=at) for one in schema["oneOf"]]
        return (
            []
            if sum(not one for one in tried) == 1
            else [f"{at}: fits not exactly one of {len(tried)}", *min(tried, key=len)]
        )
    kind = schema.get("type")
    if kind and (not isinstance(value, KINDS[kind]) or (isinstance(value, bool) and kind in ("integer", "number"))):
        return [f"{at}: {value!r} is no {kind}"]
    problems = []
    if "const" in schema and value != schema["const"]:
        problems.append(f"{at}: {value!r} is not {schema['const']!r}")
    if "enum" in schema and value not in schema["enum"]:
        problems.append(f"{at}: {value!r} is not one of {schema['enum']}")
    if isinstance(value, str):
        problems += _check_text(value, schema, at)
    if isinstance(value, (int, float)) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        problems.append(f"{at}: {value} is out of bounds")
    if isinstance(value, list):
        if len(value) < schema.get("minItems", 0):
            problems.append(f"{at}: too few")
        for number, one in enumerate(value):
            problems += find_problems(one, schema.get("items", {}), root=root, at=f"{at}[{number}]")
    if isinstance(value, dict):
        known = schema.get("properties", {})
        problems += [f"{at}: {name} is missing" for name in schema.get("required", ()) if name not in value]
        if schema.get("additionalProperties") is False:
            problems += [f"{at}: {name} is unknown" for name in value if name not in known]
        for name, one in value.items():
            problems += find_problems(one, known.get(name, {}), root=root, at=f"{at}.{name}")
    return problems


def _check_text(value: str, schema: dict[str, Any], at: str) -> list[str]:
    fits = re.search(schema.get("pattern", ""), value) is not None
    is_sized = schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value))
    return [] if fits and is_sized else [f"{at}: {value[:60]!r} does not fit {schema.get('pattern', 'the length')}"]
