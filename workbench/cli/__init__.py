"""The command line. The names of the commands and the shape of their JSON are fixed: others build on them.

Exit codes: 0 done, everything new or duplicate; 1 something rejected or doubtful, or refused; 2 wrong call;
70 a fault of the program (sysexits.h EX_SOFTWARE).
"""

from workbench.cli.application import main

__all__ = ["main"]
