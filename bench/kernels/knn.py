"""The nearest neighbours of every row among all others, exact, by faiss: `knn.py faiss`."""

from pathlib import Path

import faiss
import numpy as np

from driver import drive
from matrix import read_matrix


def prepare(settings):
    matrix, k = read_matrix(settings["matrix"]), settings["k"]

    def run():
        index = faiss.IndexFlatL2(matrix.shape[1])
        index.add(matrix)
        # One more, for the row itself.
        _, found = index.search(matrix, k + 1)
        return found

    def tell(found):
        rows = np.arange(len(matrix))
        # The row itself is taken out; where k + 1 others are as near as itself, the last one.
        own = found == rows[:, None]
        own[~own.any(axis=1), -1] = True
        file = Path(settings["out"], "neighbours.i32")
        found[~own].astype("<i4").tofile(file)
        return {"neighbours": str(file)}

    return run, tell


if __name__ == "__main__":
    drive(prepare)
