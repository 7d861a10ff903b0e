"""Without libfaketime the runs with a wrong clock fail and say what to install; `make faults` installs it first."""

from pathlib import Path

import pytest

from tests import faketime


def test_a_missing_library_is_a_failure_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(faketime.NoFaketime, match="install the system package libfaketime"):
        faketime.find_faketime(tmp_path)


def test_it_is_found_whatever_the_machine_is(tmp_path: Path) -> None:
    library = tmp_path / "aarch64-linux-gnu" / "faketime" / "libfaketime.so.1"
    library.parent.mkdir(parents=True)
    library.touch()
    assert faketime.find_faketime(tmp_path) == library


def test_make_faults_stops_where_it_cannot_be_installed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def find() -> Path:
        raise faketime.NoFaketime

    asked: list[str] = []
    monkeypatch.setattr(faketime, "find_faketime", find)
    monkeypatch.setattr(faketime, "install", lambda package, **_: asked.append(package))
    assert faketime.main() == 1
    assert asked == ["libfaketime"]
    assert "libfaketime is missing" in capsys.readouterr().err
