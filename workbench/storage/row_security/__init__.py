"""PostgreSQL's own hold on what a person's database role sees and changes (docs/decisions, row-level security)."""
