# SPDX-License-Identifier: Apache-2.0
"""An EHR opens the surgeon's view in `meridian serve`: launch, sign-in, page, act; and an EHR that lies."""
import html
import http.client
import json
import pathlib
import re
import signal
import subprocess
import tempfile
import time
import unittest
import urllib.parse

from fhir_peer import FhirPeer, patients
from smart_ehr import SmartEhr
from v2_site import PATIENCE, PROGRAM

PUBLIC = "https://meridian.example"
CONFIG = """
[site]
name = "Tamarack Ridge"
public_url = "https://meridian.example"
[store]
url = "sqlite:site.db"
[http]
listen = "127.0.0.1:0"
[[hospital]]
id = "hospital"
name = "Tamarack Ridge Spine"
fhir = "{hospital}"
poll_seconds = 0.2
smart_client_id = "meridian-app"
smart_iss = "{iss}"
smart_origins = ["https://ehr.example"]
{more}
[[clinic]]
id = "clinic"
name = "Quiet River Acupuncture"
fhir = "{clinic}"
poll_seconds = 3600
[[contact]]
name = "Spine surgeon on call"
pager = "http://127.0.0.1:9/"
"""

PEOPLE = {"p1": {"resourceType": "Patient", "id": "p1", "gender": "male", "birthDate": "1985-05-05",
                 "name": [{"given": ["Tunde"], "family": "Abara"}]},
          "p2": {"resourceType": "Patient", "id": "p2", "gender": "female", "birthDate": "1971-01-02",
                 "name": [{"given": ["Lan"], "family": "Brook"}]}}


class Browser:
    """Follows redirects and keeps cookies by path, as one in a frame does."""

    def __init__(self, url, keeps=True):
        self.url, self.keeps, self.cookies, self.seen = url, keeps, {}, []

    def ask(self, method, url, form=None, headers=()):
        place = urllib.parse.urlsplit(url.replace(PUBLIC, self.url))
        ours = url.startswith(PUBLIC) or url.startswith("/")
        if url.startswith("/"):
            place = urllib.parse.urlsplit(self.url + url)
        sent = dict(headers)
        if ours and self.keeps:
            pairs = [f"{name}={value}" for (name, path), value in self.cookies.items() if place.path.startswith(path)]
            sent["Cookie"] = "; ".join(pairs)
        body = None if form is None else urllib.parse.urlencode(form)
        if body is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        door = http.client.HTTPConnection(place.hostname, place.port, timeout=30)
        door.request(method, place.path + ("?" + place.query if place.query else ""), body, sent)
        answer = door.getresponse()
        text = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie", []) if ours else []:
            self.keep(line)
        door.close()
        return answer.status, answer.headers, text

    def keep(self, line):
        pair, *attributes = [part.strip() for part in line.split(";")]
        name, _, value = pair.partition("=")
        told = dict(part.partition("=")[::2] for part in attributes)
        for attribute in ("Secure", "HttpOnly", "Partitioned"):
            assert attribute in told, line
        assert told["SameSite"] == "None" and name.startswith("__Secure-"), line
        if told["Max-Age"] == "0":
            self.cookies.pop((name, told["Path"]), None)
        else:
            self.cookies[name, told["Path"]] = value

    def go(self, url, limit=8):
        """GET with redirects; status, headers, text and where it ended."""
        for _ in range(limit):
            status, headers, text = self.ask("GET", url)
            self.seen.append(url)
            if status not in (302, 303):
                return status, headers, text, url
            url = headers["Location"]
        raise AssertionError("too many redirects")


