"""The ground that every layer stands on: parameters, draws, clock, columns, compiled rules. Knows nothing of care."""
