# SPDX-License-Identifier: Apache-2.0
"""A TCP relay on loopback that can be shut, as a cable that is pulled."""
import contextlib
import socket
import threading


class Relay:
    """Passes connections on to a port; shut() drops those there are and refuses new ones."""

    def __init__(self, port):
        self.target = port
        self.open = True
        self.sockets = set()
        self.lock = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            with self.lock:
                if not self.open:
                    client.close()
                    continue
                server = socket.create_connection(("127.0.0.1", self.target))
                self.sockets |= {client, server}
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=self.copy, args=(source, sink), daemon=True).start()

    def copy(self, source, sink):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        self.drop({source, sink})

    def drop(self, sockets):
        with self.lock:
            for one in sockets:
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
                one.close()
            self.sockets -= set(sockets)

    def shut(self):
        with self.lock:
            self.open = False
            there = set(self.sockets)
        self.drop(there)

    def mend(self):
        self.open = True

    def close(self):
        self.shut()
        self.listener.close()
