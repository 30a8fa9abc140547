"""What the whole-program tests share: a raw-socket client, a strict response parser, the servers as processes.

Nothing here shares code with the programs under test, so no mistake can be made twice alike.
"""
