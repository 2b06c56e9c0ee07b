# SPDX-License-Identifier: Apache-2.0
"""A referral through `meridian serve` becomes a mail to somebody of the clinic, by a mail server, and the mail says nothing of
the patient; its link opens nothing by itself."""
import base64
import email
import hashlib
import hmac
import json
import re
import struct
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request

from smtp_server import Server
from v2_site import PROGRAM, Site, referral

TABLES = """
[[clinic]]
id = "clinic"
name = "Quiet River Acupuncture"
inbox = true
licence_state = "WA"
licence_until = "2999-12-31"
agreement_until = "2999-12-31"
[mail]
host = "127.0.0.1"
port = {port}
security = "none"
from = "meridian@ridge.example"
every_minutes = 1
"""
PASSWORD = "my hospital has a blue door"


def code_of(key):
    """RFC 6238, now."""
    secret = base64.b32decode(key.replace(" ", ""))
    mac = hmac.new(secret, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    at = mac[19] & 15
    return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7fffffff) % 1000000:06}"


class Mail(Site):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.post = Server(folder.name)
        threading.Thread(target=self.post.run, daemon=True).start()
        super().setUp()

    def clinic_table(self):
        return TABLES.format(port=self.post.port)

    def ask(self, path, **fields):
        """Status and page; with fields, a form is sent."""
        body = urllib.parse.urlencode(fields).encode() if fields else None
        try:
            with urllib.request.urlopen(self.url + path, body, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.read().decode()

    def people(self, *words):
        return json.loads(subprocess.run([PROGRAM, "people", *words, "--config", self.folder / "site.toml", "--yes"],
                                         check=True, capture_output=True, text=True, timeout=120).stdout)

    def enrol(self, path):
        """As a person does with a telephone at hand."""
        self.assertEqual(self.ask(path)[0], 200)
        page = self.ask(path, password=PASSWORD, again=PASSWORD)[1]
        key = re.search(r'class="key">([^<]*)<', page).group(1)
        self.assertIn('class="codes"', self.ask(path, code=code_of(key))[1])

    def mails(self):
        return [email.message_from_bytes(file.read_bytes().partition(b"\r\n")[2])
                for file in sorted(self.post.folder.glob("*.eml"))]

    def test_a_referral_leads_to_a_mail_that_says_nothing_of_it(self):
        invited = self.people("add", "--name", "Ana Ruiz", "--email", "ana@quietriver.example", "--role", "clinic",
                              "--clinic", "clinic")
        self.enrol(urllib.parse.urlsplit(invited["link"]).path)
        self.assertEqual(self.mails(), [])
        self.tell(referral("I-1", "RF-700", "40023", "ABARA^NGOZI"))
        mail = self.until(self.mails, "no mail came")[0]
        self.assertEqual(mail["To"], "<ana@quietriver.example>")
        self.assertEqual(mail["Auto-Submitted"], "auto-generated")
        text = mail.get_payload(decode=True).decode()
        link = re.search(r"https?://\S+", text).group(0)
        whole = (text + mail.as_string()).lower()
        listed = subprocess.run([PROGRAM, "referrals", "list", "--config", self.folder / "site.toml"], check=True,
                                capture_output=True, text=True, timeout=120).stdout
        for secret in ("abara", "ngozi", "40023", "rf-700", "1985", "m54", json.loads(listed)["id"].lower(), "ana ruiz"):
            self.assertNotIn(secret, whole)

        # A scanner that follows the link sees a form to sign in, and nothing changed.
        status, page = self.ask(urllib.parse.urlsplit(link).path)
        self.assertEqual(status, 200)
        self.assertIn('name="password"', page)
        self.assertNotIn("Abara", page)
        state = json.loads(subprocess.run([PROGRAM, "referrals", "list", "--config", self.folder / "site.toml"],
                                          check=True, capture_output=True, text=True, timeout=120).stdout)["state"]
        self.assertEqual(state, "delivered")


if __name__ == "__main__":
    unittest.main()
