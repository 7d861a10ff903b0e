"""Product classes, attributes, categories and options: looked up by name, remembered for a run, made when missing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

from django.conf import settings
from oscar.apps.catalogue.models import AttributeOption, AttributeOptionGroup, ProductAttribute, ProductClass
from oscar.apps.partner.models import Partner

from catalog.attributes.reading import find_rule
from catalog.attributes.rules import Rule, rules_of
from catalog.importing.bulk import NotForeseen
from catalog.importing.category_paths import CategoryPaths, Path
from catalog.importing.naming import read_class

HOUSE = "house"
Key = TypeVar("Key")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Attribute:
    id: int
    type: str
    option_group_id: int | None


class Words(Protocol):
    """Ids by name, while a plan is written."""

    def class_id(self, name: str) -> int: ...

    def attribute(self, class_id: int, code: str, *, name: str = "") -> Attribute: ...

    def copy_attributes(self, *, from_class_id: int, to_class_id: int) -> None: ...

    def option_id(self, attribute: Attribute, text: str) -> int: ...

    def category_id(self, path: Path) -> int: ...

    def make_categories(self, paths: Iterable[Path]) -> None: ...


def house_partner_id() -> int:
    """The one partner whose stock records are the shop's own SKUs."""
    return Partner.objects.get_or_create(code=HOUSE, defaults={"name": settings.SHOP_NAME})[0].pk


class Vocabulary:
    """Cached look-ups. After a rolled back transaction, throw it away: it may know rows that are gone.

    Before anything is made the database is asked again, since another import may have made it meanwhile.
    """

    def __init__(self) -> None:
        self._classes = dict(ProductClass.objects.order_by("-id").values_list("name", "id"))
        self._attributes: dict[tuple[int, str], Attribute] = {
            (class_id, code): Attribute(pk, kind, group)
            for pk, class_id, code, kind, group in ProductAttribute.objects.filter(
                product_class_id__isnull=False
            ).values_list("id", "product_class_id", "code", "type", "option_group_id")
        }
        self._rules = rules_of()
        self._found_rules: dict[tuple[str, str], Rule] = {}
        self._options: dict[tuple[int, str], int] = {}
        self._categories = CategoryPaths()

    def has_category(self, path: Path) -> bool:
        return path in self._categories

    def class_id(self, name: str) -> int:
        if name not in self._classes:
            found = ProductClass.objects.filter(name=name).order_by("id").first()
            if found is None:
                ships, counts = read_class(name)
                found = ProductClass.objects.create(name=name, requires_shipping=ships, track_stock=counts)
            self._classes[name] = found.pk
        return self._classes[name]

    def rule(self, class_name: str, code: str) -> Rule:
        """Raises UnknownAttribute for a class that takes no new ones."""
        known = self._found_rules.get((class_name, code))
        if known is None:
            rules = self._rules.get(self._classes.get(class_name, 0))
            known = self._found_rules[class_name, code] = find_rule(rules, class_name=class_name, code=code)
        return known

    def attribute(self, class_id: int, code: str, *, name: str = "") -> Attribute:
        """A missing one is made as text, which holds several values apart with `|`."""
        known = self._attributes.get((class_id, code))
        if known is None:
            label = (name or code.replace("_", " ").capitalize())[:128]
            made, _ = ProductAttribute.objects.get_or_create(
                product_class_id=class_id, code=code, defaults={"name": label, "type": ProductAttribute.TEXT}
            )
            known = self._attributes[class_id, code] = Attribute(made.pk, made.type, made.option_group_id)
        return known

    def copy_attributes(self, *, from_class_id: int, to_class_id: int) -> None:
        """So that a product can change its class and keep its values."""
        for (class_id, code), known in list(self._attributes.items()):
            if class_id == from_class_id and (to_class_id, code) not in self._attributes:
                original = ProductAttribute.objects.get(pk=known.id)
                original.pk, original.product_class_id = None, to_class_id
                original.save(force_insert=True)
                self._attributes[to_class_id, code] = Attribute(original.pk, known.type, known.option_group_id)

    def option_id(self, attribute: Attribute, text: str) -> int:
        group_id = attribute.option_group_id
        if group_id is None:
            owner = ProductAttribute.objects.get(pk=attribute.id)
            owner.option_group = AttributeOptionGroup.objects.create(name=owner.name)
            owner.save(update_fields=["option_group"])
            group_id = owner.option_group_id
            for key, known in self._attributes.items():
                if known.id == attribute.id:
                    self._attributes[key] = Attribute(known.id, known.type, group_id)
        key = (int(group_id), text)
        if key not in self._options:
            self._options[key] = AttributeOption.objects.get_or_create(group_id=group_id, option=text)[0].pk
        return self._options[key]

    def category_id(self, path: Path) -> int:
        """Of a path that `make_categories` has seen."""
        return self._categories[path]

    def make_categories(self, paths: Iterable[Path]) -> None:
        """Missing ones, from the top down, in two statements per level."""
        self._categories.make_missing(list(paths))

    def only_known(self) -> "KnownWords":
        return KnownWords(self._classes, self._attributes, self._options, self._categories)


@dataclass(frozen=True, slots=True)
class KnownWords:
    """What a vocabulary has learnt so far, for a thread that must not ask the database.

    Raises NotForeseen for what would have to be looked up or made.
    """

    classes: Mapping[str, int]
    attributes: Mapping[tuple[int, str], Attribute]
    options: Mapping[tuple[int, str], int]
    categories: CategoryPaths

    def class_id(self, name: str) -> int:
        return _look_up(self.classes, name)

    def attribute(self, class_id: int, code: str, *, name: str = "") -> Attribute:
        return _look_up(self.attributes, (class_id, code))

    def copy_attributes(self, *, from_class_id: int, to_class_id: int) -> None:
        raise NotForeseen("A product changes its class.")

    def option_id(self, attribute: Attribute, text: str) -> int:
        return _look_up(self.options, (attribute.option_group_id or 0, text))

    def category_id(self, path: Path) -> int:
        try:
            return self.categories[path]
        except KeyError:
            raise NotForeseen(path) from None

    def make_categories(self, paths: Iterable[Path]) -> None:
        for path in paths:
            self.category_id(path)


def _look_up(known: Mapping[Key, Value], key: Key) -> Value:
    try:
        return known[key]
    except KeyError:
        raise NotForeseen(key) from None
