"""`python -m caresim.cli`."""

from caresim.cli import main

main()
