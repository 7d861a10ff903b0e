"""Column names as readers of other shops' files see them: in lower case, newer names read as the older ones."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from catalog.importing.native import detect_marks
from catalog.importing.numbers import DecimalMark
from catalog.importing.rows import ProductRow, RowError, UnreadableCell, UnreadableFile
from catalog.importing.source import Record, Source

NO_ALIASES: Mapping[str, str] = {}


def require_columns(
    source: Source, *, needed: Sequence[str], file_of: str, aliases: Mapping[str, str] = NO_ALIASES
) -> None:
    """`aliases` maps newer names to the ones of `needed`, both in lower case. Raises UnreadableFile."""
    names = set(plain_names(source.header, aliases=aliases).values())
    missing = [name for name in needed if name.casefold() not in names]
    if missing:
        raise UnreadableFile(
            f"A {file_of} needs the column{'s' * (len(missing) > 1)} {', '.join(missing)} too. Export all columns again."
        )


def plain_names(header: Iterable[str], *, aliases: Mapping[str, str] = NO_ALIASES) -> dict[str, str]:
    """The plain name of every column. A newer name gives way where the file has the older one as well."""
    lowered = {name: name.casefold() for name in header if name}
    known = set(lowered.values())
    return {
        name: aliases[plain] if plain in aliases and aliases[plain] not in known else plain
        for name, plain in lowered.items()
    }


def read_plainly(source: Source, *, aliases: Mapping[str, str] = NO_ALIASES) -> Iterator[Record | RowError]:
    """The records of a file by plain column name."""
    names = plain_names(source.header, aliases=aliases)
    for record in source.records():
        if isinstance(record, RowError):
            yield record
        else:
            named = names or plain_names(record.cells, aliases=aliases)
            yield Record(record.line, {named[name]: cell for name, cell in record.cells.items()})


def read_each(
    records: Iterable[Record | RowError], read_record: Callable[[Record], ProductRow | None]
) -> Iterator[ProductRow | RowError]:
    """What a reader makes of each record; None is left out, and a cell that cannot be read becomes its row's error."""
    for record in records:
        if isinstance(record, RowError):
            yield record
            continue
        try:
            row = read_record(record)
        except UnreadableCell as error:
            yield error.at_line(record.line)
        else:
            if row is not None:
                yield row


def spell_columns(
    rows: Iterable[ProductRow | RowError], *, source: Source, aliases: Mapping[str, str]
) -> Iterator[ProductRow | RowError]:
    """The rows, and the errors with the name that their column has in this very file."""
    spellings = {plain: name for name, plain in plain_names(source.header, aliases=aliases).items()}
    for row in rows:
        if isinstance(row, RowError) and (name := spellings.get(row.column.casefold(), row.column)) != row.column:
            row = replace(row, column=name)
        yield row


def read_marks(
    source: Source, *, numeric: Mapping[str, str], aliases: Mapping[str, str] = NO_ALIASES
) -> dict[str, DecimalMark | None]:
    """The decimal mark of each column of `numeric`, which maps keys to plain names."""
    spellings = {plain: name for name, plain in plain_names(source.header, aliases=aliases).items()}
    return detect_marks(source, columns={key: spellings.get(plain, plain) for key, plain in numeric.items()})
