# SPDX-License-Identifier: Apache-2.0
"""A clinic with software of its own: it signs in with its key at `meridian serve`, finds its referral, reads the packet,
accepts, asks, books, writes note and score, reports; the hospital's FHIR record shows each of it."""
import base64
import json
import secrets
import subprocess
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request

from v2_site import Site, referral

FHIR = "application/fhir+json"
CLINIC = """
[[clinic]]
id = "clinic"
name = "Quiet River Acupuncture"
endpoint = true
[[clinic]]
id = "other"
endpoint = true
[[client]]
id = "clinic-ehr"
role = "clinic"
source = "clinic"
jwks_file = "clinic.jwks.json"
[[client]]
id = "other-ehr"
role = "clinic"
source = "other"
jwks_file = "other.jwks.json"
"""


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Software:
    """A clinic's software: a key, a token, and requests."""

    def __init__(self, folder, client):
        self.client = client
        self.key = folder / f"{client}.pem"
        subprocess.run(["openssl", "genrsa", "-out", self.key, "2048"], check=True, capture_output=True)
        said = subprocess.run(["openssl", "rsa", "-in", self.key, "-noout", "-modulus"], check=True,
                              capture_output=True, text=True).stdout
        modulus = bytes.fromhex(said.strip().partition("=")[2])
        self.jwks = {"keys": [{"kty": "RSA", "alg": "RS384", "use": "sig", "kid": "k1", "n": base64url(modulus),
                               "e": "AQAB"}]}
        self.token = None

    def at(self, base):
        self.base = base
        return self

    def signed(self, claims):
        head = {"alg": "RS384", "typ": "JWT", "kid": "k1"}
        text = ".".join(base64url(json.dumps(part).encode()) for part in (head, claims))
        made = subprocess.run(["openssl", "dgst", "-sha384", "-sign", self.key], input=text.encode(), check=True,
                              capture_output=True).stdout
        return f"{text}.{base64url(made)}"

    def sign_in(self, **changes):
        """Status and answer of the token endpoint that the server names itself."""
        status, said, _ = self.ask("GET", "/.well-known/smart-configuration")
        url = said["token_endpoint"]
        claims = {"iss": self.client, "sub": self.client, "aud": url, "exp": int(time.time()) + 240,
                  "jti": secrets.token_hex(16), **changes}
        form = {"grant_type": "client_credentials", "scope": "system/*.cruds", "client_assertion": self.signed(claims),
                "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}
        request = urllib.request.Request(url, urllib.parse.urlencode(form).encode(), method="POST")
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                said = json.loads(answer.read())
                self.token = said["access_token"]
                return answer.status, said
        except urllib.error.HTTPError as refusal:
            return refusal.code, json.loads(refusal.read())

    def ask(self, method, path, resource=None, **headers):
        """Status, parsed body and headers."""
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        headers.setdefault("Content-Type", FHIR)
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        body = None if resource is None else json.dumps(resource).encode()
        request = urllib.request.Request(self.base + path, body, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.loads(answer.read() or b"null"), answer.headers
        except urllib.error.HTTPError as refusal:
            return refusal.code, json.loads(refusal.read() or b"null"), refusal.headers

    def search(self, query):
        status, bundle, _ = self.ask("GET", "/" + query)
        assert status == 200, bundle
        return [entry["resource"] for entry in bundle.get("entry", []) if entry["search"]["mode"] == "match"]


class APullingClinic(Site):
    def clinic_table(self):
        self.software = {name: Software(self.folder, f"{name}-ehr") for name in ("clinic", "other")}
        for name, one in self.software.items():
            (self.folder / f"{name}.jwks.json").write_text(json.dumps(one.jwks))
        return CLINIC

    def shown(self):
        """What the hospital's coordination Task says."""
        tasks = self.hospital.search("Task")
        return tasks[0] if tasks else {}

    def business(self):
        return self.shown().get("businessStatus", {}).get("text")

    def answer(self, clinic, task, **members):
        changed = {**clinic.ask("GET", f"/Task/{task}")[1], **members}
        version = changed["meta"]["versionId"]
        status, said, _ = clinic.ask("PUT", f"/Task/{task}", changed, If_Match=f'W/"{version}"')
        self.assertEqual(status, 200, said)
        return said

    def test_a_clinic_takes_its_referral_and_brings_it_back(self):
        clinic, other = (self.software[name].at(self.url + "/fhir/r4") for name in ("clinic", "other"))
        self.assertEqual(clinic.ask("GET", "/metadata")[1]["rest"][0]["mode"], "server")
        self.assertEqual(clinic.ask("GET", "/Task")[0], 401)
        self.assertEqual(clinic.sign_in()[0], 200)
        self.assertEqual(other.sign_in()[0], 200)
        self.assertEqual(clinic.search("Task"), [])

        self.tell(referral("I-1", "RF-700", "40023", "ABARA^NGOZI"))
        task = self.until(lambda: clinic.search("Task?status=requested"), "the clinic sees nothing")[0]
        self.assertEqual(task["owner"]["display"], "Quiet River Acupuncture")
        patient = clinic.ask("GET", "/" + task["for"]["reference"])[1]
        self.assertEqual(patient["name"][0]["family"], "Abara")
        self.assertTrue(clinic.search(f"Condition?patient={task['for']['reference']}"), "the history of the record")
        self.assertEqual(other.search("Task"), [])
        self.assertEqual(other.ask("GET", f"/Task/{task['id']}")[0], 404)

        status, said, _ = clinic.ask(
            "PATCH", f"/Task/{task['id']}", [{"op": "replace", "path": "/status", "value": "accepted"}],
            Content_Type="application/json-patch+json", If_Match='W/"1"')
        self.assertEqual((status, said["status"]), (200, "accepted"))
        self.until(lambda: self.business() == "accepted", "the hospital does not know that it was accepted")

        order = {"reference": f"ServiceRequest/{task['id']}"}
        self.assertEqual(clinic.ask("POST", "/Communication", {
            "resourceType": "Communication", "status": "completed", "basedOn": [order],
            "payload": [{"contentString": "Is the MRI report there?"}]}, X_Request_Id="q-1")[0], 201)
        self.until(lambda: any("Is the MRI report there?" in json.dumps(one)
                               for one in self.hospital.search("Communication")), "the question did not arrive")
        self.assertEqual(clinic.ask("POST", "/Appointment", {
            "resourceType": "Appointment", "status": "booked", "start": "2026-12-07T09:00:00Z", "basedOn": [order],
            "participant": [{"actor": task["for"], "status": "accepted"}]}, X_Request_Id="a-1")[0], 201)
        self.until(lambda: self.business() == "scheduled", "the hospital does not know of the visit")

        version = clinic.ask("GET", f"/Task/{task['id']}")[1]["meta"]["versionId"]
        done = {**clinic.ask("GET", f"/Task/{task['id']}")[1], "status": "completed"}
        bundle = {"resourceType": "Bundle", "type": "transaction", "entry": [
            {"fullUrl": "urn:uuid:0b8a2b44-0a42-4a6e-9a6e-0d6f0f0f0f01", "resource": {
                "resourceType": "DocumentReference", "status": "current", "subject": task["for"],
                "context": {"related": [order]},
                "content": [{"attachment": {"contentType": "text/plain", "data": "UGFpbiA3IHRvIDMu"}}]},
             "request": {"method": "POST", "url": "DocumentReference"}},
            {"resource": {"resourceType": "Observation", "status": "final", "subject": task["for"], "basedOn": [order],
                          "code": {"text": "Pain severity"}, "valueInteger": 3},
             "request": {"method": "POST", "url": "Observation"}},
            {"resource": done, "request": {"method": "PUT", "url": f"Task/{task['id']}", "ifMatch": f'W/"{version}"'}}]}
        status, first, _ = clinic.ask("POST", "", bundle, X_Request_Id="t-1")
        self.assertEqual(status, 200, first)
        self.assertEqual(clinic.ask("POST", "", bundle, X_Request_Id="t-1")[1], first, "a repeat is answered alike")
        notes = self.until(lambda: self.hospital.search("DocumentReference"), "the note did not reach the hospital")
        self.assertIn("UGFpbiA3IHRvIDMu", json.dumps(notes))
        self.until(lambda: self.business() in ("reported", "closed"), "the hospital does not know of the report")
        self.assertEqual(self.shown()["status"], "completed")
        self.assertIn("Pain severity: 3", json.dumps(self.shown()["output"]))
        self.assertEqual(len(self.hospital.search("DocumentReference")), 1)

        # What is kept is kept: another start shows the same.
        before = clinic.ask("GET", f"/Task/{task['id']}")[1]
        address = self.url
        self.end(2)
        self.start()
        clinic.at(self.url + "/fhir/r4")
        self.assertNotEqual(clinic.base, address)
        self.assertEqual(clinic.ask("GET", f"/Task/{task['id']}")[1], before, "also the token is good still")

    def test_what_is_wrong_with_a_sign_in_is_said(self):
        clinic = self.software["clinic"].at(self.url + "/fhir/r4")
        for change, why in (({"aud": "https://other.example"}, "aud"), ({"exp": int(time.time()) + 3600}, "exp"),
                            ({"iss": "other-ehr"}, "iss"), ({"jti": ""}, "jti")):
            status, said = clinic.sign_in(**change)
            self.assertEqual((status, said["error"]), (401, "invalid_client"))
            self.assertIn(why, said["error_description"])
        once = secrets.token_hex(8)
        self.assertEqual(clinic.sign_in(jti=once)[0], 200)
        self.end(2)
        self.start()  # what was used stays used
        clinic.at(self.url + "/fhir/r4")
        clinic.token = None
        self.assertEqual(clinic.sign_in(jti=once)[0], 401)


if __name__ == "__main__":
    unittest.main()
