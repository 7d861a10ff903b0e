"""The loud reader of the environment: a missing or wrong value stops the process with one sentence."""

import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

BASE_DIR = Path(__file__).resolve().parent.parent


class WrongSetting(SystemExit):
    """One sentence for the operator; the process ends with exit code 2."""

    def __init__(self, sentence: str) -> None:
        super().__init__(2)
        self.sentence = sentence

    def __str__(self) -> str:
        return self.sentence


def refuse(sentence: str) -> WrongSetting:
    import sys

    print(f"Configuration: {sentence}", file=sys.stderr)
    return WrongSetting(sentence)


def state_dir() -> Path:
    """The folder with everything one machine keeps: database files, media, service addresses."""
    return Path(os.environ.get("STATE_DIR") or BASE_DIR / ".local").resolve()


def running_services() -> dict[str, str]:
    """Addresses that `make run` wrote for the commands of the same machine; empty when nothing was started here."""
    file = state_dir() / "services.json"
    try:
        return {str(key): str(value) for key, value in json.loads(file.read_text()).items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as problem:
        raise refuse(f"{file} cannot be read ({problem}); delete it and run `make run` again.") from problem


_services = running_services()


def text(name: str, *, default: str | None = None, allowed: Sequence[str] | None = None) -> str:
    """The value of a variable: the environment first, then the running services, then the default."""
    value = os.environ.get(name) or _services.get(name) or default
    if value is None:
        raise refuse(f"{name} is not set; it is required unless `make run` has started the services of this machine.")
    if allowed is not None and value not in allowed:
        raise refuse(f"{name} is {value!r}; allowed values: {', '.join(allowed)}.")
    return value


def flag(name: str, *, default: bool = False) -> bool:
    value = text(name, default="1" if default else "0").lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise refuse(f"{name} is {value!r}; allowed values: 1, 0.")


def number(name: str, *, default: int, low: int, high: int) -> int:
    raw = text(name, default=str(default))
    try:
        value = int(raw)
    except ValueError as problem:
        raise refuse(f"{name} is {raw!r}; it must be a whole number from {low} to {high}.") from problem
    if not low <= value <= high:
        raise refuse(f"{name} is {value}; it must be a whole number from {low} to {high}.")
    return value


def items(name: str, *, default: str = "") -> list[str]:
    return [item.strip() for item in text(name, default=default or " ").split(",") if item.strip()]


def parsed(name: str, parse: Callable[[str], T], *, default: str | None = None) -> T:
    """The value run through a parser that raises ValueError with the rest of the sentence."""
    raw = text(name, default=default)
    try:
        return parse(raw)
    except ValueError as problem:
        raise refuse(f"{name} {problem}") from problem
