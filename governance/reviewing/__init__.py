"""Random samples of labels that a person judges: the only noise rate with a valid interval."""
