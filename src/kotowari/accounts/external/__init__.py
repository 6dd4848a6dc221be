"""External accounts: which providers there are, and how one of them says who somebody is."""
