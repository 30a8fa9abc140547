"""Chunked answers of servers that are not ours, over real sockets: each request succeeds and is counted by both sides."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from waiting import SCALE, wait_until

GO_SOURCE = Path(__file__).parent / "foreign" / "chunked.go"

# An SSI page has no length that nginx could know: HTTP/1.1 clients get it in chunks.
NGINX_CONFIG = """
daemon off;
{user}
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 64; }}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    keepalive_requests 1000000;
    server {{
        listen 127.0.0.1:{port};
        root {folder};
        location /ssi {{ ssi on; ssi_types *; }}
        location /plain {{ }}
    }}
}}
"""


def find_program(name):
    found = shutil.which(name, path=os.environ["PATH"] + os.pathsep + "/usr/sbin")
    if found is None:
        pytest.skip(f"{name} is not installed: scripts/setup.sh --foreign gets nginx, Go comes from its makers")
    return found


def read_head(port, path):
    """The head of the answer to a GET, by a socket of our own."""
    with socket.create_connection(("127.0.0.1", port)) as plain:
        plain.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        answer = b""
        while piece := plain.recv(65536):
            answer += piece
    return answer.partition(b"\r\n\r\n")[0].lower()


def load(kvduel, port, path, *flags):
    """Loads `path` for a moment; gives the requests of the trial, all of which must have succeeded."""
    ended = kvduel(
        "load", f"http://127.0.0.1:{port}", "--path", path, "--warmup", "0", "--duration", "0.3", "--connections", 4,
        "--no-progress", "--out", "r.json", *flags)
    assert ended.code in (0, 3), ended.err  # a fast server may saturate the generator under a sanitizer
    (trial,) = kvduel.report()["trials"]
    requests = trial["requests"]
    assert sum(requests["errors"].values()) == 0, trial["first_error"]
    assert requests["sent"] == requests["succeeded"] > 0
    return requests["sent"]


def start(command, **options):
    """A server in a process group of its own, so that its workers end with it."""
    return subprocess.Popen(command, start_new_session=True, text=True, **options)


@contextlib.contextmanager
def ended_at_last(process):
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


@pytest.fixture
def nginx(tmp_path):
    """A running nginx as (port, folder). It inherits the socket, so that no other program can take the port."""
    program = find_program("nginx")
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    port = listener.getsockname()[1]
    user = "user root;" if os.geteuid() == 0 else ""  # its worker must be able to read this test's folder
    (tmp_path / "nginx.conf").write_text(NGINX_CONFIG.format(folder=tmp_path, port=port, user=user))
    process = start(
        [program, "-c", tmp_path / "nginx.conf", "-p", tmp_path, "-e", "stderr"], env={"NGINX": f"{listener.fileno()};"},
        pass_fds=[listener.fileno()], stderr=subprocess.PIPE)
    with ended_at_last(process):
        wait_until(lambda: (tmp_path / "nginx.pid").exists() or process.poll() is not None, 10, "nginx started")
        assert process.poll() is None, process.stderr.read()
        listener.close()
        yield port, tmp_path
        process.send_signal(signal.SIGQUIT)
        assert process.wait(timeout=10 * SCALE) == 0


@pytest.mark.parametrize("flags", [(), ("--pipeline", 4), ("--requests-per-connection", 7)], ids=["plain", "pipelined", "churn"])
def test_chunked_answers_of_nginx_are_read_to_the_last(kvduel, nginx, flags):
    port, folder = nginx
    (folder / "ssi").write_text('<!--#echo var="request_uri" -->' + "x" * 40_000 + '<!--#echo var="args" -->')
    assert b"transfer-encoding: chunked" in read_head(port, "/ssi?by-hand")
    sent = load(kvduel, port, "/ssi", *flags)

    def logged():
        return sum("GET /ssi HTTP" in line for line in (folder / "access.log").read_text().splitlines())

    wait_until(lambda: logged() == sent, 10, "nginx logged each request once")


def test_answers_of_nginx_with_a_length_are_read_as_well(kvduel, nginx):
    port, folder = nginx
    (folder / "plain").write_text("x" * 1000)
    assert b"content-length: 1000" in read_head(port, "/plain")
    load(kvduel, port, "/plain")


@pytest.fixture(scope="session")
def go_program(tmp_path_factory):
    program = tmp_path_factory.mktemp("go") / "chunked"
    go = find_program("go")
    environment = os.environ | {"GOFLAGS": "", "GOTOOLCHAIN": "local", "CGO_ENABLED": "0"}
    built = subprocess.run(
        [go, "build", "-o", program, GO_SOURCE], env=environment, capture_output=True, text=True, timeout=300 * SCALE,
        check=False)
    assert built.returncode == 0, built.stderr
    return program


@pytest.mark.parametrize("path", ["/x", "/trailer"])
def test_chunked_answers_of_go_are_read_to_the_last(kvduel, go_program, path):
    with ended_at_last(start([go_program], stdout=subprocess.PIPE)) as server:
        port = json.loads(server.stdout.readline())["port"]
        assert b"transfer-encoding: chunked" in read_head(port, path)
        sent = load(kvduel, port, path)
        server.send_signal(signal.SIGTERM)
        assert json.loads(server.stdout.readline())["requests"] == sent + 1  # one was by hand
