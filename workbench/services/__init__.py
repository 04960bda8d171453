"""One module per task of the office. A service owns the transaction, checks the permission, writes the audit."""
