"""Locks of files for sale and of the codes that open downloads."""

import itertools

from catalog.digital.records import DigitalFile
from catalog.digital.store import _remember
from checkout.downloads.proof import send_code
from shop.audit.models import AuditEntry
from tests.locks.proofs_of_people import make_user
from tests.locks.race import Proofs, Race
from tests.shopfloor import make_order

PROOFS = Proofs()
_serial = itertools.count(1)


@PROOFS("checkout/downloads/proof.py: send_code", protects="a download's code is mailed once a minute")
def two_askers_for_one_code() -> Race:
    order = make_order(email=f"lock-code{next(_serial)}@example.org")

    def ask() -> bool:
        return send_code(order, email=order.guest_email)

    return Race(first=ask, rival=ask, is_broken=lambda *answers: sum(answers) != 1)


@PROOFS("catalog/digital/store.py: _remember", protects="the log says what each edition of a file replaced")
def two_new_editions_of_one_file() -> Race:
    ann, name = make_user(), f"lock{next(_serial)}.pdf"

    def keep(digest: str) -> DigitalFile:
        return _remember(name=name, digest=digest * 64, size=9, content_type="application/pdf", actor=ann)

    file = keep("a")

    def is_broken(*_: object) -> bool:
        entries = AuditEntry.objects.filter(
            subject_type="digital file", subject_id=str(file.pk), action__contains="replace"
        )
        return sum(one.before["digest"] == "a" * 64 for one in entries) != 1

    return Race(first=lambda: keep("b"), rival=lambda: keep("c"), is_broken=is_broken)
