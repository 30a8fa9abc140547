"""What the fake servers of this folder share: a thread a connection, and the announcement."""

import json
import os
import socketserver


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 128


def announce(server):
    port = server.server_address[1]
    print(json.dumps({"event": "listening", "host": "127.0.0.1", "port": port, "pid": os.getpid()}), flush=True)


def serve(handler):
    with Server(("127.0.0.1", 0), handler) as server:
        announce(server)
        server.serve_forever()
