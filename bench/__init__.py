"""Measurements of the product beside floors that everybody knows, in alternation within one run."""
