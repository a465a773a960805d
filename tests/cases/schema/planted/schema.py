"""What a row must hold."""

import pandera.polars as pa


class Toy(pa.DataFrameModel):
    length: float = pa.Field(ge=-20, le=40, nullable=True)
    width: float = pa.Field(ge=-20, le=20)
    colour: str = pa.Field(isin=["red", "green", "blue"])
    grade: int = pa.Field(ge=1, le=5)
    kind: str = pa.Field(isin=["oak", "elm"])

    class Config:
        strict = True
