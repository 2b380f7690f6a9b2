"""`python -m service.cli`: the same as `dripline`."""

from service.cli import main

main()
