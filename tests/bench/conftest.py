"""One generated shop for all that is measured on it, the smallest size first; one table of all figures at the end."""

from collections.abc import Iterator

import pytest

from tests.bench.bench_shop import BenchShop
from tests.bench.figures import HEAD, figures


@pytest.fixture(scope="session")
def bench_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BenchShop]:
    bench = BenchShop.at_home(tmp_path_factory.mktemp("bench"))
    yield bench
    bench.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The catalogue only grows: whatever is measured at a size is measured before the next size."""
    places = [place for place, item in enumerate(items) if "bench_shop" in getattr(item, "fixturenames", ())]
    chosen = sorted((items[place] for place in places), key=_size)
    for place, item in zip(places, chosen, strict=True):
        items[place] = item


def _size(item: pytest.Item) -> int:
    """0 for a test that no size was named for; it is skipped."""
    products = item.callspec.params["products"]  # type: ignore[attr-defined]
    return products if isinstance(products, int) else 0


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if figures:
        terminalreporter.write_sep("=", "what was measured, beside the lines")
        for line in [HEAD, *map(str, sorted(figures, key=lambda figure: figure.products))]:
            terminalreporter.write_line(line)
