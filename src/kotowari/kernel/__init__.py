"""Pure Python that every room stands on: no tables, no Django."""
