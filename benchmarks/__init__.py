"""Measurements that print a ratio against a named peer or a floor. `python -m benchmarks [NAME]`."""
