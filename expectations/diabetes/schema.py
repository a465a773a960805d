"""What a row of diabetes may hold: what a living adult can have, and what arithmetic demands of blood lipids.

Limits are physiological and wider than the 442 rows known today: they admit an unusual patient and refuse a slipped
unit (mmol/L for mg/dL, kPa for mmHg).
"""

import pandera.polars as pa
import polars as pl


class Diabetes(pa.DataFrameModel):
    """One row per patient."""

    age: int = pa.Field(ge=18, le=110)  # years
    sex: str = pa.Field(isin=["1", "2"])  # the source does not say which is which
    bmi: float = pa.Field(ge=12, le=60)  # kg/m^2; below 12 is not survived for long
    mean_arterial_pressure: float = pa.Field(ge=40, le=180)  # mmHg; 12 would be kPa
    total_cholesterol: int = pa.Field(ge=50, le=500)  # mg/dL
    ldl_cholesterol: float = pa.Field(ge=5, le=400)  # mg/dL
    hdl_cholesterol: float = pa.Field(ge=5, le=150)  # mg/dL
    cholesterol_hdl_ratio: float = pa.Field(ge=1, le=20)  # a whole divided by its part is never below 1
    log_triglycerides: float = pa.Field(ge=2.9, le=7.0)  # ln(mg/dL): 18 to 1100 mg/dL
    glucose: int = pa.Field(ge=40, le=600)  # mg/dL
    progression: int = pa.Field(ge=0, le=500)  # scale not stated by the source; 25 to 346 today

    class Config:
        """A column that nobody declared is a fault, not a surplus."""

        strict = True

    @pa.dataframe_check(error="LDL = total - HDL - triglycerides / 5 within 1 mg/dL (Friedewald)")
    def lipids_add_up(cls, data: pa.PolarsData) -> pl.LazyFrame:
        """Friedewald's formula: the source's own rows keep it within 0.5 mg/dL, the error of rounding."""
        triglycerides = pl.col("log_triglycerides").exp()
        ldl = pl.col("total_cholesterol") - pl.col("hdl_cholesterol") - triglycerides / 5
        return data.lazyframe.select((pl.col("ldl_cholesterol") - ldl).abs() <= 1.0)

    @pa.dataframe_check(error="cholesterol_hdl_ratio = total / HDL within 0.75")
    def ratio_is_a_ratio(cls, data: pa.PolarsData) -> pl.LazyFrame:
        """The source rounds the ratio to whole numbers in most rows, which moves it by up to 0.65."""
        ratio = pl.col("total_cholesterol") / pl.col("hdl_cholesterol")
        return data.lazyframe.select((pl.col("cholesterol_hdl_ratio") - ratio).abs() <= 0.75)
