"""`{% remember %}`: the same values give the same piece without drawing it again; other values never do."""

from dataclasses import dataclass
from decimal import Decimal

import pytest
from django.template import Context, Template, TemplateSyntaxError

from shop.templatetags import remember as tag


@dataclass(frozen=True)
class Thing:
    name: str
    prices: tuple[Decimal, ...]


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    calls: list[tuple[object, ...]] = []
    draw = tag.RememberNode.draw
    monkeypatch.setattr(tag.RememberNode, "draw", lambda self, *values: calls.append(values) or draw(self, *values))
    return calls


def _template(inside: str, *, names: str = "thing=thing") -> Template:
    return Template(f"{{% load remember %}}<p>{{% remember {names} %}}{inside}{{% endremember %}}</p>")


def test_equal_values_are_drawn_once_and_others_anew(drawn: list) -> None:
    template = _template("{{ thing.name }}: {{ thing.prices.0 }}")
    for name, price, expected in (("Mug", "4.50", 1), ("Mug", "4.50", 1), ("Mug", "4.60", 2), ("<b>", "4.50", 3)):
        text = template.render(Context({"thing": Thing(name, (Decimal(price),))}))
        assert text == f"<p>{name.replace('<', '&lt;').replace('>', '&gt;')}: {price}</p>"
        assert len(drawn) == expected


def test_a_block_sees_only_what_it_names(drawn: list) -> None:
    template = _template("{{ thing }}{{ visitor }}")
    for visitor in ("Ada", "Bob"):
        assert template.render(Context({"thing": 1, "visitor": visitor})) == "<p>1</p>"


def test_one_true_and_one_are_told_apart(drawn: list) -> None:
    template = _template("{{ thing }}")
    assert [template.render(Context({"thing": value})) for value in (1, True, Decimal("1.0"), 1)] == [
        "<p>1</p>", "<p>True</p>", "<p>1.0</p>", "<p>1</p>",
    ]  # fmt: skip


def test_what_cannot_be_hashed_is_drawn_each_time(drawn: list) -> None:
    template = _template("{% for one in thing %}{{ one }}{% endfor %}")
    for values in (["a"], ["a"], ["b"]):
        assert template.render(Context({"thing": values})) == f"<p>{values[0]}</p>"
    assert len(drawn) == 3


def test_a_value_without_a_name_is_refused() -> None:
    with pytest.raises(TemplateSyntaxError, match="every value needs a name"):
        _template("", names="thing")
