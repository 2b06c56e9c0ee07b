# SPDX-License-Identifier: Apache-2.0
"""A mail server for tests: STARTTLS or TLS, sign-in, and refusals as its plan says.

    smtp_server.py FOLDER [--certificate PEM --key PEM] [--tls] [--plan PLAN] [--password USER:PASSWORD]

Listens on a free port of the loopback, writes it into FOLDER/port, and each message that it takes
into FOLDER/1.eml, 2.eml ... with its envelope before it; what was said into FOLDER/said. PLAN is a list
of COMMAND=STATUS[*TIMES], separated by commas: "RCPT=451*2,DATA=550"; CLOSE as a status ends the
connection without an answer. DATA stands for the end of the text.
"""
import argparse
import base64
import os
import pathlib
import socket
import ssl
import threading


class Server:
    def __init__(self, folder, certificate=None, key=None, tls=False, plan="", password="",
                 inject=""):
        self.folder = pathlib.Path(folder)
        self.context = None
        if certificate:
            self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            self.context.load_cert_chain(certificate, key)
        self.tls, self.password, self.inject = tls, password, inject
        self.plan = []
        for step in filter(None, plan.split(",")):
            command, _, status = step.partition("=")
            status, _, times = status.partition("*")
            self.plan += [(command, status)] * int(times or 1)
        self.lock = threading.Lock()
        self.taken = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]

    def planned(self, command):
        with self.lock:
            for at, (planned, status) in enumerate(self.plan):
                if planned == command:
                    del self.plan[at]
                    return status
        return None

    def note(self, line):
        with self.lock, open(self.folder / "said", "a", encoding="utf-8") as said:
            said.write(line + "\n")

    def keep(self, sender, recipients, text):
        with self.lock:
            self.taken += 1
            name = self.folder / f"{self.taken}.eml"
            head = f"X-Envelope: {sender} -> {','.join(recipients)}\r\n".encode()
            (self.folder / "part").write_bytes(head + text)
            os.replace(self.folder / "part", name)

    def run(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        client.settimeout(30)
        try:
            if self.tls:
                client = self.context.wrap_socket(client, server_side=True)
            self.talk(client)
        except OSError:
            pass
        finally:
            client.close()

    def talk(self, client):
        reader = client.makefile("rb")
        secure, known, sender, recipients = self.tls, False, None, []

        def say(line):
            client.sendall(line.encode() + b"\r\n")

        say("220 test.example ESMTP")
        while line := reader.readline():
            text = line.decode("utf-8", "replace").rstrip("\r\n")
            command = text.split(" ")[0].split(":")[0].upper()
            self.note(("tls " if secure else "plain ") + text)
            status = self.planned(command) if command != "DATA" else None
            if status == "CLOSE":
                return
            if status:
                say(f"{status} as planned")
            elif command == "EHLO":
                offers = [] if secure or not self.context else ["STARTTLS"]
                offers += ["AUTH PLAIN LOGIN"] if self.password and secure else []
                lines = ["test.example"] + offers
                for i, offer in enumerate(lines):
                    say(f"250{' ' if i + 1 == len(lines) else '-'}{offer}")
            elif command == "STARTTLS" and self.context and not secure:
                client.sendall(b"220 go on\r\n" + self.inject.encode())
                client = self.context.wrap_socket(client, server_side=True)
                reader, secure, sender, recipients = client.makefile("rb"), True, None, []
            elif command == "AUTH":
                given = base64.b64decode(text.split(" ")[-1] + "==").decode().strip("\0")
                known = given.replace("\0", ":") == self.password
                say("235 known" if known else "535 not known")
            elif self.password and not known and command in ("MAIL", "RCPT", "DATA"):
                say("530 sign in first")
            elif command == "MAIL":
                sender, recipients = text.partition("<")[2].partition(">")[0], []
                say("250 yes")
            elif command == "RCPT":
                recipients.append(text.partition("<")[2].partition(">")[0])
                say("250 yes")
            elif command == "DATA" and sender is not None and recipients:
                say("354 go on")
                body = b""
                while (part := reader.readline()) not in (b".\r\n", b""):
                    body += part[1:] if part.startswith(b".") else part
                status = self.planned("DATA")
                if status == "CLOSE":
                    return
                if not status:
                    self.keep(sender, recipients, body)
                say(f"{status or 250} done")
            elif command == "QUIT":
                return say("221 bye")
            else:
                say("503 not now")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    for option in ("certificate", "key", "plan", "password", "inject"):
        parser.add_argument("--" + option, default="")
    parser.add_argument("--tls", action="store_true")
    given = vars(parser.parse_args())
    given["inject"] = given["inject"].replace("\\r\\n", "\r\n")
    server = Server(**given)
    folder = pathlib.Path(given["folder"])
    (folder / "port.new").write_text(str(server.port))
    os.replace(folder / "port.new", folder / "port")
    server.run()


if __name__ == "__main__":
    main()
