"""What the kernel knows of a server: unread bytes of one connection (sock_diag), descriptors, threads, memory."""

import errno
import ipaddress
import os
import pathlib
import socket
import struct

_SOCK_DIAG_BY_FAMILY = 20
_NLM_F_REQUEST = 1
_NLMSG_ERROR = 2
_ANY_COOKIE = b"\xff" * 8
_INET_DIAG_MSG_RQUEUE = 16 + 4 + 48 + 4  # netlink header, family..retrans, socket id, expires
_netlink = None


def _socket_id(server, client):
    (server_host, server_port), (client_host, client_port) = server, client
    addresses = b"".join(ipaddress.ip_address(host).packed.ljust(16, b"\0") for host in (server_host, client_host))
    return struct.pack("!HH", server_port, client_port) + addresses + struct.pack("I", 0) + _ANY_COOKIE


def unread_bytes(server, client):
    """Bytes that lie in the server's receive queue for this connection; 0 when the connection is gone.

    One exact lookup by netlink sock_diag (man 7 sock_diag), which needs no privilege.
    """
    global _netlink
    if _netlink is None:
        _netlink = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 4)  # NETLINK_SOCK_DIAG
    body = struct.pack("BBBBI", socket.AF_INET, socket.IPPROTO_TCP, 0, 0, 0xFFFFFFFF) + _socket_id(server, client)
    _netlink.send(struct.pack("IHHII", 16 + len(body), _SOCK_DIAG_BY_FAMILY, _NLM_F_REQUEST, 0, 0) + body)
    reply = _netlink.recv(4096)
    kind = struct.unpack_from("H", reply, 4)[0]
    if kind == _NLMSG_ERROR:
        code = -struct.unpack_from("i", reply, 16)[0]
        if code == errno.ENOENT:
            return 0
        raise OSError(code, os.strerror(code))
    return struct.unpack_from("I", reply, _INET_DIAG_MSG_RQUEUE)[0]


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def _status(pid, name):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1])
    raise AssertionError(f"/proc/{pid}/status has no {name}")


def threads(pid):
    return _status(pid, "Threads")


def rss_bytes(pid):
    return _status(pid, "VmRSS") * 1024


def cpu_seconds(pid):
    """User and system time of all its threads, in steps of a clock tick."""
    after_name = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")
