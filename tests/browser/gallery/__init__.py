"""A page with every widget of the kit, for the kit's own browser tests."""
