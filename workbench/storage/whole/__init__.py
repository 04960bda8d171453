"""A database as a whole: its totals, moving it to another engine, snapshots of it, and whether it is sound."""
