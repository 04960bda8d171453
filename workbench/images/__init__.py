"""The image store and the decoding of scans and imported files."""
