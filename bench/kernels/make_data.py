"""Makes the data of the bench, the same bytes for the same arguments and versions:

    python make_data.py <kind> <rows> <customers> <seed> <file>

aggregated    rows x 24 float32, row-major, little-endian: customers as the segmentation DAG sees card holders. Each has one
              of eight kinds of life, which says how often and for how much he buys of eleven rubros: a rate from a gamma
              distribution, a number of purchases from a Poisson distribution with it (many are zero), a mean amount from a
              gamma distribution, times how busy and how rich he is. `log1p`, and standard-scaled.
gaussian      rows x 24 float32: independent standard normal values. Nothing to find in it, the worst case of a search.
transactions  Parquet: that many rows of card purchases over a year, of `customers` customers; made and written in parts, so that
              50 million take no more memory than a few.
segments      Parquet: that many rows as `clientes_segmentados` has them.
"""

import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

RUBROS = [
    "supermercado", "panadería", "farmacia", "salud", "restaurantes", "delivery", "electrónica", "viajes", "hoteles",
    "combustible", "indumentaria", "entretenimiento", "hogar", "mascotas", "educación", "seguros", "telefonía", "joyería",
]  # fmt: skip
CANALES = ["pos", "web", "app"]
KINDS = 8
COLUMNS = 24
PART_ROWS = 5_000_000


def aggregated(rows, random):
    """Number and mean amount of eleven rubros, the total number and the recency: 24 columns."""
    kind = random.choice(KINDS, rows, p=np.arange(KINDS, 0, -1) / (KINDS * (KINDS + 1) / 2))
    often = random.gamma(0.8, 3.0, (KINDS, 11))
    spends = random.gamma(2.0, 1500.0, (KINDS, 11))
    # Who buys much of one thing buys more of the others too; so it is with amounts.
    busy = random.gamma(1.2, 1 / 1.2, rows)
    rich = random.lognormal(0, 0.6, rows)
    matrix = np.empty((rows, COLUMNS))
    for rubro in range(11):
        rate = random.gamma(1.5, 1 / 1.5, rows) * often[kind, rubro] * busy
        count = random.poisson(rate)
        amount = random.gamma(3.0, 1 / 3.0, rows) * spends[kind, rubro] * rich
        matrix[:, rubro] = np.log1p(count)
        matrix[:, 11 + rubro] = np.log1p(np.where(count > 0, amount, 0))
    total = np.expm1(matrix[:, :11]).sum(axis=1)
    matrix[:, 22] = np.log1p(total)
    matrix[:, 23] = 1 + random.gamma(1.0, 60 / (1 + total))
    return ((matrix - matrix.mean(axis=0)) / matrix.std(axis=0)).astype("<f4")


def gaussian(rows, random):
    return random.standard_normal((rows, COLUMNS), dtype=np.float32).astype("<f4")


def names(prefix, width, numbers):
    """Texts such as `D0000017`, as one dictionary."""
    values = pa.array([f"{prefix}{i:0{width}}" for i in range(int(numbers.max()) + 1)])
    return pa.DictionaryArray.from_arrays(pa.array(numbers.astype("int32")), values).cast(pa.string())


def one_of(words, numbers):
    return pa.DictionaryArray.from_arrays(pa.array(numbers.astype("int8")), pa.array(words)).cast(pa.string())


def transactions(rows, customers, random):
    """Customers differ in how often they buy and in what; every one has a row. Gives tables of `PART_ROWS` rows at most."""
    weights = random.gamma(0.7, 1.0, customers) + 0.02
    customer = np.concatenate([np.arange(customers), random.choice(customers, rows - customers, p=weights / weights.sum())])
    random.shuffle(customer)
    taste = random.gamma(0.5, 1.0, (KINDS, len(RUBROS))) + 0.01
    bounds = np.cumsum(taste / taste.sum(axis=1, keepdims=True), axis=1)
    for first in range(0, rows, PART_ROWS):
        yield purchases(customer[first : first + PART_ROWS], bounds, random)


def purchases(customer, bounds, random):
    rows = len(customer)
    kind = (customer * 2_654_435_761 % 2**32) % KINDS
    rubro = np.minimum((random.random(rows)[:, None] > bounds[kind]).sum(axis=1), len(RUBROS) - 1)
    canal = random.choice(len(CANALES), rows, p=[0.6, 0.25, 0.15])
    cents = np.maximum(1, random.gamma(1.6, 250_000, rows).astype("int64"))
    seconds = random.integers(0, 365 * 86_400, rows)
    moment = np.datetime64("2025-11-16", "s") + seconds.astype("timedelta64[s]")
    return pa.table(
        {
            "dni": names("", 8, customer),
            "fecha": pa.array(moment.astype("datetime64[us]")),
            "rubro": one_of(RUBROS, rubro),
            "canal": one_of(CANALES, canal),
            "monto": pa.array(cents / 100),
            "ubicacion": names("L", 4, random.integers(0, 2_000, rows)),
            "producto": names("P", 5, random.integers(0, 20_000, rows)),
        }
    )


def segments(rows, random):
    cluster = random.integers(0, 8, rows)
    return pa.table(
        {
            "dni": names("", 8, np.arange(rows)),
            "cluster_id": pa.array(cluster.astype("int32")),
            "cluster_nombre": one_of([f"{rubro}, frecuentes" for rubro in RUBROS[:8]], cluster),
            "rubro_top": one_of(RUBROS, random.integers(0, len(RUBROS), rows)),
            **{f"score_{name}": pa.array(random.random(rows)) for name in ("supermercado", "farmacia", "restaurante")},
            "motivo": pa.nulls(rows, pa.string()),
        }
    )


def main(kind, rows, customers, seed, file):
    random = np.random.default_rng(int(seed))
    rows, customers = int(rows), int(customers)
    if kind == "aggregated":
        aggregated(rows, random).tofile(file)
    elif kind == "gaussian":
        gaussian(rows, random).tofile(file)
    elif kind == "transactions":
        parts = transactions(rows, customers, random)
        first = next(parts)
        with pq.ParquetWriter(file, first.schema) as writer:
            writer.write_table(first)
            for part in parts:
                writer.write_table(part)
    else:
        pq.write_table(segments(rows, random), file)


if __name__ == "__main__":
    main(*sys.argv[1:])
