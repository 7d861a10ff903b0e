"""A migration changes the type of a column while the server has a plan for a question about it: the question is answered."""

from collections.abc import Iterator

import pytest
from django.db import NotSupportedError, connection, transaction

from shop.written_once import ask, tell

pytestmark = pytest.mark.django_db(transaction=True)
QUESTION = "SELECT word FROM shop_words WHERE number = %s"


@pytest.fixture
def words() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE shop_words (number integer, word varchar(10))")
    tell("INSERT INTO shop_words VALUES (%s, %s)", (1, "calm"))
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE shop_words")
    connection.close()


def _ask_often() -> None:
    for _ in range(3):
        assert ask(QUESTION, (1,)) == [("calm",)]


def _planned() -> int:
    (many,) = ask(
        "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT word FROM shop_words%%'", ()
    )
    return int(many[0])


def _widen() -> None:
    """From another connection, as a migration would: this one does not learn of it."""
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("ALTER TABLE shop_words ALTER word TYPE text")
    other.close()


@pytest.mark.usefixtures("words")
def test_the_same_question_is_planned_once() -> None:
    _ask_often()
    assert _planned() == 1


@pytest.mark.usefixtures("words")
def test_a_question_is_answered_after_a_change() -> None:
    _ask_often()
    _widen()
    _ask_often()


@pytest.mark.usefixtures("words")
def test_within_a_transaction_only_the_first_question_fails() -> None:
    _ask_often()
    _widen()
    with pytest.raises(NotSupportedError), transaction.atomic():
        ask(QUESTION, (1,))
    with transaction.atomic():
        _ask_often()
