"""The nearest neighbours of every row among all others, exact, by faiss: `knn.py faiss`."""

import faiss
import numpy as np

from driver import drive
from matrix import read_matrix
from others import write_others


def prepare(settings):
    matrix, k = read_matrix(settings["matrix"]), settings["k"]

    def run():
        index = faiss.IndexFlatL2(matrix.shape[1])
        index.add(matrix)
        # One more, for the row itself.
        _, found = index.search(matrix, k + 1)
        return found

    return run, lambda found: write_others(found, np.arange(len(matrix)), settings)


if __name__ == "__main__":
    drive(prepare)
