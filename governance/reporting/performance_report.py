"""Tables that stand beside scores: what was judged, each class, and which classes are taken for which."""

from __future__ import annotations

from governance.evidence import Figure, Scalar, Table
from governance.model import TrainingInfo
from governance.modelling.results import Part

_CELL = ("true", "predicted", "rows")


def model_table(info: TrainingInfo) -> Table:
    """What was judged: form, fit, rows, and every note that came up on the way."""
    left_out = ", ".join(f"{rows:,} in {split}" for split, rows in sorted(info.left_out.items()))
    facts: list[tuple[str, Scalar]] = [
        ("model", info.description),
        ("fitted on split", info.fitted_on or "elsewhere"),
        ("rows fitted on", info.fitted_rows),
        ("columns learnt from", len(info.features) or None),
        ("numbers per row after encoding", info.inputs),
        ("held-out splits", ", ".join(info.held_out) or "none"),
        ("rows without a target, left out", left_out or "none"),
        *(("note", note) for note in info.notes),
    ]
    rows = tuple(fact for fact in facts if fact[1] is not None)
    return Table(name="model", caption="What was judged.", columns=("fact", "value"), rows=rows)


def class_tables(part: Part, names: tuple[str, ...], largest: int) -> tuple[tuple[Table, ...], tuple[Figure, ...]]:
    """Recall and precision per class, and the confusion matrix with its figure."""
    import numpy as np

    from governance.measures.classification_metrics import confusion_matrix, precisions, recalls, share_interval

    label, predicted = part.label.astype(np.int64), part.predicted.astype(np.int64)
    matrix = confusion_matrix(label, predicted, len(names))
    found, right = recalls(matrix), precisions(matrix)
    rows = []
    for code, name in enumerate(names):
        of_class = label == code
        count, answers = int(of_class.sum()), int((predicted == code).sum())
        if not count and not answers:
            continue
        units = None if part.units is None else part.units[of_class]
        low, high = share_interval(predicted[of_class] == code, units) if count else (None, None)
        recall = float(found[code]) if count else None
        rows.append((name, count, recall, low, high, answers, float(right[code]) if answers else None))
    per_class = Table(
        name="classes",
        caption=f"Per class on {part.split}: share of its rows that are found (recall, 95 % Wilson), and share of the "
        "answers with this class that are right (precision).",
        columns=("class", "rows", "recall", "low", "high", "answers", "precision"),
        rows=tuple(rows),
    )
    if len(names) > largest:
        off = [(int(matrix[i, j]), i, j) for i, j in zip(*np.nonzero(matrix), strict=True) if i != j]
        most = sorted(off, key=lambda cell: (-cell[0], cell[1], cell[2]))[:largest]
        caption = f"The {len(most)} most frequent of {len(off)} confusions on {part.split}."
        cells = tuple((names[i], names[j], count) for count, i, j in most)
        return (per_class, Table(name="confusion", caption=caption, columns=_CELL, rows=cells)), ()
    confusion = Table(
        name="confusion",
        caption=f"Rows of {part.split} by true and predicted class.",
        columns=_CELL,
        rows=tuple((a, b, int(matrix[i, j])) for i, a in enumerate(names) for j, b in enumerate(names)),
    )
    wrong = int(matrix.sum() - np.trace(matrix))
    figure = Figure(
        name="confusion",
        caption=f"Confusion matrix on {part.split}: rows are true classes, columns predicted ones.",
        alt=f"{part.rows - wrong:,} of {part.rows:,} rows lie on the diagonal, {wrong:,} beside it.",
        kind="heatmap",
        table="confusion",
        x="predicted",
        y=("rows",),
        by="true",
    )
    return (per_class, confusion), (figure,)
