"""Scaling, k-means and nearest neighbours of scikit-learn over the golden feature tables.

Run with Python 3.11, scikit-learn 1.9.1, numpy 2.4.6, scipy 1.17.1, pyarrow 26.0.1 (see requirements.txt), after
features_pandas.py, from the root of the project:

    pip install -r test/golden/requirements.txt
    python test/golden/clusters_sklearn.py

Reads features-completejourney-<fecha_modelo>.parquet beside this file, writes clusters-completejourney.json:
for each date

- `scaler`: mean and scale of every column (population deviation; scale 1 where a column is constant). The scaled matrix
  is rounded to float32, and everything below is computed in float64 from those float32 values;
- `given`: six rows as initial centroids (rows 0, n/6, 2n/6, ... rounded down), the inertia of those centroids before
  any iteration, and what Lloyd's algorithm reaches from them;
- `best`: the least inertia of k-means++ with ten starts for each random state tried, the sizes and labels of the best
  (labels as one digit a row, renumbered by first appearance);
- `neighbours`: the ten nearest other customers (Euclidean) of the first fifty, nearest first, equal distances by row.
"""

import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from sklearn.cluster import KMeans
from sklearn.metrics import pairwise_distances_argmin
from sklearn.neighbors import NearestNeighbors
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

DATES = ["2017-07-03", "2017-12-25"]
CLUSTERS = 6
STARTS = 10
RANDOM_STATES = [0, 1, 2, 3]
QUERIES = 50
NEIGHBOURS = 10

HERE = Path(__file__).parent


def inertia_of(matrix: np.ndarray, centroids: np.ndarray) -> tuple[float, np.ndarray]:
    labels = pairwise_distances_argmin(matrix, centroids)
    return float(((matrix - centroids[labels]) ** 2).sum()), labels


def sizes(labels: np.ndarray) -> list[int]:
    return np.bincount(labels, minlength=CLUSTERS).tolist()


def by_first_appearance(labels: np.ndarray) -> np.ndarray:
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[inverse]


def given_start(matrix: np.ndarray) -> dict:
    rows = [len(matrix) * i // CLUSTERS for i in range(CLUSTERS)]
    inertia, labels = inertia_of(matrix, matrix[rows])
    # tol=0 iterates until no label changes, so that another implementation ends at the same centroids.
    model = KMeans(CLUSTERS, init=matrix[rows], n_init=1, tol=0, max_iter=1000, algorithm="lloyd").fit(matrix)
    return {
        "rows": rows,
        "inertia_before": inertia,
        "sizes_before": sizes(labels),
        "inertia_converged": float(model.inertia_),
        "sizes_converged": sizes(model.labels_),
        "iterations": int(model.n_iter_),
    }


def best_of_random_states(matrix: np.ndarray) -> dict:
    models = [KMeans(CLUSTERS, n_init=STARTS, random_state=state).fit(matrix) for state in RANDOM_STATES]
    best = min(models, key=lambda model: model.inertia_)
    labels = by_first_appearance(best.labels_)
    return {
        "inertia_by_random_state": {str(s): float(m.inertia_) for s, m in zip(RANDOM_STATES, models)},
        "inertia": float(best.inertia_),
        "sizes": sizes(labels),
        "labels": "".join(map(str, labels)),
    }


def nearest(matrix: np.ndarray, dnis: list[str]) -> list[dict]:
    # A k-d tree computes every distance from differences; the brute-force search expands the square and loses digits.
    search = NearestNeighbors(algorithm="kd_tree").fit(matrix)
    # Some more than asked for, so that equal distances at the end are seen before the cut.
    distances, rows = search.kneighbors(matrix[:QUERIES], n_neighbors=NEIGHBOURS + 20)
    found = []
    for query in range(QUERIES):
        # The row of the query itself is left out by its id: a twin at distance 0 stays.
        others = sorted((d, r) for d, r in zip(distances[query].tolist(), rows[query].tolist()) if r != query)
        assert others[NEIGHBOURS - 1][0] < others[-1][0]
        found.append(
            {
                "dni": dnis[query],
                "dnis": [dnis[r] for _, r in others[:NEIGHBOURS]],
                "distances": [d for d, _ in others[:NEIGHBOURS]],
            }
        )
    return found


def of_date(day: str) -> dict:
    table = pq.read_table(HERE / f"features-completejourney-{day}.parquet")
    names = table.column_names[1:]
    features = np.column_stack([table[name].to_numpy() for name in names])
    scaler = StandardScaler().fit(features)
    matrix = scaler.transform(features).astype(np.float32).astype(np.float64)
    return {
        "rows": len(matrix),
        "scaler": {
            "columns": names,
            "mean": scaler.mean_.tolist(),
            "scale": scaler.scale_.tolist(),
        },
        "given": given_start(matrix),
        "best": best_of_random_states(matrix),
        "neighbours": nearest(matrix, table["dni"].to_pylist()),
    }


def main() -> None:
    # One thread: the order of the sums, hence the last digits, would otherwise follow the number of cores.
    with threadpool_limits(limits=1):
        report = {day: of_date(day) for day in DATES}
    path = HERE / "clusters-completejourney.json"
    path.write_text(json.dumps(report, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{path.name}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
