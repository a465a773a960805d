"""What a row of breast_cancer may hold: sizes and shapes that cell nuclei can have, and what geometry demands.

Limits are wider than the 569 rows known today, so that an unusual tumour passes and a slipped unit does not.
"""

from math import pi

import pandera.polars as pa
import polars as pl

MEASURES = (
    "radius",
    "texture",
    "perimeter",
    "area",
    "smoothness",
    "compactness",
    "concavity",
    "concave_points",
    "symmetry",
    "fractal_dimension",
)


class BreastCancer(pa.DataFrameModel):
    """One row per digitised image of a fine needle aspirate."""

    # Lengths in pixels of the digitised image: below 3 nothing can be outlined, above 60 nuclei merged.
    mean_radius: float = pa.Field(ge=3, le=60)
    mean_texture: float = pa.Field(ge=1, le=127.5)  # no spread of grey levels 0..255 exceeds 127.5
    mean_perimeter: float = pa.Field(ge=20, le=400)
    mean_area: float = pa.Field(ge=30, le=10_000)
    # Ratios. None can be negative; those that are shares cannot exceed 1.
    mean_smoothness: float = pa.Field(ge=0, le=1)
    mean_compactness: float = pa.Field(ge=0, le=3)
    mean_concavity: float = pa.Field(ge=0, le=3)
    mean_concave_points: float = pa.Field(ge=0, le=1)
    mean_symmetry: float = pa.Field(ge=0, le=1)
    mean_fractal_dimension: float = pa.Field(ge=0, le=1)  # an outline's dimension lies between 1 and 2

    # Standard errors: never negative; the upper limits follow from the check `error_within_mean`.
    se_radius: float = pa.Field(ge=0)
    se_texture: float = pa.Field(ge=0)
    se_perimeter: float = pa.Field(ge=0)
    se_area: float = pa.Field(ge=0)
    se_smoothness: float = pa.Field(ge=0)
    se_compactness: float = pa.Field(ge=0)
    se_concavity: float = pa.Field(ge=0)
    se_concave_points: float = pa.Field(ge=0)
    se_symmetry: float = pa.Field(ge=0)
    se_fractal_dimension: float = pa.Field(ge=0)

    # Means of the three largest values: the lower limits follow from the check `worst_at_least_mean`.
    worst_radius: float = pa.Field(le=80)
    worst_texture: float = pa.Field(le=127.5)
    worst_perimeter: float = pa.Field(le=600)
    worst_area: float = pa.Field(le=20_000)
    worst_smoothness: float = pa.Field(le=1)
    worst_compactness: float = pa.Field(le=5)
    worst_concavity: float = pa.Field(le=5)
    worst_concave_points: float = pa.Field(le=1)
    worst_symmetry: float = pa.Field(le=1)
    worst_fractal_dimension: float = pa.Field(le=1)

    diagnosis: str = pa.Field(isin=["malignant", "benign"])

    class Config:
        """A column that nobody declared is a fault, not a surplus."""

        strict = True

    @pa.dataframe_check(error="worst >= mean: the three largest values cannot average below all values")
    def worst_at_least_mean(cls, data: pa.PolarsData) -> pl.LazyFrame:
        """For each of the ten measures."""
        return data.lazyframe.select(
            pl.all_horizontal(pl.col(f"worst_{measure}") >= pl.col(f"mean_{measure}") for measure in MEASURES)
        )

    @pa.dataframe_check(error="se <= mean: the standard error of values that are not negative cannot exceed their mean")
    def error_within_mean(cls, data: pa.PolarsData) -> pl.LazyFrame:
        """Equality is reached when a single nucleus differs from zero. For each of the ten measures."""
        return data.lazyframe.select(
            pl.all_horizontal(pl.col(f"se_{measure}") <= pl.col(f"mean_{measure}") for measure in MEASURES)
        )

    @pa.dataframe_check(error="perimeter^2 / (4 pi area) in 0.95..2.5: 1 is a circle, and no outline is rounder")
    def perimeter_fits_area(cls, data: pa.PolarsData) -> pl.LazyFrame:
        """The isoperimetric inequality, with 5 % left for outlines drawn in pixels and averaged over nuclei."""
        roundness = pl.col("mean_perimeter").pow(2) / (4 * pi * pl.col("mean_area"))
        return data.lazyframe.select(roundness.is_between(0.95, 2.5))

    @pa.dataframe_check(error="area / (pi radius^2) in 0.75..1.25: radius and area describe the same nuclei")
    def radius_fits_area(cls, data: pa.PolarsData) -> pl.LazyFrame:
        """Catches a unit that changed in one of the two."""
        fullness = pl.col("mean_area") / (pi * pl.col("mean_radius").pow(2))
        return data.lazyframe.select(fullness.is_between(0.75, 1.25))

    @pa.dataframe_check(error="concavity is 0 exactly where there are no concave points")
    def concavity_needs_concave_points(cls, data: pa.PolarsData) -> pl.LazyFrame:
        """An outline without concave parts has no severity of them, and the other way round."""
        return data.lazyframe.select(
            pl.all_horizontal(
                (pl.col(f"{prefix}_concavity") == 0) == (pl.col(f"{prefix}_concave_points") == 0)
                for prefix in ("mean", "worst")
            )
        )
