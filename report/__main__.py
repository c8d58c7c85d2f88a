"""python -m report: the same as `ribao`."""

from report.cli import main

main()
