"""The bank desk: statements in, matches proposed and decided, days closed (spec deposits 7)."""
