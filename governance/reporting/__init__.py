"""Numbers to findings, metrics, tables and figures: what audits and evaluations share when they speak."""
