"""Speed of the pages at department size, measured next to an empty Django page in the same run."""
