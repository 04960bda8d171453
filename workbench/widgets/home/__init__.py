"""The home page: what waits for whom."""
