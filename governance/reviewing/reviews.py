"""Reviews: what people said about labels of a random sample, and the noise rate that follows.

Only a simple random sample says how many labels are wrong. Rows that a model suspects are more often wrong than
others, so a sample that prefers them tells how good the suspicion is, not how noisy the data are; therefore nothing
here looks at suspicion. All labelled rows of a snapshot are put into one order that hangs on the snapshot's digest
alone, and people judge from its beginning: whoever stops and goes on later meets the next row, never another one.

`reviews/<dataset>.yaml` is kept in git and holds people's words; it is only ever added to:

    reviews:
      - digest: sha256:...          of the snapshot that the rows were drawn from
        by: Ada Lovelace
        on: 2026-03-01
        drawn: 100
        entries:
          - {row_id: 4f0c..., judgement: correct}
          - {row_id: a81b..., judgement: wrong, correct_label: oak}
"""

from __future__ import annotations

import datetime
import io
import math
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, StringConstraints, ValidationError, model_validator

from governance.canonical import Frozen
from governance.errors import ConfigError
from governance.evidence import Metric, Table
from governance.files import write_atomic
from governance.yaml_files import read_yaml

Judgement = Literal["correct", "wrong", "unsure"]
LEVEL = 0.95
INTERVAL = "95 % exact, drawn without replacement (hypergeometric)"
_HEADER = "# What people said about labels of rows that were drawn at random. `govern review` adds to it.\n"


class Entry(Frozen):
    """One person's word on one label."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    row_id: str = Field(min_length=1)
    judgement: Judgement
    correct_label: str | None = None
    """What the label should be; only for a wrong one, and only where the target may be shown."""

    @model_validator(mode="after")
    def _corrects_what_is_wrong(self) -> Self:
        if self.correct_label is not None and self.judgement != "wrong":
            raise ValueError(f"correct_label belongs to a wrong label, and this one is {self.judgement}")
        return self


class Review(Frozen):
    """What one person said in one sitting."""

    digest: str = Field(pattern=r"^sha256:[0-9a-f]{64}$")
    """Of the snapshot that the rows were drawn from."""
    by: Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
    on: datetime.date
    drawn: int = Field(ge=1)
    """How many rows were drawn; more than were judged when the person stopped early."""
    entries: tuple[Entry, ...]

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.entries:
            raise ValueError("entries is empty")
        return self


@dataclass(frozen=True, kw_only=True)
class ReviewEstimate:
    """How many labels are wrong, as people who looked at a simple random sample of them say."""

    n: int
    """Rows judged, each counted once."""
    rows: int
    """Labelled rows that they were drawn from."""
    wrong: int
    unsure: int
    """Rows that a person could not judge, or on which two persons disagree."""
    rate: float | None
    """Share of wrong labels, unsure ones counted as right; None without any judged row."""
    low: float
    """Lower end of the interval with every unsure label right."""
    high: float
    """Upper end of the interval with every unsure label wrong."""
    by: tuple[str, ...]
    """Who judged, sorted."""
    set_aside: int
    """Rows judged on other versions of the data: drawn from another population, so not counted."""
    note: str


def read_reviews(path: Path) -> tuple[Review, ...]:
    """All reviews in `path`; none when it does not exist. Raises ConfigError with all problems."""
    if not path.is_file():
        return ()
    shown = f"reviews/{path.name}"
    content = read_yaml(path, shown)
    entries = (content or {}).get("reviews") or [] if isinstance(content, dict | None) else None
    if not isinstance(entries, list):
        raise ConfigError([f"{shown}: needs a list `reviews:` of {{digest, by, on, drawn, entries}}"])
    reviews, problems = [], []
    for number, entry in enumerate(entries, start=1):
        try:
            reviews.append(Review.model_validate(entry))
        except ValidationError as error:
            for item in error.errors():
                where = ".".join(str(part) for part in item["loc"]) or "entry"
                problems.append(f"{shown}: review {number}: {where}: {item['msg'].removeprefix('Value error, ')}")
    if problems:
        raise ConfigError(problems)
    return tuple(reviews)


def record(path: Path, review: Review) -> None:
    """Add `review` at the end of `path`, in one step; what stands there stays, with its comments and its order.

    Raises ConfigError when the file is damaged: nothing is written then.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.comments import CommentedMap

    read_reviews(path)
    yaml = YAML()
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.preserve_quotes = True
    yaml.width = 4096  # a long line of somebody else's stays one line
    content = yaml.load(path.read_text(encoding="utf-8") if path.is_file() else _HEADER + "reviews: []\n")
    if content is None:
        content = yaml.load(_HEADER + "reviews: []\n")
    added = CommentedMap(review.model_dump(mode="python", exclude={"entries"}))
    added["entries"] = [_one_line(entry, CommentedMap) for entry in review.entries]
    if not content.get("reviews"):
        content["reviews"] = []  # in block style from now on
    content["reviews"].append(added)
    text = io.StringIO()
    yaml.dump(content, text)
    write_atomic(path, text.getvalue())


def _one_line(entry: Entry, mapping: type[Any]) -> Any:
    line = mapping(entry.model_dump(mode="json", exclude_none=True))
    line.fa.set_flow_style()
    return line


