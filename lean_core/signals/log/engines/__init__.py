"""The engines: DuckDB, and what Ibis knows."""
