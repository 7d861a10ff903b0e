"""What a batch of rows would change: rows are matched by handle and SKU, laid over what the shop holds, and compared."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

from catalog.importing.merge_product import Given, MergeContext
from catalog.importing.merge_row import merge_row, settle_attributes, settle_publication
from catalog.importing.merge_sku import AttributesGiven
from catalog.importing.rows import ProductRow, RowError, UnreadableCell
from catalog.importing.snapshot import Snapshot
from catalog.importing.states import ProductState, SkuState, read_fields

Outcome = Literal["created", "updated", "unchanged", "failed"]
Fields = dict[str, tuple[Any, Any]]
State = ProductState | SkuState
Merged = tuple[ProductRow, SkuState | None, SkuState, AttributesGiven]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowChange:
    """What becomes of one row. `fields` maps a name to (old, new); for a created row every old value is None."""

    line: int
    handle: str
    sku: str
    outcome: Outcome
    fields: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    error: RowError | None = None


@dataclass(slots=True, kw_only=True)
class Change:
    """From one state to another; `before` None creates, `after` None removes."""

    before: Any
    after: Any
    _fields: Fields | None = None

    @property
    def fields(self) -> Fields:
        """Names of what differs, with old and new value. Asked for only once `after` is settled."""
        if self._fields is None:
            self._fields = {} if self.after is None else list_changes(self.before, self.after)
        return self._fields

    @property
    def differs(self) -> bool:
        return self.before is None or self.after is None or bool(self.fields)


class ToldFields(Mapping[str, tuple[Any, Any]]):
    """The fields of changes, put together when somebody asks: of what is new it is known beforehand that it differs."""

    def __init__(self, changes: Sequence[Change]) -> None:
        self._changes = changes

    @cached_property
    def _fields(self) -> Fields:
        return _unite(self._changes)

    def __getitem__(self, name: str) -> tuple[Any, Any]:
        return self._fields[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)


@dataclass(slots=True)
class Plan:
    rows: list[RowChange] = field(default_factory=list)
    products: list[Change] = field(default_factory=list)
    skus: list[Change] = field(default_factory=list)


def make_plan(rows: Iterable[ProductRow], *, snapshot: Snapshot, context: MergeContext) -> Plan:
    """Rows are changed in file order; the first row of a handle carries the changes of its product."""
    plan = Plan()
    groups: dict[str, list[ProductRow]] = {}
    for row in rows:
        groups.setdefault(row.handle, []).append(row)
    for group in groups.values():
        _plan_product(group, plan=plan, snapshot=snapshot, context=context)
    plan.rows.sort(key=lambda row: row.line)
    return plan


def list_changes(before: State | None, after: State) -> Fields:
    """Fields that differ, with old and new value; everything when there was nothing before."""
    new = read_fields(after)
    if before is None:
        return {name: (None, value) for name, value in new.items()}
    old = read_fields(before)
    if old == new:
        return {}
    return {
        name: (old[name], value)
        for name, value in new.items()
        if old[name] != value and not _is_same(name, old[name], value)
    }


def _unite(changes: Sequence[Change]) -> Fields:
    return {name: pair for change in changes for name, pair in change.fields.items()}


def _is_same(name: str, old: Any, new: Any) -> bool:
    if name == "categories":
        return _fold(old) == _fold(new)
    if name == "stock":
        return {code: units for code, units in old.items() if units} == {
            code: units for code, units in new.items() if units
        }
    return bool(old == new)


def _fold(paths: Iterable[Sequence[str]]) -> set[tuple[str, ...]]:
    return {tuple(name.casefold() for name in path) for path in paths}


def _plan_product(group: list[ProductRow], *, plan: Plan, snapshot: Snapshot, context: MergeContext) -> None:
    handle = group[0].handle
    before = snapshot.products.get(handle)
    product = before.clone_with_skus() if before else ProductState(id=None, handle=handle, published=False)
    merged: list[Merged] = []
    given: Given = {}
    for row in group:
        try:
            if handle in snapshot.ambiguous:
                reason = "Two products of the shop have this handle. Give one of them another one in the back office."
                raise UnreadableCell(column="handle", value=handle, reason=reason)
            was, now, said = merge_row(row, product=product, given=given, snapshot=snapshot, context=context)
        except UnreadableCell as error:
            problem = error.at_line(row.line)
            plan.rows.append(RowChange(line=row.line, handle=handle, sku=row.sku, outcome="failed", error=problem))
        else:
            product.skus[row.sku] = now
            merged.append((row, was, now, said))
    if merged:
        settle_attributes([(now, said) for _, _, now, said in merged], product=product)
        settle_publication([(row, now) for row, _, now, _ in merged], product=product)
        _add_changes(merged, before=before, product=product, plan=plan)


def _add_changes(merged: list[Merged], *, before: ProductState | None, product: ProductState, plan: Plan) -> None:
    of_product = Change(before=before, after=product)
    plan.products.append(of_product)
    of_skus = {
        now.sku: Change(before=before.skus.get(now.sku) if before else None, after=now) for _, _, now, _ in merged
    }
    plan.skus += of_skus.values()
    for number, (row, was, now, _) in enumerate(merged):
        whole = of_skus[now.sku]
        is_whole = whole.after is now and (was is None) == (whole.before is None) and len(of_skus) == len(merged)
        own = whole if is_whole else Change(before=was, after=now)
        told = [own, of_product] if number == 0 else [own]
        fields = ToldFields(told) if was is None else _unite(told)
        outcome: Outcome = "created" if was is None else "updated" if fields else "unchanged"
        plan.rows.append(RowChange(line=row.line, handle=row.handle, sku=row.sku, outcome=outcome, fields=fields))


def look_up_handles(rows: list[ProductRow], *, snapshot: Snapshot) -> tuple[list[ProductRow], list[str]]:
    """Rows with their handles, and the SKUs of rows that have none and are unknown to the shop."""
    known, unknown = [], []
    for row in rows:
        if row.handle:
            known.append(row)
        elif row.sku in snapshot.skus:
            known.append(replace(row, handle=snapshot.skus[row.sku].handle))
        else:
            unknown.append(row.sku)
    return known, unknown