def estimate(path: Path, digest: str, rows: int) -> ReviewEstimate | None:
    """The noise rate of a snapshot of `rows` labelled rows, from the reviews in `path`; None when there are none.

    Judgements on other digests are set aside and counted: a sample is random only for the rows that it was drawn
    from. A row on which two persons disagree is unsure. Raises ConfigError when the file is damaged.
    """
    reviews = read_reviews(path)
    if not reviews:
        return None
    said: dict[str, set[Judgement]] = {}
    here = [review for review in reviews if review.digest == digest]
    for review in here:
        for entry in review.entries:
            said.setdefault(entry.row_id, set()).add(entry.judgement)
    n = len(said)
    if n > rows:
        raise ConfigError([f"reviews/{path.name}: {n} rows were judged of a snapshot that has {rows} labelled rows"])
    wrong = sum(judgements == {"wrong"} for judgements in said.values())
    unsure = n - wrong - sum(judgements == {"correct"} for judgements in said.values())
    older = {(review.digest, e.row_id) for review in reviews if review.digest != digest for e in review.entries}
    by = tuple(sorted({review.by for review in here}))
    return ReviewEstimate(
        n=n,
        rows=rows,
        wrong=wrong,
        unsure=unsure,
        rate=wrong / n if n else None,
        low=exact_interval(wrong, n, rows)[0],
        high=exact_interval(wrong + unsure, n, rows)[1],
        by=by,
        set_aside=len(older),
        note=_note(n, wrong, unsure, len(by), len(older), stopped=sum(r.drawn > len(r.entries) for r in here)),
    )


def _note(n: int, wrong: int, unsure: int, people: int, older: int, *, stopped: int) -> str:
    parts = []
    if n:
        parts.append(f"judged by {people} {'person' if people == 1 else 'people'}, whose word is taken as the truth")
    if unsure:
        parts.append(
            f"{unsure} unsure: counted as right in the value and the lower end, as wrong in the upper end "
            f"(the value would be {(wrong + unsure) / n:.4f} with all of them wrong)"
        )
    if stopped:
        parts.append(f"{stopped} of the sittings ended before all drawn rows were judged")
    if older:
        parts.append(f"{older} judged on other versions of the data are set aside: they were drawn from other rows")
    return "; ".join(parts)


def exact_interval(wrong: int, n: int, rows: int, level: float = LEVEL) -> tuple[float, float]:
    """Interval for the share of wrong labels among `rows`, from `wrong` of `n` drawn without replacement.

    All numbers of wrong labels that neither tail of the hypergeometric distribution rejects at `(1 - level) / 2`: it
    covers the true share in at least `level` of all samples, however the rows hang together. `(0, 1)` when `n` is 0.
    For many rows it is the interval of C. J. Clopper and E. S. Pearson, Biometrika 26, 404-413, 1934; for finite
    populations see J. P. Buonaccorsi, The American Statistician 41, 215-218, 1987. Raises ValueError.
    """
    if not 0 <= wrong <= n <= rows:
        raise ValueError(f"{wrong} wrong of {n} drawn from {rows}: each must be no larger than the next")
    if n == 0:
        return 0.0, 1.0
    tail = (1 - level) / 2
    possible = range(wrong, rows - (n - wrong) + 1)
    fewest = possible[bisect_right(possible, tail, key=lambda k: 1 - _at_most(wrong - 1, n, k, rows))]
    most = possible[bisect_left(possible, -tail, key=lambda k: -_at_most(wrong, n, k, rows)) - 1]
    return fewest / rows, most / rows


def _at_most(found: int, n: int, marked: int, rows: int) -> float:
    """Probability of `found` marked rows or fewer among `n` drawn from `rows`, of which `marked` are marked."""

    def log_choose(total: int, part: int) -> float:
        return math.lgamma(total + 1) - math.lgamma(part + 1) - math.lgamma(total - part + 1)

    every = log_choose(rows, n)
    hits = range(max(0, n - (rows - marked)), min(found, marked, n) + 1)
    return math.fsum(math.exp(log_choose(marked, k) + log_choose(rows - marked, n - k) - every) for k in hits)


def as_metrics(found: ReviewEstimate) -> tuple[Metric, ...]:
    """The measured noise rate, for evidence: names nobody who judged."""
    return (
        Metric(
            name="reviewed_noise_rate",
            value=found.rate,
            unit="share",
            low=found.low if found.n else None,
            high=found.high if found.n else None,
            interval=INTERVAL if found.n else "",
            n=found.n,
            independent_units=found.n,  # drawn at random, whatever belongs together
            better="lower",
            meaning=f"share of wrong labels, as people measured it on a random sample of {found.rows} labelled rows",
            note=found.note,
        ),
    )


def as_table(found: ReviewEstimate) -> Table:
    """What people said about the rows that were drawn."""
    counts = {"correct": found.n - found.wrong - found.unsure, "wrong": found.wrong, "unsure": found.unsure}
    return Table(
        name="reviewed_labels",
        caption=f"What people said about the labels of {found.n} rows drawn at random from {found.rows}",
        columns=("judgement", "rows", "share"),
        rows=tuple((word, count, count / found.n if found.n else None) for word, count in counts.items()),
    )
