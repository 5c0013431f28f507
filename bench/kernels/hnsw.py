"""A graph of neighbours (HNSW), built or asked: `hnsw.py faiss`."""

import faiss
import numpy as np

from driver import drive
from matrix import read_matrix
from others import write_others


def prepare(settings):
    matrix, k, queries = read_matrix(settings["matrix"]), settings["k"], np.array(settings["queries"])

    def build():
        # On level 0 a point has twice as many links, as in usearch.
        index = faiss.IndexHNSWFlat(matrix.shape[1], settings["connectivity"])
        index.hnsw.efConstruction = settings["adding"]
        index.hnsw.efSearch = settings["searching"]
        index.add(matrix)
        return index

    def ask(index):
        # One more, for the row itself.
        return index.search(matrix[queries], k + 1)[1]

    made = build() if settings["timed"] == "query" else None

    def run():
        return (build(), None) if made is None else (made, ask(made))

    def tell(result):
        index, found = result
        return write_others(ask(index) if found is None else found, queries, settings)

    return run, tell


if __name__ == "__main__":
    drive(prepare)
