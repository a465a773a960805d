"""What changed between two versions of a dataset: rows, columns, classes, findings, numbers, rules, answers, documents."""
