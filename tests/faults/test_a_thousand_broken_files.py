"""F13: FAULTS_FILES (1,000) generated files that went wrong in thirty ways: a sentence for each bad row or for the file,
good rows kept, nothing half-written, memory bounded, and the second time nothing changes.
"""

import os
import resource
from collections import Counter
from pathlib import Path

import pytest

from catalog.importing.apply import import_file
from catalog.importing.import_options import ImportOptions
from catalog.importing.report import ImportReport
from catalog.importing.rows import UnreadableFile
from shop.doctor.checks import run_checks
from tests.faults.broken_files import broken_file

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True), pytest.mark.timeout(3600)]
FILES = int(os.environ.get("FAULTS_FILES", "1000"))
MEMORY_KB = 512_000


def bring_in(path: Path) -> ImportReport | str:
    try:
        return import_file(ImportOptions(path=path), watch=lambda change: None)
    except UnreadableFile as refusal:
        return str(refusal)


def test_each_bad_row_is_named_and_each_good_one_kept(tmp_path: Path) -> None:
    ends: Counter[str] = Counter()
    for number in range(FILES):
        name, data = broken_file(number)
        path = tmp_path / f"{number}.csv"
        path.write_bytes(data)
        answer = bring_in(path)
        where = f"file {number} ({name})"
        if isinstance(answer, str):
            ends["refused whole"] += 1
            assert answer.strip(), where
            assert "Traceback" not in answer, where
            path.unlink()
            continue
        ends["taken"] += 1
        ends["rows refused"] += answer.failed
        ends["rows taken"] += answer.created + answer.updated + answer.unchanged
        assert answer.rows == answer.created + answer.updated + answer.unchanged + answer.failed, where
        for error in answer.errors:
            assert error.reason.strip(), where
            assert error.line >= 1, where
        again = bring_in(path)
        assert isinstance(again, ImportReport), (where, again)
        assert (again.created, again.updated, again.failed) == (0, 0, answer.failed), where
        path.unlink()
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"\n{FILES} files: {dict(ends)}; {used / 1000:.0f} MB at most")
    assert ends["rows taken"]
    assert ends["rows refused"]
    assert ends["refused whole"]
    assert used < MEMORY_KB
    assert [(one.check.name, one.examples) for one in run_checks() if one.violations] == []
