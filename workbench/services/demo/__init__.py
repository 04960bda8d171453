"""A synthetic office to try the program on: seeded, the same every time, nothing of it about a real person."""
