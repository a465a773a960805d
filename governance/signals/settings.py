"""What params.yaml says of the signals."""

from __future__ import annotations

from pydantic import Field

from governance.canonical import Frozen
from governance.dataset import CleanlabRule

FALSE_SHARE = 0.02
"""So large a share of the pairs of rows that are named near copies may be chance's."""


class SignalsConfig(Frozen):
    """`signals`: what is computed once for each dataset, and read by all audits that need it."""

    folds: int = Field(default=5, ge=2, le=20)
    """Parts into which rows are divided for out-of-fold predictions."""
    cleanlab: CleanlabRule = "both"
    """Cleanlab's rule for labels of classes: `both` needs two rules to agree and flags fewest rows wrongly."""
    min_class_rows: int = Field(default=10, ge=2)
    """Labels of classes with fewer rows than this are not judged: too few to learn from."""
    closeness: float = Field(default=0.25, gt=0, le=1)
    """A near copy is nearer than this share of the typical distance of nearest neighbours, or than chance allows."""
    text_overlap: float = Field(default=0.7, gt=0, le=1)
    """Texts are near copies from this overlap (Jaccard) of their runs of five characters on."""
