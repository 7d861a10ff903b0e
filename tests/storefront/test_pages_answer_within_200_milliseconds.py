"""The pages that most visits begin with, made anew twenty times: at most one of them takes longer than the budget."""

from time import perf_counter

import pytest
from django.db import connection
from django.test import Client

from tests.shopfloor import make_category, open_shop
from tests.storefront.shelf import fill_shelf

pytestmark = [pytest.mark.django_db, pytest.mark.feature("SF11")]

BUDGET, TIMES, ROUNDS = 0.2, 20, 3
PAGES = ("/", "/c/living/lamps/", "/p/lamp-0001/")


def slow_ones(client: Client, address: str) -> list[tuple[float, str]]:
    """Seconds and the question that took longest, of every answer beyond the budget."""
    found = []
    for _ in range(TIMES):
        asked: list[tuple[float, str]] = []

        def watch(execute, sql, params, many, context, asked=asked):  # type: ignore[no-untyped-def]
            begin = perf_counter()
            try:
                return execute(sql, params, many, context)
            finally:
                asked.append((perf_counter() - begin, " ".join(str(sql).split())[:120]))

        begin = perf_counter()
        with connection.execute_wrapper(watch):
            assert client.get(address).status_code == 200
        took = perf_counter() - begin
        assert len(asked) > 3, "It was made anew."
        if took > BUDGET:
            found.append((took, f"{max(asked)[0]:.3f} s for {max(asked)[1]}"))
    return found


def test_ninety_five_of_a_hundred_answers_keep_the_budget_or_the_culprit_is_named(client: Client) -> None:
    """On a machine that is busy with other tests a round may be slow; a slow page is slow in each."""
    open_shop()
    fill_shelf(300, category=make_category("Living", "Lamps"))
    for address in PAGES:
        client.get(address)
        rounds = []
        for _ in range(ROUNDS):
            rounds.append(slow_ones(client, address))
            if len(rounds[-1]) <= TIMES // 20:
                break
        else:
            pytest.fail(f"{address} is slower than {BUDGET} s: {rounds}")
