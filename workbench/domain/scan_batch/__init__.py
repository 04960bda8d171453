"""Scan batches: paper turned into image sets, each of one charge or one payment (spec scan-batches 1 and 2)."""
