"""A way to a server that can be cut and mended, so that a test decides when the server is away."""

import socket
import threading
from contextlib import suppress


class Proxy:
    """Passes every connection on to a port of this computer, or none while it is away."""

    def __init__(self, target_port: int) -> None:
        self._target_port = target_port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._is_away = False
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def go_away(self) -> None:
        """Cuts every connection, and refuses new ones."""
        with self._lock:
            self._is_away = True
            for end in self._open:
                _cut(end)
            self._open.clear()

    def come_back(self) -> None:
        """Takes connections again."""
        with self._lock:
            self._is_away = False

    def close(self) -> None:
        """Ends it for good."""
        self.go_away()
        self._listening.close()

    def _accept(self) -> None:
        with suppress(OSError):  # it was closed
            while True:
                self._pass_on(self._listening.accept()[0])

    def _pass_on(self, client: socket.socket) -> None:
        with self._lock:
            if self._is_away:
                return _cut(client)
            server = socket.create_connection(("127.0.0.1", self._target_port))
            self._open |= {client, server}
        for source, sink in ((client, server), (server, client)):
            threading.Thread(target=self._carry, args=(source, sink), daemon=True).start()
        return None

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while part := source.recv(65536):
                sink.sendall(part)
        with self._lock:
            self._open -= {source, sink}
        _cut(source)
        _cut(sink)


def _cut(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
