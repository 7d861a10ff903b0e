"""Finds every lock that the code takes in the database, and turns; by the file and the function they stand in.

Locks between the threads of one process guard caches and tallies, no books: they are not looked for.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("catalog", "checkout", "inventory", "promotions", "shipping", "shop")
# Not the shop: the stand-in of the provider, and what starts the services of one machine.
ELSEWHERE = ("shop/embedded/",)
LOCKING_SQL = re.compile(
    r"\bFOR\s+(NO\s+KEY\s+)?UPDATE\b|\bFOR\s+(KEY\s+)?SHARE\b|\bpg_(try_)?advisory_(xact_)?lock|\bLOCK\s+TABLE\b", re.I
)
LOCKING_CALLS = {"select_for_update", "BoundedSemaphore", "Semaphore"}


def find_locks() -> list[str]:
    """`checkout/payments/refund.py: apply_refund`, sorted; SQL that stands in a constant goes by the constant's name."""
    return sorted({lock for room in ROOMS for file in sorted((ROOT / room).rglob("*.py")) for lock in _locks_in(file)})


def _locks_in(file: Path) -> Iterator[str]:
    path = file.relative_to(ROOT).as_posix()
    if "/migrations/" in path or path.startswith(ELSEWHERE):
        return
    text = file.read_text()
    if LOCKING_SQL.search(text) or any(f"{call}(" in text for call in LOCKING_CALLS):
        for name in _names_of_locks(ast.parse(text), owner=""):
            yield f"{path}: {name}"


def _names_of_locks(node: ast.AST, *, owner: str) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        inside = owner
        if isinstance(child, ast.FunctionDef | ast.ClassDef):
            inside = f"{owner}.{child.name}" if owner else child.name
        elif isinstance(child, ast.Assign | ast.AnnAssign) and not owner:
            target = child.targets[0] if isinstance(child, ast.Assign) else child.target
            inside = target.id if isinstance(target, ast.Name) else owner
        if _is_lock(child):
            yield owner or inside
        if not _is_docstring(child):
            yield from _names_of_locks(child, owner=inside)


def _is_lock(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and LOCKING_SQL.search(node.value) is not None
    if not isinstance(node, ast.Call):
        return False
    called = node.func
    name = called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""
    return name in LOCKING_CALLS


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
