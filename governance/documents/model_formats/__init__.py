"""One file per format in which a model is documented. Its `FILE` is what it writes, its `render` gives the text."""
