"""The only place that knows SQLAlchemy: engine, transactions, tables, stores, queries, migrations."""
