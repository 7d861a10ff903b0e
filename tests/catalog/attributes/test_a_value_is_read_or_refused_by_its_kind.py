"""Twelve kinds of value; what is written wrong is refused with the same sentence at the form and in a file."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from oscar.apps.catalogue.models import (
    AttributeOption,
    AttributeOptionGroup,
    Product,
    ProductAttribute,
    ProductAttributeValue,
    ProductClass,
)

from catalog.attributes.changing import NewRule, RuleRefused, close_class, set_rule
from catalog.attributes.reading import WrongValue, find_rule, read_value
from catalog.attributes.records import Kind, oscar_type
from catalog.attributes.rules import Rule, rules_of
from catalog.attributes.storing import text_of
from catalog.importing.apply import import_file
from catalog.importing.export import export_products
from catalog.importing.import_work import ImportOptions
from catalog.models import SearchDocument
from catalog.search.index import refresh_documents
from catalog.search.query import Query, find_products
from shop.outbox.models import OutboxEvent
from shop.outbox.relay import handle_event
from tests.backoffice.desk import staff_client
from tests.backoffice.test_a_product_is_kept_on_one_page import save
from tests.shopfloor import make_product, make_product_class, record_of

pytestmark = pytest.mark.django_db

# kind, what is written, its canonical text, what is refused, words of the refusal
CASES = [
    ("text", "Brass", "Brass", "x" * 10_001, "has 10001 characters; 10000 are the most"),
    ("richtext", "A long story", "A long story", "x" * 10_001, "has 10001 characters"),
    ("integer", "+42", "42", "tall", "“tall” is not a whole number, which Fact expects. Write for example 12."),
    ("float", "12,5", "12.5", "1,500", "“1,500” is not a number that Fact can hold. Is it 1500 or 1.500?"),
    ("boolean", "ja", "Yes", "maybe", "“maybe” is neither yes nor no, which Fact expects. Write yes or no."),
    ("date", "2026-11-27", "2026-11-27", "27.11.2026", "is not a date, which Fact expects. Write it like 2026-11-27."),
    ("datetime", "2026-07-01 08:00", "2026-07-01T08:00+02:00", "soon", "Fact: “soon” is not a date and time."),
    ("option", "Oak", "Oak", "Plastic", "“Plastic” is not an option of Fact. Expected one of: Ash, Oak."),
    ("multi_option", "Oak|Ash", "Ash|Oak", "Oak|Tin", "“Tin” is not an option of Fact."),
    ("measurement", "150cm", "150 cm", "3 kg", "Fact has no unit “kg”. Expected one of: mm, cm, m, km, in, ft."),
    ("colour", "#1F6", "#11ff66", "#12", "“#12” is not a colour, which Fact expects."),
    ("url", "https://maker.example/a?b=c", "https://maker.example/a?b=c", "javascript:alert(1)", "not a web address"),
]


def a_fact(kind: str, **bounds: Any) -> ProductAttribute:
    """An attribute `fact` of a closed class, with two options where the kind has some."""
    product_class = make_product_class()
    group = None
    if kind in ("option", "multi_option"):
        group = AttributeOptionGroup.objects.create(name="Woods")
        for text in ("Oak", "Ash"):
            AttributeOption.objects.create(group=group, option=text)
    fact = ProductAttribute.objects.create(
        product_class=product_class, code="fact", name="Fact", type=oscar_type(kind), option_group=group
    )
    set_rule(fact, NewRule(kind=kind, unit="m" if kind == "measurement" else "", **bounds))
    close_class(product_class, is_closed=True)
    return fact


def import_fact(product: Product, text: str, folder: Path, *, code: str = "fact") -> Any:
    file = folder / "facts.jsonl"
    row = {"handle": product.slug, "sku": record_of(product).partner_sku, "title": product.title, "price": "10.00"}
    file.write_text(json.dumps({**row, f"attribute:{code}": text}) + "\n")
    return import_file(ImportOptions(path=file, format_name="native", actor_name="tests"), watch=lambda change: None)


def held(product: Product) -> str:
    """In canonical text."""
    rows = ProductAttributeValue.objects.filter(product=product)
    values = [
        (list(row.value) if row.attribute.type == "multi_option" else row.value, row.attribute.type) for row in rows
    ]
    return ";".join(text_of(value, kind) for value, kind in values)


@pytest.mark.feature("CA02")
@pytest.mark.parametrize(("kind", "text", "canonical", "wrong", "words"), CASES)
def test_form_and_file_take_and_refuse_the_same_in_the_same_words(
    kind: str, text: str, canonical: str, wrong: str, words: str, tmp_path: Path
) -> None:
    fact = a_fact(kind)
    rule = rules_of()[fact.product_class_id].by_code["fact"]
    assert read_value(text, rule) == canonical
    with pytest.raises(WrongValue) as refused:
        read_value(wrong, rule)
    sentence = str(refused.value)
    assert words in sentence

    client = staff_client()
    typed, filed = make_product("Typed"), make_product("Filed")
    several = {"multi_option": str.split}
    as_sent = several[kind](wrong.replace("|", " ")) if kind in several else wrong
    answer = save(client, typed, **{f"attribute_{fact.pk}": as_sent})
    assert [str(one) for one in answer.context["forms"].product.errors[f"attribute_{fact.pk}"]] == [sentence]
    report = import_fact(filed, wrong, tmp_path)
    assert report.failed == 1
    assert [error.reason for error in report.errors] == [sentence]
    assert (held(typed), held(filed)) == ("", "")

    as_sent = several[kind](text.replace("|", " ")) if kind in several else text
    assert save(client, typed, **{f"attribute_{fact.pk}": as_sent}).status_code == 303
    assert import_fact(filed, text, tmp_path).failed == 0
    assert held(typed) == held(filed) != ""
    assert import_fact(filed, text, tmp_path).unchanged == 1


def test_there_are_twelve_kinds() -> None:
    assert len(Kind) == len({case[0] for case in CASES}) == 12


@pytest.mark.feature("CA02")
def test_an_unknown_key_is_refused_at_the_form_and_in_a_file_alike(tmp_path: Path) -> None:
    a_fact("integer")
    product = make_product("Lamp")
    sentence = (
        "The product class Thing has no attribute “wattage”. It has: fact. "
        "Correct the key, or add the attribute to the class first."
    )
    answer = save(staff_client(), product, attribute_wattage="12")
    assert [str(one) for one in answer.context["forms"].product.non_field_errors()] == [sentence]
    report = import_fact(product, "12", tmp_path, code="wattage")
    assert [(error.column, error.reason) for error in report.errors] == [("attribute:wattage", sentence)]


def test_a_class_that_is_open_learns_a_new_key_from_a_file(tmp_path: Path) -> None:
    product = make_product("Lamp")
    assert import_fact(product, "12", tmp_path, code="wattage").failed == 0
    assert find_rule(rules_of()[product.product_class_id], class_name="Thing", code="wattage").kind == "text"


@pytest.mark.feature("CA02")
def test_measurements_are_filtered_by_one_unit_however_they_were_written() -> None:
    fact = a_fact("measurement")
    for title, text in (("A", "150 cm"), ("B", "1.5 m"), ("C", "1500 mm"), ("D", "2 m")):
        product = make_product(title)
        ProductAttributeValue.objects.create(product=product, attribute=fact, value_text=text)
        refresh_documents([product.pk])
    found = find_products(Query(facets={"fact": ("1.5 m",)}))
    assert sorted(one.title for one in found.documents) == ["A", "B", "C"]
    assert [(one.value, one.count) for one in found.facet_groups[0].values] == [("1.5 m", 3), ("2 m", 1)]
    set_rule(fact, NewRule(kind="measurement", unit="cm"))
    handle_event(OutboxEvent.objects.get(name="catalog.class_changed").pk)
    assert SearchDocument.objects.get(title="D").facets == ["fact:200 cm"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("90 cm", "Fact is at least 1 m; 0.9 m is less."),
        ("3001 mm", "Fact is at most 3 m; 3.001 m is more."),
        ("long", "“long” is not a measurement, which Fact expects. Write a number and a unit"),
        ("1.2.3 m", "is not a number that Fact can hold"),
    ],
)
def test_bounds_hold_in_any_unit(text: str, words: str) -> None:
    rule = Rule(code="fact", name="Fact", kind="measurement", unit="m", minimum=Decimal(1), maximum=Decimal(3))
    assert read_value("100 cm", rule) == "100 cm"
    with pytest.raises(WrongValue) as refused:
        read_value(text, rule)
    assert words in str(refused.value)


def test_every_kind_goes_out_to_a_file_and_comes_back_unchanged(tmp_path: Path) -> None:
    product_class = make_product_class()
    product = make_product("Lamp")
    for kind, text, *_ in CASES:
        group = AttributeOptionGroup.objects.create(name=kind)
        attribute = ProductAttribute.objects.create(
            product_class=product_class, code=f"a_{kind}", name=kind, type=oscar_type(kind), option_group=group
        )
        set_rule(attribute, NewRule(kind=kind, unit="m" if kind == "measurement" else ""))
        assert import_fact(product, text, tmp_path, code=f"a_{kind}").failed == 0
    assert product.attribute_values.count() == 12
    export_products(tmp_path / "out.csv")
    options = ImportOptions(path=tmp_path / "out.csv", format_name="native", actor_name="tests")
    report = import_file(options, watch=lambda change: None)
    assert (report.unchanged, report.updated, report.failed) == (1, 0, 0)


def test_a_rule_that_the_values_break_is_refused() -> None:
    product = make_product("Lamp")
    attribute = ProductAttribute.objects.create(
        product_class=product.product_class, code="fact", name="Fact", type="text"
    )
    ProductAttributeValue.objects.create(product=product, attribute=attribute, value_text="rather long")
    with pytest.raises(RuleRefused, match=r"holds what this rule would refuse. “rather long” is not a measurement"):
        set_rule(attribute, NewRule(kind="measurement", unit="m"))
    with pytest.raises(RuleRefused, match="has values of its present kind"):
        set_rule(attribute, NewRule(kind="integer"))
    with pytest.raises(RuleRefused, match="A measurement needs a unit"):
        set_rule(attribute, NewRule(kind="measurement"))


def test_staff_define_an_attribute_with_unit_and_bounds() -> None:
    client, kind = staff_client("catalogue editor"), ProductClass.objects.create(name="Rope", slug="rope")
    line = {
        "name": "Length", "code": "length", "kind": "measurement", "unit": "m", "minimum": "1", "maximum": "50",
        "option_group": "", "id": "", "product_class": kind.pk,
    }  # fmt: skip
    form = {
        "name": "Rope", "track_stock": "on", "is_closed": "on",
        "attributes-TOTAL_FORMS": "1", "attributes-INITIAL_FORMS": "0",
        **{f"attributes-0-{name}": value for name, value in line.items()},
    }  # fmt: skip
    answer = client.post(f"/admin/catalogue/productclass/{kind.pk}/change/", form)
    assert answer.status_code == 302, answer.context["errors"]
    rules = rules_of()[kind.pk]
    assert rules.is_closed
    assert rules.by_code["length"] == Rule(
        code="length", name="Length", kind="measurement", unit="m", minimum=Decimal(1), maximum=Decimal(50)
    )
    form["attributes-0-unit"] = ""
    form["attributes-0-code"] = "width"
    assert (
        "A measurement needs a unit"
        in client.post(f"/admin/catalogue/productclass/{kind.pk}/change/", form).content.decode()
    )
