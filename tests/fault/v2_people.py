# SPDX-License-Identifier: Apache-2.0
"""People whose systems speak HL7 v2 alone: what they write, and a door that takes what they are sent."""
import datetime
import pathlib
import random
import re
import socket
import socketserver
import threading

START, END = b"\x0b", b"\x1c\r"
SANDBOX = pathlib.Path(__file__).resolve().parents[2] / "sandbox" / "data"


def filled(text, **names):
    """A message of the sandbox with its names and times: {{control}}, {{v2-now-2h}}, {{v2-today-130d}}."""
    def of(found):
        what, number, unit = found.groups()
        moment = datetime.datetime.now(datetime.timezone.utc)
        moment += datetime.timedelta(**{{"h": "hours", "d": "days"}[unit]: int(number)})
        return moment.strftime("%Y%m%d%H%M%S+0000" if what == "now" else "%Y%m%d")
    for name, value in names.items():
        text = text.replace("{{" + name + "}}", value)
    return re.sub(r"\{\{v2-(now|today)([+-]\d+)([hd])\}\}", of, text).replace("\n", "\r")


def field(message, segment, number):
    """The first such field as it stands; empty where there is none."""
    for line in message.split("\r"):
        fields = line.split("|")
        if fields[0] == segment:
            at = number - 1 if segment == "MSH" else number
            return fields[at] if at < len(fields) else ""
    return ""


def read_frame(connection):
    """The text of one frame; nothing when the other side ended."""
    data = b""
    while not data.endswith(END):
        more = connection.recv(65536)
        if not more:
            return None
        data += more
    return data[1:-2].decode()


def exchange(address, message, patience):
    """Sends one message on a connection of its own. MSA-1 of the answer. Errors: OSError."""
    with socket.create_connection(address, timeout=patience) as connection:
        connection.sendall(START + message.encode() + END)
        answer = read_frame(connection)
    if answer is None:
        raise ConnectionError("no answer")
    if field(answer, "MSA", 2) != field(message, "MSH", 10):
        raise ConnectionError("the answer to another message")
    return field(answer, "MSA", 1)


class Receiver:
    """Keeps what comes, in the order in which it came; now and then the answer is lost."""

    def __init__(self, seed, lost, heard=None):
        self.messages = []
        self.lock = threading.Lock()
        self.chance = random.Random(seed)
        self.lost = lost
        receiver = self

        class Door(socketserver.BaseRequestHandler):
            def handle(self):
                while (message := read_frame(self.request)) is not None:
                    answers = receiver.keep(message)
                    if heard:
                        heard(message)  # it came, whether or not its sender learns so
                    if not answers:
                        return
                    self.request.sendall(START + receiver.answer(message).encode() + END)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True

            def handle_error(self, request, client_address):
                """A sender that was killed is what this is for."""

        self.server = Server(("127.0.0.1", 0), Door)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def keep(self, message):
        """Whether it is answered."""
        with self.lock:
            self.messages.append(message)
            return self.chance.random() >= self.lost

    @staticmethod
    def answer(message):
        control = field(message, "MSH", 10)
        return (f"MSH|^~\\&|PEER|PEER|MERIDIAN|TRMC|20260101000000||ACK|A{control}|P|2.5.1\r"
                f"MSA|AA|{control}\r")

    def control_ids(self):
        """MSH-10 of all that came, in order."""
        with self.lock:
            return [field(message, "MSH", 10) for message in self.messages]

    def close(self):
        self.server.shutdown()
        self.server.server_close()