class SmartLaunch(unittest.TestCase):
    more = ""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.hospital = FhirPeer("--data", patients(folder.name))
        self.addCleanup(self.hospital.close)
        self.clinic = FhirPeer()
        self.addCleanup(self.clinic.close)
        self.ehr = SmartEhr(folder.name, patients=PEOPLE)
        self.addCleanup(self.ehr.close)
        for person in PEOPLE.values():
            self.hospital.put(person)
        self.hospital.put({"resourceType": "Condition", "id": "c1", "subject": {"reference": "Patient/p1"},
                           "clinicalStatus": {"coding": [{"code": "active"}]},
                           "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "M54.59"}]},
                           "onsetDateTime": "2026-05-01"})
        self.prepare()
        self.config = self.folder / "site.toml"
        self.config.write_text(CONFIG.format(hospital=self.hospital.base, clinic=self.clinic.base, iss=self.ehr.iss,
                                             more=self.more))
        with open(self.folder / "log", "a") as log:
            self.serve = subprocess.Popen([PROGRAM, "serve", "--config", self.config], stdout=subprocess.PIPE,
                                          stderr=log, text=True)
        self.addCleanup(self.end)
        said = self.serve.stdout.readline()
        if not said:
            raise RuntimeError((self.folder / "log").read_text())
        self.url = json.loads(said)["url"]

    def prepare(self):
        pass

    def end(self):
        self.serve.send_signal(signal.SIGTERM)
        self.serve.wait(PATIENCE)
        self.serve.stdout.close()

    def place(self, patient="p1", iss=None, **more):
        return PUBLIC + "/smart/launch?" + urllib.parse.urlencode(
            {"iss": iss or self.ehr.iss, "launch": self.ehr.launch(patient), **more})

    def opened(self, patient="p1"):
        browser = Browser(self.url)
        status, headers, text, url = browser.go(self.place(patient))
        self.assertEqual(status, 200, text + (self.folder / "log").read_text())
        return browser, headers, text, url

    def refused(self, *lies, patient="p1"):
        """Nobody is let in; the text of the page."""
        self.ehr.lies = set(lies)
        browser = Browser(self.url)
        status, _, text, url = browser.go(self.place(patient))
        self.ehr.lies = set()
        self.assertGreaterEqual(status, 400, f"{lies}: {url}")
        self.assertNotIn("/smart/view/", url, lies)
        self.assertFalse([name for name, path in browser.cookies if "view" in name], lies)
        self.assertNotIn("Abara", text)
        return text

    def order(self):
        self.hospital.put({"resourceType": "ServiceRequest", "id": "o1", "status": "active", "intent": "order",
                           "subject": {"reference": "Patient/p1"}, "authoredOn": "2026-11-20",
                           "code": {"coding": [{"system": "http://snomed.info/sct", "code": "44868003"}]}})

    def audit(self):
        return subprocess.run([PROGRAM, "audit", "list", "--config", self.config], capture_output=True, text=True,
                              check=True).stdout


