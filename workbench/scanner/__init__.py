"""Real scanners, through SANE."""
