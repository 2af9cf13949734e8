"""Figures and tables, made from a run folder alone."""
