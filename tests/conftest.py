"""Settings of all tests: none is timed; where a change is judged, the random tests try the same cases every time."""

import os

from hypothesis import settings

settings.register_profile("patient", deadline=None)
settings.register_profile("judged", derandomize=True, deadline=None)
settings.load_profile("patient")
if os.environ.get("CI"):
    settings.load_profile("judged")
