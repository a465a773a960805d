"""One file per format in which a dataset is documented. Its `FILE` is what it writes, its `render` gives the text."""