class AtTheEhr(SmartLaunch):
    def test_the_surgeon_sees_the_patients_referral_and_cancels_it(self):
        browser, headers, text, url = self.opened()
        self.assertIn("No referral of this patient went through Meridian.", text)
        self.assertIn("Dr. Imre Varga", text)
        self.assertNotIn("Abara", text, "the EHR shows who the patient is")
        policy = headers["Content-Security-Policy"]
        self.assertIn("frame-ancestors https://ehr.example", policy)
        self.assertIn("default-src 'none'", policy)
        self.order()
        for _ in range(600):
            text = browser.go(url)[2]
            if "Referral for acupuncture" in text and "Cancel the referral" in text:
                break
            time.sleep(0.1)
        self.assertIn("Referral for acupuncture", text)
        link = html.unescape(re.search(r'href="(/smart/view/[^"]*/cancel)"', text).group(1))
        form = browser.go(link)[2]
        fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
        status, _, _ = browser.ask("POST", link, {**fields, "token": "0" * 64, "text": "surgery"})
        self.assertEqual(status, 403)
        status, _, _ = browser.ask("POST", link, {**fields, "text": "surgery"},
                                   [("Sec-Fetch-Site", "cross-site")])
        self.assertEqual(status, 403)
        # A look may have come in between: then the form is shown again, on what is there now.
        for _ in range(20):
            status, headers, text = browser.ask("POST", link, {**fields, "text": "surgery"})
            if status != 409:
                break
            fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', text))
        self.assertEqual(status, 303, text)
        self.assertIn("Revoke the order in the EHR as well", browser.go(headers["Location"])[2])
        audit = self.audit()
        self.assertIn("hospital/Practitioner/9", audit)
        self.assertIn("Surgeon.cancel", audit)
        self.assertNotIn("Abara", audit)

    def test_a_patient_without_banner_is_named_by_the_page(self):
        self.ehr.lies = {"banner"}
        self.assertIn("Tunde Abara", self.opened()[2])
        self.refused("banner", patient="p3")  # nobody could tell whose page it is

    def test_two_patients_open_at_once_stay_two(self):
        browser, _, _, one = self.opened("p1")
        status, _, _, two = browser.go(self.place("p2"))
        self.assertEqual(status, 200)
        self.assertNotEqual(one, two)
        self.order()
        for _ in range(600):
            if "Referral for acupuncture" in browser.go(one)[2]:
                break
            time.sleep(0.1)
        self.assertIn("Referral for acupuncture", browser.go(one)[2])
        self.assertIn("No referral of this patient", browser.go(two)[2])

    def test_nobody_enters_by_an_answer_that_does_not_hold(self):
        for lie in ("other-state", "denied", "wrong-aud", "two-auds", "wrong-nonce", "expired", "future",
                    "wrong-issuer", "alg-none", "alg-hmac", "unknown-key", "bad-signature", "no-id-token",
                    "foreign-user"):
            with self.subTest(lie):
                self.refused(lie)
        self.assertIn("named no patient", self.refused("no-patient"))
        self.assertIn("for clinicians", self.refused("a-patient"))
        self.opened()
        self.ehr.lies = {"no-kid"}  # as smart-on-fhir's own launcher signs
        self.opened()

    def test_an_ehr_that_does_no_s256_is_not_asked_for_a_code(self):
        self.refused("plain-pkce")
        self.assertNotIn("/authorize", self.ehr.calls)

    def test_only_configured_ehrs_launch(self):
        port = self.ehr.origin.rsplit(":", 1)[1]
        for iss in ("https://other.example/fhir", self.ehr.iss + "/more", self.ehr.iss + "?x=1",
                    f"http://127.0.0.1:{port}@other.example/fhir", self.ehr.origin, "javascript:alert(1)",
                    self.ehr.iss.replace("http:", "https:")):
            with self.subTest(iss):
                browser = Browser(self.url)
                status, _, text, _ = browser.go(self.place(iss=iss))
                self.assertEqual(status, 400, text)
        self.assertNotIn("/authorize", self.ehr.calls)
        Browser(self.url).go(self.place(iss=self.ehr.iss + "/"))
        self.assertIn("/authorize", self.ehr.calls)
        self.assertEqual(Browser(self.url).ask("GET", "/smart/launch?iss=" + self.ehr.iss)[0], 400)

    def test_a_code_and_its_state_are_good_once_and_in_one_browser(self):
        browser = Browser(self.url)
        browser.go(self.place())
        back = next(url for url in browser.seen if "/smart/callback" in url)
        self.assertEqual(browser.go(back)[0], 403)
        other = Browser(self.url)
        held = Browser(self.url)
        url = self.place()
        while "/smart/callback" not in url:
            status, headers, _ = held.ask("GET", url)
            self.assertIn(status, (302, 303))
            url = headers["Location"]
        self.assertEqual(other.go(url)[0], 403, "another browser's answer")
        before = dict(held.cookies)
        self.assertEqual(held.go(url)[0], 200)
        tokens = self.ehr.calls.count("/token")
        held.cookies = before  # with the cookie put back, the state was used all the same
        self.assertEqual(held.go(url)[0], 403)
        self.assertEqual(self.ehr.calls.count("/token"), tokens)

    def test_a_view_belongs_to_its_browser_and_cannot_be_moved(self):
        browser, _, _, url = self.opened()
        self.assertEqual(Browser(self.url).go(url)[0], 401)
        (name, path), value = next((key, value) for key, value in browser.cookies.items() if "view" in key[0])
        browser.cookies[name, path.replace(path[-4:], "AAAA")] = value
        self.assertEqual(browser.go(url.replace(path[-4:], "AAAA"))[0], 401)
        flipped = ("0" if value[40] != "0" else "1")
        browser.cookies[name, path] = value[:40] + flipped + value[41:]
        self.assertEqual(browser.go(url)[0], 401)

    def test_a_browser_that_keeps_nothing_in_a_frame_is_led_to_a_tab(self):
        browser = Browser(self.url, keeps=False)
        status, _, text, _ = browser.go(self.place())
        self.assertEqual(status, 200)
        link = html.unescape(re.search(r'target="_blank" rel="noopener" href="([^"]*)"', text).group(1))
        self.assertNotIn("/authorize", self.ehr.calls, "the launch is not used up")
        self.assertEqual(Browser(self.url).go(link)[0], 200)


class WithAKey(SmartLaunch):
    more = 'smart_key_file = "app.pem"\nsmart_key_id = "app-1"\nsmart_algorithm = "ES384"'

    def prepare(self):
        subprocess.run(["openssl", "ecparam", "-name", "secp384r1", "-genkey", "-noout", "-out",
                        self.folder / "app.pem"], check=True, capture_output=True)
        token, self.forms = self.ehr.token, []
        self.ehr.token = lambda form: (self.forms.append(form), token(form))[1]

    def test_a_confidential_client_shows_an_assertion(self):
        self.opened()
        self.assertNotIn("client_id", self.forms[0])
        self.assertEqual(self.forms[0]["client_assertion_type"],
                         "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
        self.assertEqual(self.forms[0]["client_assertion"].count("."), 2)


if __name__ == "__main__":
    unittest.main()
