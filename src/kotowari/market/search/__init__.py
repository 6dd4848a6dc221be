"""Japanese search: words as people write them, found in PostgreSQL alone (docs/subsystems/search.md)."""
