"""The checks of a gate: one file a kind, each a rule from settings and evidence to a result."""
