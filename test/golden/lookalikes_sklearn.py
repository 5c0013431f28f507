"""Points, neighbours and principal components of real customers, by pandas and scikit-learn.

Run with Python 3.11 and what requirements.txt names, from the root of the project:

    pip install -r test/golden/requirements.txt
    python test/golden/lookalikes_sklearn.py ../shared/data/customer_personality/marketing_campaign.csv

Writes lookalikes-customer-personality.json beside this file. The encoding is written here a second time, from its
description: numbers with the median where they are missing or impossible (birth years before 1910, an income of
666,666) and a column that says so; log1p of amounts and counts whose skewness is above 1; a column for each value of a
category; days as they are; columns of one value dropped. Every source column counts as one feature (see `blocks`).

- `columns`, `means`, `scales`: of the encoded columns, and what each is divided by;
- `neighbours`: of every seventh customer, in order of the ids as text, the ten nearest others (Euclidean) and their
  distances: nearest first, equal distances by id;
- `twins`: how many customers have another one at distance 0;
- `pca`: the ratios of the explained variance and the loadings of the first five components, and their coordinates for
  the same customers.
"""

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.decomposition import PCA
from sklearn.neighbors import NearestNeighbors

EVERY = 7
NEIGHBOURS = 10
COMPONENTS = 5
AMOUNTS = [
    "Income", "Kidhome", "Teenhome", "MntWines", "MntFruits", "MntMeatProducts", "MntFishProducts", "MntSweetProducts",
    "MntGoldProds", "NumDealsPurchases", "NumWebPurchases", "NumCatalogPurchases", "NumStorePurchases",
    "NumWebVisitsMonth", "Z_CostContact",
]  # fmt: skip


def encode(table: pd.DataFrame) -> list[tuple[str, str, np.ndarray]]:
    """Source column, what kind of column, values: in the order of the source's columns."""
    columns = []

    def number(name: str, values: pd.Series, may_be_skewed: bool) -> None:
        known = values.dropna()
        skewness = ((known - known.mean()) ** 3).mean() / known.std(ddof=0) ** 3 if known.std(ddof=0) > 0 else 0
        filled = values.fillna(known.median()).to_numpy(float)
        columns.append((name, "number", np.log1p(filled) if may_be_skewed and skewness > 1 else filled))
        columns.append((name, "indicator", values.isna().to_numpy(float)))

    def category(name: str) -> None:
        for value in sorted(table[name].unique()):
            columns.append((name, "choice", (table[name] == value).to_numpy(float)))

    number("Year_Birth", table["Year_Birth"].where(table["Year_Birth"] >= 1910).astype(float), False)
    category("Education")
    category("Marital_Status")
    for name in AMOUNTS:
        values = table[name].astype(float)
        number(name, values.where(values != 666666) if name == "Income" else values, True)
    number("Recency", table["Recency"].astype(float), False)
    return [column for column in columns if np.ptp(column[2]) > 0]


def blocks(columns: list[tuple[str, str, np.ndarray]]) -> np.ndarray:
    """What each column is divided by."""
    frame = pd.DataFrame(
        [(source, kind, values.var()) for source, kind, values in columns], columns=["source", "kind", "variance"]
    )
    scales = np.empty(len(frame))
    for _, own in frame.groupby("source"):
        part = np.empty(len(own))
        for kind, of_kind in own.groupby("kind"):
            least = {"number": 0, "choice": 0.5, "indicator": 0.25}[kind]
            part[own.index.get_indexer(of_kind.index)] = np.sqrt(max(of_kind["variance"].sum(), least))
        total = (own["variance"].to_numpy() / part**2).sum()
        scales[own.index] = part * np.sqrt(max(total, 1))
    return scales


def neighbours(ids: np.ndarray, points: np.ndarray, queries: np.ndarray) -> list[dict]:
    # A k-d tree computes every distance from differences; the brute-force search expands the square and loses digits.
    search = NearestNeighbors(algorithm="kd_tree").fit(points)
    distances, rows = search.kneighbors(points[queries], n_neighbors=NEIGHBOURS + 10)
    found = []
    for query, d, r in zip(queries, distances, rows):
        others = sorted((a, ids[b]) for a, b in zip(d, r) if b != query)[:NEIGHBOURS]
        found.append({"id": ids[query], "ids": [i for _, i in others], "distances": [round(a, 6) for a, _ in others]})
    return found


def main() -> None:
    table = pd.read_csv(sys.argv[1], sep=";", encoding="utf-8-sig")
    table = table.assign(ID=table["ID"].astype(str)).sort_values("ID").reset_index(drop=True)
    columns = encode(table)
    encoded = np.column_stack([values for _, _, values in columns]).astype(np.float32).astype(float)
    scales = blocks(columns)
    points = ((encoded - encoded.mean(axis=0)) / scales).astype(np.float32).astype(float)
    ids = table["ID"].to_numpy()
    queries = np.arange(0, len(ids), EVERY)
    nearest = NearestNeighbors(algorithm="kd_tree").fit(points).kneighbors(points, n_neighbors=2)[0][:, 1]
    pca = PCA(n_components=COMPONENTS, svd_solver="full").fit(points)
    report = {
        "columns": [f"{source} {kind}" for source, kind, _ in columns],
        "means": [round(float(mean), 6) for mean in encoded.mean(axis=0)],
        "scales": [round(float(scale), 6) for scale in scales],
        "neighbours": neighbours(ids, points, queries),
        "twins": int((nearest == 0).sum()),
        "pca": {
            "ratios": [round(float(ratio), 9) for ratio in pca.explained_variance_ratio_],
            "loadings": [[round(float(x), 7) for x in axis] for axis in pca.components_],
            "coordinates": [[round(float(x), 5) for x in row] for row in pca.transform(points[queries])],
        },
    }
    path = Path(__file__).parent / "lookalikes-customer-personality.json"
    path.write_text(json.dumps(report, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{path.name}: {path.stat().st_size} bytes, {len(columns)} columns, {report['twins']} twins")


if __name__ == "__main__":
    main()
