"""Bank files: bytes in, transactions and findings out. Pure."""
