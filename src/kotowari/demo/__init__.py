"""The demo's living market: its past, lived through the services on a clock that is moved, and each day after that."""
