"""The verbs of the month, one file each; they meet only in the world's state."""
