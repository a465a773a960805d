"""faiss: nearest neighbours, exact while that is cheap, approximate with measured recall beyond."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from governance.adapters.openmp import sleep_while_waiting
from governance.errors import MissingExtra
from governance.telling import tell

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

EXACT_ROWS = 50_000
"""Above it the approximate index is faster: exact search grows with the square of the rows."""
RECALL_SAMPLE = 1000
"""Rows on which the approximate search is compared with the exact one."""
RECALL_WANTED = 0.95
"""Search effort is raised until the sample shows it: the last four neighbours in a hundred cost as much as all others.
What was reached is part of the result."""
EFFORTS = (32, 48, 64, 96, 128, 192, 256, 512)
LINKS, BUILDING = 32, 40
"""Links of a row in the graph, and the effort with which they are chosen."""
CUT_OFF, LEARNT = 0.001, 100_000
"""Bytes divide each dimension between these quantiles of so many rows; what lies beyond counts as the quantile."""
THREADS = 2
_SPARE = 6
"""Neighbours beyond k that are fetched, so that single-precision ties at the edge are settled in double precision."""
_BLOCK = 20_000


@dataclass(frozen=True)
class Nearest:
    """The k nearest other rows of each row."""

    index: NDArray[np.int64]
    """(rows, k), nearest first; equally near ones in the order of `rank`."""
    distance: NDArray[np.float64]
    """(rows, k), Euclidean."""
    method: str
    recall: float | None
    """Share of the true k nearest that were found, on a sample; None when the search is exact."""
    sample: int


def _library() -> Any:
    """The library, with its threads fixed, told as the step that a search is."""
    tell("neighbours")
    sleep_while_waiting()
    try:
        import faiss
    except ImportError:
        raise MissingExtra("faiss-cpu") from None
    faiss.omp_set_num_threads(THREADS)
    return faiss


def nearest(vectors: NDArray[np.float32], k: int, rank: NDArray[np.int64], *, exact_rows: int = EXACT_ROWS) -> Nearest:
    """The `k` nearest other rows of each row of `vectors` (n, d), finite, by Euclidean distance.

    `rank` (n,) orders rows that are equally near. Raises ValueError unless 1 <= k < n.
    """
    faiss = _library()
    import numpy as np

    from governance.measures.evenly_spaced import evenly_spaced

    rows, width = vectors.shape
    if not 1 <= k < rows:
        raise ValueError(f"{k} neighbours of {rows} rows; there must be more rows than neighbours")
    vectors = np.ascontiguousarray(vectors, dtype=np.float32)
    fetched = min(rows, k + 1 + _SPARE)
    exact = faiss.IndexFlatL2(width)
    exact.add(vectors)
    if rows <= exact_rows:
        index, distance = _search(exact, vectors, np.arange(rows), fetched, k, rank)
        return Nearest(index, distance, "exact search", None, 0)
    # Rows stand in order of their hashes, so evenly spaced ones are a random sample that repeats.
    sample = evenly_spaced(rows, RECALL_SAMPLE)
    truth, truth_distance = _search(exact, vectors, sample, fetched, k, rank)
    for stored in ("bytes", "numbers"):
        approximate = _graph(vectors, stored)
        recall = 0.0
        for effort in EFFORTS:
            approximate.hnsw.efSearch = max(effort, fetched)
            found, found_distance = _search(approximate, vectors, sample, fetched, k, rank)
            recall = _recall(truth, truth_distance, found, found_distance)
            if recall >= RECALL_WANTED:
                break
        if recall >= RECALL_WANTED:
            break
    index, distance = _search(approximate, vectors, np.arange(rows), fetched, k, rank)
    short = np.flatnonzero(np.isinf(distance[:, -1]))
    if short.size:
        index[short], distance[short] = _search(exact, vectors, short, fetched, k, rank)
    method = f"approximate search (HNSW of {stored}, {LINKS} links, search effort {approximate.hnsw.efSearch})"
    return Nearest(index, distance, method, recall, sample.size)


def nearest_to(
    vectors: NDArray[np.float32],
    asked: NDArray[np.float32],
    k: int,
    rank: NDArray[np.int64],
    *,
    exact_rows: int = EXACT_ROWS,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """(queries, rows, k) the `k` rows of `vectors` (rows, d) that are nearest to each of `asked` (queries, rows, d), and
    their distances; the row itself is none of them.

    Above `exact_rows` the search is approximate, for what is far nearer than the rows are to each other.
    """
    faiss = _library()
    import numpy as np

    rows, width = vectors.shape
    vectors = np.ascontiguousarray(vectors, dtype=np.float32)
    fetched = min(rows, k + 1 + _SPARE)
    if rows <= exact_rows:
        searched = faiss.IndexFlatL2(width)
        searched.add(vectors)
    else:
        searched = _graph(vectors, "numbers")
        searched.hnsw.efSearch = EFFORTS[2]
    every = np.arange(rows)
    found = [_search(searched, vectors, every, fetched, k, rank, np.ascontiguousarray(one)) for one in asked]
    return np.stack([index for index, _ in found]), np.stack([distance for _, distance in found])


def _graph(vectors: NDArray[np.float32], stored: str) -> Any:
    """HNSW of `vectors`, each number of them stored in one byte, or as it is.

    Most of the time goes into fetching vectors from memory, and bytes are a quarter of it. Which candidates are
    nearest is always settled by the numbers themselves; where bytes are too coarse, the recall shows it.
    """
    import faiss
    import numpy as np

    from governance.measures.evenly_spaced import evenly_spaced

    rows, width = vectors.shape
    faiss.omp_set_num_threads(1)  # with more threads graph, and cuts, hang on which was faster
    if stored == "bytes":
        kinds: Any = faiss.ScalarQuantizer
        graph: Any = faiss.IndexHNSWSQ(width, kinds.QT_8bit, LINKS)
        storage: Any = faiss.downcast_index(graph.storage)
        quantiser = storage.sq
        quantiser.rangestat, quantiser.rangestat_arg = kinds.RS_quantiles, CUT_OFF
        learnt = evenly_spaced(rows, LEARNT)
        graph.train(np.ascontiguousarray(vectors[learnt]))
    else:
        graph = faiss.IndexHNSWFlat(width, LINKS)
    graph.hnsw.efConstruction = BUILDING
    graph.add(vectors)
    faiss.omp_set_num_threads(THREADS)  # a search gives the same, whoever runs it
    return graph


def _recall(
    truth: NDArray[np.int64],
    truth_distance: NDArray[np.float64],
    found: NDArray[np.int64],
    found_distance: NDArray[np.float64],
) -> float:
    """Share of found neighbours that are true ones, or as near as the farthest true one."""
    import numpy as np

    same = (found[:, :, None] == truth[:, None, :]).any(axis=2)
    as_near = found_distance <= truth_distance[:, -1:] * (1 + 1e-9)
    return float(np.mean(same | as_near))


def _search(
    searched: Any,
    vectors: NDArray[np.float32],
    rows: NDArray[np.int64],
    fetched: int,
    k: int,
    rank: NDArray[np.int64],
    asked: NDArray[np.float32] | None = None,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The k nearest others of `rows`, with distances in double precision: faiss's own lose digits near zero.

    `asked`: what is looked for instead of each of `vectors`.
    """
    import numpy as np

    asked = vectors if asked is None else asked
    index = np.empty((rows.size, k), dtype=np.int64)
    distance = np.empty((rows.size, k))
    for start in range(0, rows.size, _BLOCK):
        block = rows[start : start + _BLOCK]
        _, candidates = searched.search(asked[block], fetched)
        candidates = candidates.astype(np.int64)
        missing = candidates < 0  # an approximate search may come back short
        safe = np.where(missing, 0, candidates)
        squared = np.empty(safe.shape)
        for column in range(fetched):
            difference = asked[block].astype(np.float64) - vectors[safe[:, column]]
            squared[:, column] = np.einsum("ij,ij->i", difference, difference)
        # The row itself, and what is missing, goes last; with many copies it may not be among the candidates.
        squared[missing | (candidates == block[:, None])] = np.inf
        order = np.lexsort((rank[safe], squared), axis=1)[:, :k]
        index[start : start + block.size] = np.take_along_axis(safe, order, axis=1)
        distance[start : start + block.size] = np.sqrt(np.take_along_axis(squared, order, axis=1))
    return index, distance
