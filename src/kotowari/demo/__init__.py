"""The demo's living market: some weeks of it, lived through the services on a clock that is moved."""
