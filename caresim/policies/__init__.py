"""One instrument of government, one file: its parameters, its rule, what it modifies, who funds it."""
