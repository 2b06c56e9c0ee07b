# SPDX-License-Identifier: Apache-2.0
"""Certificates are renewed under a running `meridian serve`: its HTTP door and its MLLP door show the new ones to
whoever connects next, and go on with the old ones while the new files do not fit together."""
import json
import os
import pathlib
import signal
import socket
import ssl
import subprocess
import tempfile
import unittest

from town import PATIENCE, PROGRAM
from v2_people import END, START, field, read_frame

CONFIG = """
[store]
url = "sqlite:site.db"
[http]
listen = "127.0.0.1:0"
certificate = "door.pem"
key = "door.key"
[[hospital]]
id = "hospital"
[[mllp]]
listen = "127.0.0.1:0"
source = "hospital"
certificate = "door.pem"
key = "door.key"
client_ca = "senders.pem"
"""
MESSAGE = ("MSH|^~\\&|EHR|TRMC|||20261127090000||ADT^A08|{number}|P|2.5.1\r"
           "PID|1||4711^^^TRMC||Okafor^Ada||19700101|F\r")


class Renewal(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.written = 0
        self.make("first")
        self.make("sender")
        self.install("first.pem", "door.pem")
        self.install("first.key", "door.key")
        self.install("sender.pem", "senders.pem")
        (self.folder / "site.toml").write_text(CONFIG)
        with open(self.folder / "log", "w", encoding="utf-8") as log:
            self.meridian = subprocess.Popen([PROGRAM, "serve", "--config", self.folder / "site.toml"],
                                             stdout=subprocess.PIPE, stderr=log, text=True)
        self.addCleanup(self.end)
        said = self.meridian.stdout.readline()
        self.assertTrue(said, (self.folder / "log").read_text())
        health = json.loads(said)
        self.doors = {"http": int(health["url"].rsplit(":", 1)[1]), "mllp": int(health["mllp"][0].rsplit(":", 1)[1])}

    def end(self):
        self.meridian.send_signal(signal.SIGTERM)
        self.meridian.communicate(timeout=PATIENCE)

    def make(self, name):
        """A certificate that is its own authority."""
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-days", "2", "-subj", f"/CN={name}", "-keyout", self.folder / f"{name}.key",
                        "-out", self.folder / f"{name}.pem"], check=True, capture_output=True)

    def install(self, name, door_file):
        """As a tool does it that renews certificates: the file is replaced, later than the one before."""
        text = (self.folder / name).read_text()
        beside = self.folder / "beside"
        beside.write_text(text)
        beside.chmod(0o600)
        self.written += 1
        os.utime(beside, (1_790_000_000 + self.written,) * 2)
        beside.rename(self.folder / door_file)

    def connect(self, door, sender="sender"):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.load_cert_chain(self.folder / f"{sender}.pem", self.folder / f"{sender}.key")
        return context.wrap_socket(socket.create_connection(("127.0.0.1", self.doors[door]), timeout=PATIENCE))

    def shown(self, door):
        """The certificate that a door shows."""
        with self.connect(door) as connection:
            return ssl.DER_cert_to_PEM_cert(connection.getpeercert(binary_form=True))

    def text_of(self, name):
        return (self.folder / f"{name}.pem").read_text()

    def is_taken(self, connection, number):
        """Whether a message is: a certificate that is not known is refused when something is read."""
        try:
            connection.sendall(START + MESSAGE.format(number=number).encode() + END)
            answer = read_frame(connection)
        except OSError:
            return False
        return answer is not None and field(answer, "MSA", 1) == "AA"

    def test_a_renewed_certificate_is_shown_to_whoever_comes_next(self):
        self.make("second")
        for door in self.doors:
            self.assertEqual(self.shown(door), self.text_of("first"), door)
        before = self.connect("mllp")
        self.install("second.pem", "door.pem")
        for door in self.doors:
            self.assertEqual(self.shown(door), self.text_of("first"), f"{door}: the key is still to come")
        self.install("second.key", "door.key")
        for door in self.doors:
            self.assertEqual(self.shown(door), self.text_of("second"), door)
        self.assertTrue(self.is_taken(before, 1), "who was there before goes on")
        before.close()
        log = (self.folder / "log").read_text()
        for event in ("http.certificate_renewed", "http.certificate_refused", "mllp.certificate_renewed",
                      "mllp.certificate_refused"):
            self.assertIn(event, log)

    def test_another_authority_of_senders_is_taken(self):
        self.make("other")
        with self.connect("mllp", "other") as connection:
            self.assertFalse(self.is_taken(connection, 1))
        self.install("other.pem", "senders.pem")
        with self.connect("mllp", "other") as connection:
            self.assertTrue(self.is_taken(connection, 2))
        with self.connect("mllp", "sender") as connection:
            self.assertFalse(self.is_taken(connection, 3))


if __name__ == "__main__":
    unittest.main()
