"""Writes docs/features.md from the `feature` markers: which test proves which row. `python -m tests.features_page`."""

import ast
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "features.md"
HEAD = """# Features and the tests that prove them

Made by `python -m tests.features_page` from the `feature` markers in `tests/`; do not edit by hand.

| row | proven by |
| --- | --- |
"""


def _rows_of(node: ast.expr) -> list[str]:
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "feature"
        and isinstance(node.func.value, ast.Attribute)
        and node.func.value.attr == "mark"
    ):
        return [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
    return []


def proofs() -> dict[str, list[str]]:
    """Row id → `folder/file.py::test`, from decorators and module-level `pytestmark`."""
    found: dict[str, list[str]] = defaultdict(list)
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        place = file.relative_to(ROOT).as_posix()
        tree = ast.parse(file.read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                for decorator in node.decorator_list:
                    for row in _rows_of(decorator):
                        found[row].append(f"`{place}` {node.name.removeprefix('test_').replace('_', ' ')}")
            elif isinstance(node, ast.Assign) and any(
                isinstance(target, ast.Name) and target.id == "pytestmark" for target in node.targets
            ):
                for part in ast.walk(node.value):
                    if isinstance(part, ast.expr):
                        for row in _rows_of(part):
                            found[row].append(f"`{place}` (whole file)")
    return found


def render() -> str:
    return HEAD + "".join(f"| {row} | {'<br>'.join(tests)} |\n" for row, tests in sorted(proofs().items()))


if __name__ == "__main__":
    PAGE.write_text(render())
    print(f"{PAGE.relative_to(ROOT)}: {len(proofs())} rows")
