"""How two versions of a dataset differ by what git holds of them: plain comparisons, light, without a data library."""
