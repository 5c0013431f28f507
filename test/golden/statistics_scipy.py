"""Figures of scipy, scikit-learn and numpy for the kernels that compare clusterings and distributions, over small seeded data.

Run with Python 3.11, scikit-learn 1.9.1, numpy 2.4.6, scipy 1.17.1 (see requirements.txt), from the root of the project:

    pip install -r test/golden/requirements.txt
    python test/golden/statistics_scipy.py

Writes statistics-scipy.json beside this file:

- `assignments`: cost matrices (square, wide, tall, below 0, of few distinct costs) and what
  scipy.optimize.linear_sum_assignment pays. `columns` is the column of each row, -1 for none, where no other pairing
  costs as little (checked with the costs of every pair raised in turn), else null;
- `rand`: pairs of labelings and their adjusted_rand_score;
- `stability`: two samples, the edges of `bins` quantile bins of the first (inverted_cdf, each once, none at its largest
  value), the counts and the index with half a row for an empty bin; and one of counts of categories.
"""

import json
from pathlib import Path

import numpy as np
from scipy.optimize import linear_sum_assignment
from sklearn.metrics import adjusted_rand_score

SEED = 20261122


def assignment(costs: np.ndarray) -> dict:
    rows, columns = linear_sum_assignment(costs)
    cost = float(costs[rows, columns].sum())
    pairing = [-1] * costs.shape[0]
    unique = True
    for row, column in zip(rows.tolist(), columns.tolist()):
        pairing[row] = column
        dearer = costs.copy()
        dearer[row, column] += 1
        others = linear_sum_assignment(dearer)
        unique = unique and float(dearer[others].sum()) > cost + 1e-9
    return {"costs": costs.tolist(), "cost": cost, "columns": pairing if unique else None}


def assignments(random: np.random.Generator) -> list[dict]:
    whole = [random.integers(0, 3, size=shape) for shape in [(6, 6), (4, 9), (9, 4)]]
    fine = [random.normal(size=shape).round(6) for shape in [(1, 1), (1, 7), (7, 1), (12, 12), (8, 15), (15, 8), (40, 40)]]
    return [assignment(costs.astype(np.float64)) for costs in [*whole, *fine]]


def rand(random: np.random.Generator) -> list[dict]:
    base = random.integers(0, 5, size=200)
    noisy = np.where(random.uniform(size=200) < 0.3, random.integers(0, 5, size=200), base)
    pairs = [
        (base, noisy),
        (base, (base * 7 + 3) % 11),
        (base, random.integers(0, 9, size=200)),
        (base, np.zeros(200, dtype=int)),
        (base, np.arange(200)),
        (np.arange(10), np.arange(10)),
        (np.zeros(10, dtype=int), np.arange(10)),
        (np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])),
    ]
    return [{"a": a.tolist(), "b": b.tolist(), "index": float(adjusted_rand_score(a, b))} for a, b in pairs]


def index_of(expected: np.ndarray, actual: np.ndarray) -> float:
    used = (expected > 0) | (actual > 0)
    e = np.where(expected > 0, expected, 0.5)[used] / expected.sum()
    a = np.where(actual > 0, actual, 0.5)[used] / actual.sum()
    return float(((a - e) * np.log(a / e)).sum())


def stability(expected: np.ndarray, actual: np.ndarray, bins: int) -> dict:
    cuts = np.unique(np.quantile(expected, np.arange(1, bins) / bins, method="inverted_cdf"))
    edges = cuts[cuts < expected.max()]
    counts = [
        np.bincount(np.searchsorted(edges, values, side="left"), minlength=len(edges) + 1) for values in (expected, actual)
    ]
    return {
        "samples": [expected.tolist(), actual.tolist()],
        "bins": bins,
        "edges": edges.tolist(),
        "counts": [each.tolist() for each in counts],
        "index": index_of(*counts),
    }


def stabilities(random: np.random.Generator) -> list[dict]:
    normal = random.normal(size=160).round(4)
    moved = random.normal(0.4, 1.2, size=120).round(4)
    few = random.poisson(1.0, size=160).astype(float)
    more = random.poisson(1.6, size=120).astype(float)
    return [
        stability(normal, moved, 10),
        stability(normal, moved + 2, 8),
        stability(few, more, 10),
        stability(np.full(30, 4.0), moved, 10),
        stability(normal, normal, 16),
    ]


def main() -> None:
    random = np.random.default_rng(SEED)
    categories = [np.array([40, 0, 25, 35, 0]), np.array([20, 3, 0, 70, 0])]
    report = {
        "assignments": assignments(random),
        "rand": rand(random),
        "stability": stabilities(random),
        "categories": {"counts": [each.tolist() for each in categories], "index": index_of(*categories)},
    }
    path = Path(__file__).parent / "statistics-scipy.json"
    path.write_text(json.dumps(report, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{path.name}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
