"""What can be wrong with a run folder."""


class RunFolderError(Exception):
    """A run folder cannot be written or read; the message is one line that says what to do."""
