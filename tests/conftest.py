"""Fixtures for every room. Each worker's database is a copy of one migrated template, rewound after each transactional test."""

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, connections
from django.test import TransactionTestCase
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from tests.migrated import RewindableCopy, drop_copy

# Pages are rendered without a collected, hashed copy of the static files.
settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
# A quarter of a second for each password would be minutes of a run; the shop's own hashers stay known behind it.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]

ROOT = Path(__file__).resolve().parent.parent
pytest.register_assert_rewrite("tests.faults.books")


class OneShopPerFolder(LoadScopeScheduling):
    """The tests of a file stay on one worker, and so do all files that share one running shop."""

    FOLDERS = ("tests/faults/", "tests/journeys/", "tests/live/")

    @classmethod
    def scope_of(cls, nodeid: str) -> str:
        return next((folder for folder in cls.FOLDERS if nodeid.startswith(folder)), nodeid.split("::", 1)[0])

    def _split_scope(self, nodeid: str) -> str:
        return self.scope_of(nodeid)


def _begin_with(items: list[pytest.Item]) -> list[pytest.Item]:
    """The order in which a run on several workers is shortest: long before short, what waits for a shop before all.

    One folder with a shop is left for later, so that not every worker waits for processes while none computes; and what
    needs no database comes before it, while the one that all copy is migrated.
    """
    scope = {item: OneShopPerFolder.scope_of(item.nodeid) for item in items}
    tests = Counter(scope.values())
    first = {"tests/faults/": 0, "tests/live/": 0, "tests/journeys/": 2}
    rank = {name: first.get(name, 1 if name.startswith(("tests/demo/", "tests/embedded/")) else 3) for name in tests}
    return sorted(items, key=lambda item: (rank[scope[item]], -tests[scope[item]], scope[item]))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if hasattr(config, "workerinput"):
        items[:] = _begin_with(items)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> OneShopPerFolder:
    return OneShopPerFolder(config, log)


def _use_database(name: str) -> None:
    connection.close()
    settings.DATABASES["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: pytest.FixtureRequest, worker_id: str) -> Iterator[None]:
    name = f"test_{os.environ['SHOP_TEST_RUN']}_{os.getpid()}_{worker_id}"
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        copy = RewindableCopy(name)
        _use_database(name)

    def start_anew(self: TransactionTestCase) -> None:
        """Instead of TRUNCATE, which ledgers refuse."""
        connections.close_all()
        copy.rewind()

    TransactionTestCase._fixture_teardown = start_anew  # type: ignore[method-assign]
    yield
    connections.close_all()
    drop_copy(name)


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    return getattr(request.config, "workerinput", {}).get("workerid", "main")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real catalogues beside the checkout; absent on a machine that has only the project, never in CI."""
    folder = Path(os.environ.get("SHARED_DATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail(f"CI needs the sample data in {folder}.")
        pytest.skip(f"the sample data folder {folder} is absent")
    return folder
