"""Figures of scikit-learn for the numeric kernels, over a small seeded table.

Run with Python 3.11, scikit-learn 1.9.1, numpy 2.4.6, scipy 1.17.1 (see requirements.txt), from the root of the project:

    pip install -r test/golden/requirements.txt
    python test/golden/kernels_sklearn.py

Writes kernels-sklearn.json beside this file:

- `table`: four columns in five overlapping groups, one of large mean, one constant (0.1), one of which only the last
  bit varies (1e8). The last rows repeat the first, so that there are exact duplicates. `scaler` is StandardScaler over
  it, `scaled` its output rounded to float32. Everything below is computed in float64 from those float32 values;
- `given`: Lloyd's algorithm from given rows as centroids: the inertia before any iteration, after three, at the default
  tolerance, and when no label changes any more;
- `empty`: the same with one more centroid far from every point, which scikit-learn relocates;
- `silhouettes`: of the labels in `given`, and of the same with the first row in a cluster of its own;
- `neighbours`: of every row the nearest others (Euclidean), nearest first, equal distances by row;
- `best`: inertia of k-means++ with ten starts, for each k up to the number of groups. Beyond it, ten starts end in
  local optima that differ from one random state to the next;
- `single_starts`: the mean inertia of k-means++ with one start, over 200 random states, for each k.
"""

import json
from pathlib import Path

import numpy as np
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score
from sklearn.neighbors import NearestNeighbors
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

SEED = 20261116
ROWS = 240
REPEATED = 8
GROUPS = 5
CLUSTERS = 5
NEIGHBOURS = 5
STARTS = 10
RANDOM_STATES = 200
SINGLE_START_KS = range(2, 10)


def table() -> np.ndarray:
    random = np.random.default_rng(SEED)
    group = random.integers(GROUPS, size=ROWS)
    centres = random.uniform(-4, 4, size=(GROUPS, 4))
    grouped = centres[group] + random.normal(size=(ROWS, 4))
    large = 1e6 + random.normal(size=ROWS)
    constant = np.full(ROWS, 0.1)
    last_bit = 1e8 + np.spacing(1e8) * random.integers(2, size=ROWS)
    # Rounded to keep the file short; the column whose last bit matters is not.
    columns = np.column_stack([grouped.round(3), large.round(3), constant, last_bit])
    columns[-REPEATED:] = columns[:REPEATED]
    return columns


def inertia_of(matrix: np.ndarray, centroids: np.ndarray) -> float:
    return float(((matrix[:, None, :] - centroids[None]) ** 2).sum(axis=2).min(axis=1).sum())


def lloyd(matrix: np.ndarray, initial: np.ndarray, **options) -> dict:
    model = KMeans(len(initial), init=initial, n_init=1, algorithm="lloyd", **options).fit(matrix)
    return {
        "labels": model.labels_.tolist(),
        "centroids": model.cluster_centers_.tolist(),
        "inertia": float(model.inertia_),
        "iterations": int(model.n_iter_),
    }


def from_given(matrix: np.ndarray) -> dict:
    rows = list(range(CLUSTERS))
    initial = matrix[rows]
    return {
        "rows": rows,
        "inertia_before": inertia_of(matrix, initial),
        "three_iterations": lloyd(matrix, initial, max_iter=3, tol=0),
        "default_tolerance": lloyd(matrix, initial),
        "converged": lloyd(matrix, initial, max_iter=1000, tol=0),
    }


def from_far_centroid(matrix: np.ndarray) -> dict:
    initial = np.vstack([matrix[:CLUSTERS], np.full((1, matrix.shape[1]), 100.0)])
    return {
        "initial": initial.tolist(),
        "one_iteration": lloyd(matrix, initial, max_iter=1, tol=0),
        "converged": lloyd(matrix, initial, max_iter=1000, tol=0),
    }


def silhouettes(matrix: np.ndarray, labels: list[int]) -> list[dict]:
    alone = [CLUSTERS, *labels[1:]]
    return [{"labels": each, "mean": float(silhouette_score(matrix, each))} for each in (labels, alone)]


def neighbours(matrix: np.ndarray) -> dict:
    # A k-d tree computes every distance from differences; the brute-force search expands the square and loses digits.
    search = NearestNeighbors(algorithm="kd_tree").fit(matrix)
    # Some more than asked for, so that equal distances at the end are seen before the cut.
    distances, rows = search.kneighbors(matrix, n_neighbors=NEIGHBOURS + 10)
    found = []
    for query in range(len(matrix)):
        others = sorted((d, r) for d, r in zip(distances[query].tolist(), rows[query].tolist()) if r != query)
        assert others[NEIGHBOURS - 1][0] < others[-1][0]
        found.append(others[:NEIGHBOURS])
    return {
        "rows": [[r for _, r in each] for each in found],
        "distances": [[d for d, _ in each] for each in found],
    }


def best(matrix: np.ndarray, k: int) -> dict:
    return {"k": k, "inertia": float(KMeans(k, n_init=STARTS, random_state=0).fit(matrix).inertia_)}


def single_starts(matrix: np.ndarray, k: int) -> dict:
    models = [KMeans(k, n_init=1, random_state=state).fit(matrix) for state in range(RANDOM_STATES)]
    return {"k": k, "inertia": float(np.mean([model.inertia_ for model in models]))}


def main() -> None:
    columns = table()
    scaler = StandardScaler().fit(columns)
    scaled = scaler.transform(columns).astype(np.float32)
    matrix = scaled.astype(np.float64)
    # One thread: the order of the sums, hence the last digits, would otherwise follow the number of cores.
    with threadpool_limits(limits=1):
        given = from_given(matrix)
        report = {
            "table": columns.tolist(),
            "scaler": {"means": scaler.mean_.tolist(), "scales": scaler.scale_.tolist()},
            "scaled": [[float(str(value)) for value in row] for row in scaled],
            "given": given,
            "empty": from_far_centroid(matrix),
            "silhouettes": silhouettes(matrix, given["converged"]["labels"]),
            "neighbours": neighbours(matrix),
            "best": [best(matrix, k) for k in range(1, GROUPS + 1)],
            "single_starts": [single_starts(matrix, k) for k in SINGLE_START_KS],
        }
    path = Path(__file__).parent / "kernels-sklearn.json"
    path.write_text(json.dumps(report, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{path.name}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
