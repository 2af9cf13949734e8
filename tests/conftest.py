"""Settings of all tests: where a change is judged, the random tests try the same cases every time."""

import os

from hypothesis import settings

settings.register_profile("judged", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("judged")
