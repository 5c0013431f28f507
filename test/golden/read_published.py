"""What three readers of other people see in a published Delta table: deltalake, polars and duckdb.

Run with Python 3.11, deltalake 1.6.6, polars 2.1.0, duckdb 2.0.0, pyarrow 26.0.1 (see requirements-readers.txt):

    pip install -r test/golden/requirements-readers.txt
    python test/golden/read_published.py <folder of a table, or of a lake that holds tables>

Prints one JSON object, `{"tables": {<folder under the lake>: {"path", "version", "files", "readers": {...}}}}`. Per reader: the
rows, the columns in order, the types of `dni` and `fecha_modelo`, the rows of each fecha_modelo, and the sha256 of all
dnis, sorted by code point, each followed by a line feed (null where a table has no such column). duckdb is given the
files that the table's log lists, as Hive partitions, and finds types by itself. Exits with 1, and the same JSON, where
the readers disagree on rows, rows per date or dnis; `agree` says so for each table.
"""

import hashlib
import json
import sys
from collections import Counter
from pathlib import Path

import duckdb
import polars as pl
import pyarrow as pa
from deltalake import DeltaTable

DNI = "dni"
DATE = "fecha_modelo"


def find_tables(folder: Path) -> list[Path]:
    tables = sorted({log.parent for log in folder.rglob("_delta_log") if log.is_dir()})
    if not tables:
        sys.exit(f"Expected a Delta table or a folder that holds some, found no _delta_log under {folder}")
    return tables


def report(columns: list[str], types: dict[str, str], rows: int, dnis: list | None, dates: list | None) -> dict:
    return {
        "rows": rows,
        "columns": columns,
        "types": {name: types.get(name) for name in (DNI, DATE)},
        "rows_by_fecha_modelo": None if dates is None else dict(sorted(Counter(map(str, dates)).items())),
        "dnis_sha256": None if dnis is None else sha256_of(dnis),
    }


def sha256_of(dnis: list) -> str:
    digest = hashlib.sha256()
    for dni in sorted(map(str, dnis)):
        digest.update(dni.encode() + b"\n")
    return digest.hexdigest()


def of_arrow(table: pa.Table) -> dict:
    def values(name: str) -> list | None:
        return table[name].to_pylist() if name in table.column_names else None

    types = {field.name: str(field.type) for field in table.schema}
    return report(table.column_names, types, table.num_rows, values(DNI), values(DATE))


def by_deltalake(table: DeltaTable) -> dict:
    return of_arrow(table.to_pyarrow_table())


def by_polars(path: Path) -> dict:
    eager = pl.read_delta(str(path))
    # The lazy reader has its own code for pruning and projection; it is made to prove that it sees the same rows.
    lazy_rows = pl.scan_delta(str(path)).select(pl.len()).collect().item()

    def values(name: str) -> list | None:
        return eager[name].to_list() if name in eager.columns else None

    types = {name: str(kind) for name, kind in eager.schema.items()}
    seen = report(eager.columns, types, eager.height, values(DNI), values(DATE))
    return {**seen, "lazy_rows": lazy_rows}


def by_duckdb(files: list[str]) -> dict:
    if not files:
        return report([], {}, 0, None, None)
    with duckdb.connect() as connection:
        relation = connection.read_parquet(files, hive_partitioning=True)
        types = dict(zip(relation.columns, map(str, relation.types)))

        def values(name: str) -> list | None:
            return [row[0] for row in relation.project(name).fetchall()] if name in types else None

        rows = relation.aggregate("count(*)").fetchall()[0][0]
        return report(relation.columns, types, rows, values(DNI), values(DATE))


def read_table(path: Path) -> dict:
    table = DeltaTable(path)
    files = sorted(table.file_uris())
    readers = {"deltalake": by_deltalake(table), "polars": by_polars(path), "duckdb": by_duckdb(files)}
    first, *others = readers.values()
    # An empty table has no file for duckdb to find a column in: only the rows are then compared.
    compared = ("rows", "rows_by_fecha_modelo", "dnis_sha256") if files else ("rows",)
    agree = all(other[key] == first[key] for other in others for key in compared)
    agree = agree and readers["polars"]["lazy_rows"] == first["rows"]
    return {
        "path": str(path),
        "version": table.version(),
        "partition_columns": table.metadata().partition_columns,
        "files": len(files),
        "agree": agree,
        "readers": readers,
    }


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit("Expected one argument: the folder of a Delta table, or of a lake that holds tables")
    root = Path(sys.argv[1]).resolve()
    tables = {}
    for path in find_tables(root):
        name = path.name if path == root else str(path.relative_to(root))
        tables[name] = read_table(path)
    print(json.dumps({"tables": tables}, indent=2, ensure_ascii=False))
    if not all(table["agree"] for table in tables.values()):
        sys.exit(1)


if __name__ == "__main__":
    main()
