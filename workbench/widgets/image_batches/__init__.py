"""The Image Batches page: tabs Scan Batches, Charge Batches, Payment Batches (spec scan-batches 3.1 to 3.7)."""
