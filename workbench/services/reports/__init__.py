"""The Deposit Reconciliation report and the Financial Snapshot (spec deposits 6.8, 6.9), to screen, CSV, XLSX, PDF."""
