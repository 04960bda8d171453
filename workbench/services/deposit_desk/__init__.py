"""The deposit desk: errors, edits, claims, posting and undoing of deposits, with their rules and settings."""
