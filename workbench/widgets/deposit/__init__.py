"""Deposit Management: one deposit, whether it ties out and why not, and its claims (seed 004, spec deposits 6.4)."""
