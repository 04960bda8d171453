"""The audit page: who did and saw what."""
