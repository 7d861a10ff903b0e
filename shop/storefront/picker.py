"""The variant picker (templates/components/variant_picker.html): what is chosen, what goes with it, what is sold out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from catalog.variant_choice import Axis, Variant, VariantTable
from inventory.promises import Stock
from shop.storefront.colours import are_colours, hue_of

# Products whose variants have no axis are chosen by name; this is then the parameter.
BY_NAME: Final = "variant"

Units = Stock


@dataclass(frozen=True, slots=True, kw_only=True)
class PickerOption:
    """`note` says in words why an option is not available: `sold out`, `not in Large`."""

    value: str
    label: str
    colour: str
    is_chosen: bool
    is_available: bool
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PickerAxis:
    code: str
    label: str
    kind: str
    chosen: str
    options: list[PickerOption]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picker:
    """`chosen` None: the combination does not exist, and `sentence` says so."""

    axes: list[PickerAxis]
    chosen: Variant | None
    sentence: str


def build_picker(table: VariantTable, *, asked: Mapping[str, str], units: Units) -> Picker:
    """`asked` maps axis codes to values from the address; unknown ones are named in the sentence and passed over."""
    if not table.axes:
        return _pick_by_name(table, asked=asked, units=units)
    known = {axis.code: value for axis in table.axes if (value := asked.get(axis.code)) in axis.values}
    unknown = [asked[axis.code] for axis in table.axes if asked.get(axis.code) and axis.code not in known]
    chosen = _best_match(table, known, units)
    values = chosen.values if chosen else known
    sentence = ""
    if unknown:
        sentence = f"“{unknown[0][:40]}” is not one of the choices here."
    elif chosen is None:
        wanted = " and ".join(known.values())
        sentence = f"{wanted} is not made. Choose another combination."
    return Picker(
        axes=[_show_axis(table, axis, values=values, units=units) for axis in table.axes],
        chosen=chosen,
        sentence=sentence,
    )


def is_saleable(variant: Variant | None, units: Units) -> bool:
    return variant is not None and variant.price is not None and _units_of(variant, units) != 0


def _units_of(variant: Variant, units: Units) -> int | None:
    return units.get(variant.stock_record_id, 0) if variant.stock_record_id is not None else 0


def _best_match(table: VariantTable, known: Mapping[str, str], units: Units) -> Variant | None:
    """A variant with all the known values, one that can be bought before one that cannot."""
    fitting = [variant for variant in table if all(variant.values.get(code) == value for code, value in known.items())]
    return next((variant for variant in fitting if is_saleable(variant, units)), fitting[0] if fitting else None)


def _show_axis(table: VariantTable, axis: Axis, *, values: Mapping[str, str], units: Units) -> PickerAxis:
    others = [value for code, value in values.items() if code != axis.code]
    is_colour = are_colours(axis.code, [value for value in axis.values if value])
    options = []
    for value in axis.values:
        if not value:
            continue
        # With nothing chosen yet on another axis, any variant of this value will do.
        variant = _best_match(table, {**values, axis.code: value}, units)
        options.append(
            PickerOption(
                value=value,
                label=value,
                colour=hue_of(value) if is_colour else "",
                is_chosen=values.get(axis.code) == value,
                is_available=is_saleable(variant, units),
                note=_explain(variant, units=units, others=others),
            )
        )
    return PickerAxis(
        code=axis.code,
        label=axis.name,
        kind="swatch" if is_colour else "pill",
        chosen=values.get(axis.code, ""),
        options=options,
    )


def _explain(variant: Variant | None, *, units: Units, others: Sequence[str]) -> str:
    if variant is None:
        return f"not in {', '.join(others)}"
    if variant.price is None:
        return "not for sale"
    return "" if is_saleable(variant, units) else "sold out"


def _pick_by_name(table: VariantTable, *, asked: Mapping[str, str], units: Units) -> Picker:
    variants = list(table)
    if len(variants) < 2:
        return Picker(axes=[], chosen=table.only, sentence="")
    wanted = next((variant for variant in variants if str(variant.product_id) == asked.get(BY_NAME)), None)
    chosen = wanted or _best_match(table, {}, units)
    options = [
        PickerOption(
            value=str(variant.product_id),
            label=variant.title,
            colour="",
            is_chosen=variant is chosen,
            is_available=is_saleable(variant, units),
            note=_explain(variant, units=units, others=()),
        )
        for variant in variants
    ]
    axis = PickerAxis(
        code=BY_NAME, label="Variant", kind="pill", chosen=chosen.title if chosen else "", options=options
    )
    is_strange = bool(asked.get(BY_NAME)) and wanted is None
    return Picker(axes=[axis], chosen=chosen, sentence="That variant is not one of these." if is_strange else "")
