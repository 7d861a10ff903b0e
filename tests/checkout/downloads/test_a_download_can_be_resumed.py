"""Range requests: 206, If-Range, 416; a resumed download counts once, a whole file counts each time."""

import pytest
from django.test import Client

from checkout.downloads.links import download_path
from checkout.downloads.records import Download, Entitlement
from checkout.orders.access import order_path, token_of
from tests.checkout.downloads.conftest import CONTENT

pytestmark = [pytest.mark.django_db, pytest.mark.feature("CA04")]
SIZE = len(CONTENT)


@pytest.fixture
def buyer(right: Entitlement) -> Client:
    client = Client()
    client.post(f"{order_path(token_of(right.order_id))}download/{right.pk}/")
    return client


@pytest.mark.parametrize(
    ("asked", "begin", "end"),
    [
        ("bytes=0-99", 0, 99),
        ("bytes=100-", 100, SIZE - 1),
        ("bytes=-10", SIZE - 10, SIZE - 1),
        (f"bytes=10-{SIZE * 9}", 10, SIZE - 1),
        (f"bytes=-{SIZE * 9}", 0, SIZE - 1),
        (f"bytes={SIZE - 1}-", SIZE - 1, SIZE - 1),
    ],
)
def test_a_part_is_answered_with_206(buyer: Client, right: Entitlement, asked: str, begin: int, end: int) -> None:
    answer = buyer.get(download_path(right), headers={"Range": asked})
    assert (answer.status_code, answer["Content-Range"]) == (206, f"bytes {begin}-{end}/{SIZE}")
    assert b"".join(answer.streaming_content) == CONTENT[begin : end + 1]  # type: ignore[attr-defined]
    assert answer["Content-Length"] == str(end - begin + 1)


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", f"bytes={SIZE + 5}-{SIZE + 9}", "bytes=-0"])
def test_what_lies_behind_the_end_is_416_and_counts_nothing(buyer: Client, right: Entitlement, asked: str) -> None:
    answer = buyer.get(download_path(right), headers={"Range": asked})
    assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{SIZE}")
    assert not Download.objects.exists()


@pytest.mark.parametrize("asked", ["bytes=0-1,5-9", "lines=1-2", "bytes=9-2", "bytes=", "bytes=a-b", "x" * 9000])
def test_what_cannot_be_read_gets_the_whole_file(buyer: Client, right: Entitlement, asked: str) -> None:
    answer = buyer.get(download_path(right), headers={"Range": asked})
    assert (answer.status_code, answer["Content-Length"]) == (200, str(SIZE))


def test_another_edition_is_sent_whole(buyer: Client, right: Entitlement) -> None:
    etag = buyer.head(download_path(right))["ETag"]
    same = buyer.get(download_path(right), headers={"Range": "bytes=5-9", "If-Range": etag})
    other = buyer.get(download_path(right), headers={"Range": "bytes=5-9", "If-Range": '"former"'})
    assert (same.status_code, other.status_code) == (206, 200)


def test_a_resumed_download_counts_once(buyer: Client, right: Entitlement) -> None:
    for begin in range(0, SIZE, 1000):
        answer = buyer.get(download_path(right), headers={"Range": f"bytes={begin}-{begin + 999}"})
        assert answer.status_code == 206
    assert Download.objects.count() == 1
    Entitlement.objects.update(allowed=1)
    assert buyer.get(download_path(right), headers={"Range": "bytes=5-9"}).status_code == 206
    assert buyer.get(download_path(right)).status_code == 410
    assert buyer.get(download_path(right), headers={"Range": "bytes=0-"}).status_code == 410, "that is the whole file"
    Entitlement.objects.update(open_until=None)
    assert buyer.get(download_path(right), headers={"Range": "bytes=5-9"}).status_code == 410
