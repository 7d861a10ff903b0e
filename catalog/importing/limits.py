"""How much of a file an import will take in before it refuses."""

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Sizes in bytes, lengths in characters."""

    file_bytes: int = 500 * MEGABYTE
    rows: int = 1_000_000
    columns: int = 1_000
    cell_length: int = 1_000_000
    record_length: int = 4_000_000
    unpacked_bytes: int = 200 * MEGABYTE
    unpacked_ratio: int = 100
