"""Which columns hold personal data or secrets, and whom do the others single out?"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from governance.audit import Answer, Audit
from governance.dataset import ColumnType
from governance.evidence import Reach, Units
from governance.reporting.anonymity_report import anonymity_report
from governance.reporting.image_privacy import image_findings, image_metrics, image_rows, image_table, scan_images
from governance.reporting.people_told import tells_of_people
from governance.reporting.personal_scan import Hits, scan_column
from governance.reporting.privacy_report import declared, hit_findings, hit_metrics, hit_rows, hit_table
from governance.reporting.row_evidence import judged_rows

if TYPE_CHECKING:
    from governance.snapshot import Snapshot


class Privacy(Audit):
    """Looks for personal data and secrets in columns, free text and image files, and for people who stand alone.

    What it measures:
        E-mail, telephone, card, IBAN, IP, MAC and wallet numbers, identity numbers of 33 countries, passport and licence
        numbers, dates of birth, keys, tokens and addresses with a password, by form, checksum and the words around them;
        names, addresses, postcodes and coordinates by a column's name and values. Position, owner and serial number in
        image files. k-anonymity, l-diversity and rows that are alone, over declared quasi-identifiers, or over columns
        whose names suggest some; the worst combinations of few columns.

    Why it matters:
        Personal data needs a ground to be held, and a model may repeat it. A secret in training data is a leak. Who is
        alone with a birth date, a postcode and a sex can be found by anybody who knows the three.

    How to read it:
        Secrets are errors wherever they stand, in private columns too, and warnings where only the words around them
        suggest one. Personal data is a note in a column that somebody declared private, a warning in others (and where a
        draft chose the role and nobody has read it, as in `govern scan`), and an error when it names a person in a column declared public. k is the fewest rows (or
        groups, where a group column tells whose rows they are; called people where a column tells of people) that share one combination of quasi-identifiers. The rows
        that fewer than least_k share are flagged where quasi-identifiers are declared, by how few; without them every
        combination that is left is shared by least_k or more.

    Limits:
        It never says that there is none: names and places in running text are not looked for, nor is what a sample left
        out. F1 of structured kinds is 0.98 on 100 texts that Presidio's authors generated (30 spans, kept aside; their
        patterns reach 0.85). On texts of our own making it is near 1, which says less, as patterns and texts have one
        author. On two sets of 2,863 and 946 texts that others made, with many countries' ways of writing and as many
        texts that only look alike, it was 0.73 to 1.00 by kind before patterns were mended by what was missed there,
        and 0.97 to 1.00 after, on other draws of the same makers. Words that announce a number are known in some twenty
        languages, and must stand in its line: in a table within a text, whose header is elsewhere, a date is no date of
        birth. A bare number whose checksum holds may be chance, so it counts only when most numbers of its shape in the
        column pass. Chilean numbers without dots and dash are so believed only where one ends in K, as firms' numbers of
        other countries pass the same sum; Korean ones given since October 2020 have no checksum, and need their dash.
        A version of four parts and an address are told apart by the words and numbers beside them; where none says which, a
        change from one address to another that is called an update may be taken for versions. Places on a grid of maps
        are not told as places. Columns of names are told by the column's name and the form of its values in any language, from
        eight different ones on, and under a name that says nothing by common given names only; short lists of single names, initials
        alone, and people among more than a tenth of firms are not told.
        That a row is alone in the data does not say that the person is alone in the population; k protects against no
        other attack.

    References:
        L. Sweeney. k-Anonymity: a Model for Protecting Privacy. IJUFKS 10, 2002.
        A. Machanavajjhala, D. Kifer, J. Gehrke, M. Venkitasubramaniam. l-Diversity. ACM TKDD 1, 2007.
        Article 29 Working Party. Opinion 05/2014 on Anonymisation Techniques. WP216, 2014.
        M. Meli, M. McNiece, B. Reaves. How Bad Can It Git? Secret Leakage in Public GitHub Repositories. NDSS, 2019.
    """

    title: ClassVar[str] = "Privacy"
    question: ClassVar[str] = "Which columns hold personal data or secrets, and who stands alone?"
    section: ClassVar[str] = "composition"
    reach: ClassVar[Reach] = Reach(
        looked_for="personal data and secrets that have a form, columns of names and addresses, and rows that are alone by "
        "what others may know",
        would_notice="most numbers, addresses and keys of the usual forms, and every small class of quasi-identifiers that "
        "are declared",
        measured="of 860 columns of personal numbers and addresses, without a telling name, 859 were noticed; 0 of 240"
        " clean columns raised an alarm (at most 1.6 %); who stands alone by declared columns is counted, not"
        " estimated",
        cannot_see="names, places and stories in running text, forms that are not listed, what pictures show, and what others "
        "know beside the declared columns",
    )

    sample_rows: int = Field(default=200_000, ge=100)
    """Rows of a table that are scanned for personal data; of larger tables a random part of so many."""
    least_k: int = Field(default=5, ge=2)
    """Rows that share a combination of quasi-identifiers with fewer than this many, themselves included, are reported."""
    max_columns: int = Field(default=3, ge=1, le=5)
    """Columns of the combinations that are searched."""
    drafted: tuple[str, ...] = ()
    """Columns whose role is a draft that nobody has read, as all drafted roles are in `govern scan`: not declared by anybody."""

    def run(self, snapshot: Snapshot) -> Answer:
        """Ask the question."""
        if snapshot.rows == 0:
            return self.inconclusive("no_rows", "the snapshot has no rows")
        import polars as pl

        hits: list[Hits] = []
        scanned = 0
        columns = [column for column in snapshot.columns if column.type is not ColumnType.IMAGE]
        for column in columns:
            found, _ = scan_column(snapshot, column, self.sample_rows)
            hits += found
        scanned = min(snapshot.rows, self.sample_rows)
        told = anonymity_report(
            snapshot, self.least_k, self.max_columns, of_people=tells_of_people(snapshot.columns, hits)
        )
        said = {column.name: declared(column, self.drafted) for column in snapshot.columns}
        findings = (*hit_findings(said, hits), *told.findings)
        metrics = (*hit_metrics(snapshot, said, hits, scanned), *told.metrics)
        tables = (hit_table(said, hits), *told.tables)
        rows = pl.concat([hit_rows(snapshot, said, hits), *([] if told.rows is None else [told.rows])])
        if (image := snapshot.image_column) is not None:
            images = scan_images(snapshot)
            findings = (*findings, *image_findings(images, image))
            metrics = (*metrics, *image_metrics(images))
            tables = (*tables, image_table(images))
            rows = pl.concat([rows, image_rows(images)])
        return self.assessed(
            Units(name="columns", declared=len(snapshot.columns), evaluated=len(snapshot.columns)),
            findings=findings,
            metrics=metrics,
            tables=tables,
            rows=judged_rows(snapshot, rows),
        )
