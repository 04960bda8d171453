"""The Image Viewer: one batch's sets and pages (spec scan-batches 3.5)."""
