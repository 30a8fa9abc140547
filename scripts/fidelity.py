#!/usr/bin/env python3
"""Tables of docs/fidelity.md: do the two models bend where what they stand for bends, and what does a request cost each?

kvduel run fidelity --out fidelity.json
kvduel run floor --contenders null,threads,async,go-net-http,... --out floor.json
scripts/fidelity.py fidelity.json floor.json        Markdown on stdout
"""

import sys

from kvreport.bootstrap import ensure_packages

if __name__ == "__main__":
    ensure_packages("fidelity")
    from kvreport.fidelity_command import main

    sys.exit(main(sys.argv[1:]))
