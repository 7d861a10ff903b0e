"""docs/features.md is what the markers say."""

from tests import features_page


def test_the_features_page_is_current() -> None:
    assert features_page.PAGE.read_text() == features_page.render(), "run python -m tests.features_page"
