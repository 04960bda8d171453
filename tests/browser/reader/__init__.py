"""A page opened by somebody whose role only reads."""
