"""Every yen is somewhere: accounts, journals, postings, lots and the invariants that hold them together."""
