"""The architecture: what stands where, which seams Oscar finds, what no room may do."""

import ast
import subprocess
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import NoReverseMatch, reverse
from oscar.core.application import OscarConfig

ROOT = Path(__file__).resolve().parent.parent.parent
ROOMS = ("shop", "catalog", "inventory", "promotions", "shipping", "checkout")
TOP_LEVEL = {
    *ROOMS, "templates", "static", "tests", "docs", "manage.py", "pyproject.toml", "requirements.lock",
    "requirements-dev.lock", "Makefile", "Dockerfile", "docker-compose.yml", "README.md",
}  # fmt: skip
FORBIDDEN_NAMES = {"utils", "helpers", "common", "core", "services", "selectors", "constants", "signals", "misc"}

# A seam is a class of ours that Oscar finds by app label. Adding one adds a line here with its reason.
SEAMS = {
    "dashboard": ("shop.apps.NoDashboard", "Oscar asks for this label at start; its dashboard is not installed."),
    "checkout": ("checkout.apps.CheckoutConfig", "Oscar's checkout app has no tables; the label is ours."),
}


def _tracked() -> list[Path]:
    listing = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split(
        "\n"
    )
    if listing == [""]:
        return [path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file() and ".venv" not in path.parts]
    return [Path(name) for name in listing if name]


def _python_files() -> list[Path]:
    return [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")) if "migrations" not in path.parts]


def test_nothing_stands_beside_the_rooms() -> None:
    names = {path.parts[0] for path in _tracked() if not path.parts[0].startswith(".")}
    assert names <= TOP_LEVEL, f"not a room: {sorted(names - TOP_LEVEL)}"


def test_files_are_named_by_subject_not_by_kind() -> None:
    assert [str(path) for path in _python_files() if path.stem in FORBIDDEN_NAMES] == []


def test_no_file_outgrows_a_persons_memory() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in _python_files()
        if (lines := len(path.read_text().splitlines())) > 300
    }
    assert long == {}


def test_every_room_says_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in _python_files()
        if path.name == "__init__.py"
        and path.parent.name not in {"management", "commands", "templatetags"}
        and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert silent == []


def test_oscar_loads_exactly_the_seams_that_are_listed() -> None:
    ours = {
        config.label: f"{type(config).__module__}.{type(config).__qualname__}"
        for config in apps.get_app_configs()
        if isinstance(config, OscarConfig) and not type(config).__module__.startswith("oscar.")
    }
    assert ours == {label: path for label, (path, _) in SEAMS.items()}


def test_oscars_tables_are_oscars_own() -> None:
    labels = {"catalogue", "partner", "offer", "order", "basket", "voucher", "address", "wishlists", "payment"}
    foreign = [
        model._meta.label for label in labels for model in apps.get_app_config(label).get_models()
        if not model.__module__.startswith("oscar.")
    ]  # fmt: skip
    assert foreign == []


def test_no_dashboard_section_is_installed() -> None:
    assert [config.name for config in apps.get_app_configs() if ".dashboard." in config.name] == []


@pytest.mark.parametrize(
    "name", ["catalogue:index", "basket:summary", "customer:login", "search:search", "promotions:home"]
)
def test_oscars_pages_are_not_routed(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


MONEY = (
    "catalog/pricing", "catalog/kits", "catalog/personal", "checkout", "promotions", "shipping/rates", "shop/money.py",
    "inventory",
)  # fmt: skip
SECONDS = {"checkout/payments/turns.py", "inventory/management/commands/stock_as_of.py"}
"""Files in which a number with a point is a time, not money."""


@pytest.mark.feature("PR01")
def test_no_float_comes_near_money() -> None:
    """Neither the type, nor a literal, nor a column; and mypy takes no float where a Decimal is asked for."""
    found = []
    for place in MONEY:
        path = ROOT / place
        for file in [path] if path.is_file() else sorted(path.rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text())):
                name = str(file.relative_to(ROOT))
                is_type = isinstance(node, ast.Name) and node.id == "float"
                is_literal = isinstance(node, ast.Constant) and isinstance(node.value, float)
                is_field = isinstance(node, ast.Attribute) and node.attr == "FloatField"
                if (is_type or is_literal or is_field) and name not in SECONDS:
                    found.append(f"{name}:{node.lineno}")
    assert found == []


def test_nobody_imports_a_seam_or_asks_oscars_loader() -> None:
    banned = {"get_class", "get_classes", "get_model"}
    found = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file in _python_files()
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.ImportFrom)
        and node.module == "oscar.core.loading"
        and banned & {alias.name for alias in node.names}
    ]
    assert found == []


def test_no_file_names_a_package_index_or_a_path_of_a_machine() -> None:
    words = ["python" + "hosted", "pypi" + ".org", "npm" + "js", "deb." + "debian.org", "/wo" + "rk/"]
    found = []
    for path in _tracked():
        if path.suffix in {".png", ".webp", ".avif", ".svg", ".woff2", ".jpg"} or not (ROOT / path).is_file():
            continue
        text = (ROOT / path).read_text(errors="ignore")
        found += [f"{path}: {word}" for word in words if word in text]
    assert found == []
