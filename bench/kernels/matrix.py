"""The matrices of the bench: float32, row-major, little-endian, nothing else in the file."""

import numpy as np


def read_matrix(matrix):
    return np.fromfile(matrix["file"], dtype="<f4").reshape(matrix["rows"], matrix["columns"])
