"""ANSI X12 835 remittances: bytes in, column tables and findings out. Pure: no database, no clock."""
