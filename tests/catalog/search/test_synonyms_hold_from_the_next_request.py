"""Staff say which words mean the same: the next question knows it, with no document written again."""

from collections.abc import Callable

import pytest
from oscar.apps.catalogue.models import Product

from catalog.models import SearchDocument, SynonymGroup
from catalog.search.folding import read_question
from catalog.search.query import Query, find_products
from catalog.search.suggest import suggest
from catalog.search.synonyms import SynonymRefused, widen, write_synonym
from shop.audit.models import AuditEntry


def titles(text: str) -> list[str]:
    return [document.title for document in find_products(Query(text=text)).documents]


@pytest.mark.feature("SF05", "SF04")
def test_a_synonym_holds_at_once_and_writes_no_document(make_product: Callable[..., Product]) -> None:
    make_product("Wool sofa")
    make_product("Oak table")
    written = list(SearchDocument.objects.order_by("pk").values_list("pk", "indexed_at"))
    assert titles("couch") == []
    group = write_synonym(terms=["Couch"], means=["sofa"], actor=None)
    assert titles("couch") == titles("couches") == titles("wool couch") == ["Wool sofa"]
    assert [product.title for product in suggest("couch").products] == ["Wool sofa"]
    assert list(SearchDocument.objects.order_by("pk").values_list("pk", "indexed_at")) == written
    group.delete()
    assert titles("couch") == []


def test_one_way_is_one_way_and_two_ways_are_both(make_product: Callable[..., Product]) -> None:
    make_product("Wool sofa")
    make_product("Leather couch")
    make_product("Wall lamp")
    make_product("Paper sconce")
    write_synonym(terms=["couch"], means=["sofa"], actor=None)
    write_synonym(terms=["sconce", "wall lamp"], actor=None)
    assert titles("couch") == ["Leather couch", "Wool sofa"]
    assert titles("sofa") == ["Wool sofa"]
    assert set(titles("sconce")) == {"Paper sconce", "Wall lamp"}
    assert set(titles("wall lamps")) == {"Wall lamp", "Paper sconce"}


def test_a_synonym_of_another_language_is_not_used(make_product: Callable[..., Product]) -> None:
    make_product("Wool sofa")
    write_synonym(terms=["couch"], means=["sofa"], language="de", actor=None)
    assert titles("couch") == []


def test_the_longest_phrase_is_widened_and_the_rest_left_alone() -> None:
    meanings = {"power bank": ["external battery"], "bank": ["bench"]}
    words = widen(read_question("small power bank"), meanings)
    assert words == [("small",), ("power&bank", "external&battery")]
    assert widen(read_question("bank"), meanings) == [("bank", "bench")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("terms", "means", "sentence"),
    [
        ([""], ["sofa"], "Write at least one word"),
        (["couch"], [], "One word alone has no synonym"),
        (["couch", "sofa"], ["Sofa"], "cannot stand for itself"),
        (["x" * 90, "y"], [], "At most 20 phrases"),
    ],
)
def test_a_synonym_that_says_nothing_is_refused_in_words(terms: list[str], means: list[str], sentence: str) -> None:
    with pytest.raises(SynonymRefused, match=sentence):
        write_synonym(terms=terms, means=means, actor=None)
    assert not SynonymGroup.objects.exists()


@pytest.mark.django_db
def test_every_change_is_in_the_audit_log() -> None:
    group = write_synonym(terms=["couch"], means=["sofa"], actor=None)
    write_synonym(terms=["couch"], means=["settee"], group=SynonymGroup.objects.get(pk=group.pk), actor=None)
    added, changed = AuditEntry.objects.filter(subject_type="synonymgroup").order_by("pk")
    assert (added.action, changed.action) == ("add synonym", "change synonym")
    assert (changed.before["means"], changed.after["means"]) == (["sofa"], ["settee"])
