"""Whose processor time a measurement took: all that a shop on one machine consists of, and the measuring process itself."""

import time

import psutil

from tests.live.running_shop import RunningShop

PARTS = ("web", "postgres", "sandbox", "worker", "beat", "redis")
CROWD = "crowd"
"""The measuring process: the shoppers' own machines, as it were."""


def read_account(shop: RunningShop) -> dict[str, float]:
    """Processor seconds so far by part, those of ended children included."""
    spent = {part: _of_family(shop.processes_of(part)[0]) for part in PARTS}
    return {**spent, CROWD: time.process_time()}


def write_account(before: dict[str, float], after: dict[str, float], *, acts: int) -> str:
    """`web 41 + postgres 12 + … = 60 ms of processor time each`."""
    each = {part: (after[part] - before[part]) / acts * 1000 for part in before}
    return f"{' + '.join(f'{part} {each[part]:.1f}' for part in each)} = {sum(each.values()):.1f} ms of processor time each"


def _of_family(leader: psutil.Process) -> float:
    """PostgreSQL's backends lead groups of their own, so it is children that are counted."""
    times = leader.cpu_times()
    alive = sum(_of_one(child) for child in leader.children(recursive=True))
    return float(times.user + times.system + times.children_user + times.children_system) + alive


def _of_one(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.Error:
        return 0.0
    return float(times.user + times.system)
