"""Ends before it listens, with words on stderr."""

import sys

sys.exit("bad flag --prot")
