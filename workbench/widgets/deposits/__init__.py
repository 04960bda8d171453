"""The deposits list: what still needs work, quick search, filters, totals of the filter, import."""
