"""A database in which the rivals of all proofs see what was committed; a fresh copy takes its place afterwards."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import TransactionTestCase


@pytest.fixture(scope="module")
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield
        TransactionTestCase._fixture_teardown(None)  # type: ignore[arg-type]
