# SPDX-License-Identifier: Apache-2.0
"""An EHR that launches SMART apps: authorisation server and the little FHIR that an app reads. It can misbehave.

By itself it serves a page with the app in a frame, for a browser: python3 smart_ehr.py FOLDER LAUNCH_URL [options].
"""
import base64
import hashlib
import http.server
import json
import pathlib
import subprocess
import threading
import time
import urllib.parse
import uuid

USER = {"resourceType": "Practitioner", "id": "9", "name": [{"prefix": ["Dr."], "given": ["Imre"], "family": "Varga"}]}


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class SmartEhr:
    """`patients`: FHIR Patients by id. `lies` change what it answers: names of what it does wrong, see token()."""

    def __init__(self, folder, client_id="meridian-app", patients=None):
        self.client_id, self.patients = client_id, patients or {}
        self.lies, self.codes, self.launches, self.calls = set(), {}, {}, []
        self.key = str(pathlib.Path(folder) / "smart-ehr-key.pem")
        subprocess.run(["openssl", "genrsa", "-out", self.key, "2048"], check=True, capture_output=True)
        said = subprocess.run(["openssl", "rsa", "-in", self.key, "-noout", "-modulus"], check=True,
                              capture_output=True, text=True).stdout
        self.modulus = bytes.fromhex(said.strip().split("=", 1)[1])
        ehr = self

        class Door(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.answer(*ehr.get(self.path, self.headers))

            def do_POST(self):
                length = int(self.headers.get("Content-Length", 0))
                form = dict(urllib.parse.parse_qsl(self.rfile.read(length).decode()))
                self.answer(*ehr.token(form))

            def answer(self, status, body, headers=()):
                data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
                self.send_response(status)
                for name, value in headers:
                    self.send_header(name, value)
                self.send_header("Content-Type", "text/html" if isinstance(body, str) else "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Door)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.origin = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.iss = self.origin + "/fhir"

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def launch(self, patient):
        """The launch parameter of an EHR in which this patient is open."""
        name = str(uuid.uuid4())
        self.launches[name] = patient
        return name

    def get(self, target, headers):
        path, _, query = target.partition("?")
        asked = dict(urllib.parse.parse_qsl(query))
        self.calls.append(path)
        if path == "/fhir/.well-known/smart-configuration":
            methods = ["plain"] if "plain-pkce" in self.lies else ["S256"]
            return 200, {"issuer": self.iss, "jwks_uri": self.origin + "/jwks",
                         "authorization_endpoint": self.origin + "/authorize",
                         "token_endpoint": self.origin + "/token", "grant_types_supported": ["authorization_code"],
                         "capabilities": ["launch-ehr", "client-public", "sso-openid-connect", "context-ehr-patient"],
                         "code_challenge_methods_supported": methods}
        if path == "/jwks":
            return 200, {"keys": [{"kty": "RSA", "kid": "ehr-1", "use": "sig", "alg": "RS256", "e": "AQAB",
                                   "n": encoded(self.modulus)}]}
        if path == "/authorize":
            return self.authorize(asked)
        if path.startswith("/fhir/"):
            return self.read(path.removeprefix("/fhir/"), headers)
        if path == "/chart":
            app = asked["app"] + "?" + urllib.parse.urlencode({"iss": self.iss, "launch": self.launch(asked["patient"])})
            return 200, ("<!doctype html><html lang=\"en\"><title>EHR</title><body style=\"margin:0\">"
                         f"<iframe title=\"app\" width=\"800\" height=\"1400\" style=\"border:0\" src=\"{app}\"></iframe>")
        return 404, {}

    def authorize(self, asked):
        """The user is signed in already: straight back with a code."""
        wrong = [name for name, value in (("response_type", "code"), ("client_id", self.client_id), ("aud", self.iss),
                                          ("code_challenge_method", "S256")) if asked.get(name) != value]
        if wrong or asked.get("launch") not in self.launches:
            return 400, {"error": "invalid_request", "wrong": wrong}
        code = str(uuid.uuid4())
        self.codes[code] = asked
        back = {"code": code, "state": asked["state"]}
        if "denied" in self.lies:
            back = {"error": "access_denied", "state": asked["state"]}
        if "other-state" in self.lies:
            back["state"] = "A" * 22
        return 302, {}, [("Location", asked["redirect_uri"] + "?" + urllib.parse.urlencode(back))]

    def token(self, form):
        self.calls.append("/token")
        asked = self.codes.pop(form.get("code"), None)
        challenge = encoded(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if asked is None or challenge != asked["code_challenge"] or form["redirect_uri"] != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        said = {"access_token": "for-this-user", "token_type": "Bearer", "expires_in": 900, "scope": asked["scope"],
                "patient": self.launches[asked["launch"]], "need_patient_banner": "banner" in self.lies,
                "id_token": self.id_token(asked["nonce"])}
        if "no-patient" in self.lies:
            del said["patient"]
        if "no-id-token" in self.lies:
            del said["id_token"]
        return 200, said

    def id_token(self, nonce):
        now = int(time.time())
        claims = {"iss": self.iss, "aud": self.client_id, "sub": "varga", "exp": now + 300, "iat": now, "nonce": nonce,
                  "fhirUser": self.iss + "/Practitioner/9"}
        changes = {"wrong-aud": {"aud": "another-app"}, "two-auds": {"aud": [self.client_id, "another-app"]},
                   "wrong-nonce": {"nonce": "another"},
                   "expired": {"exp": now - 3600, "iat": now - 7200}, "wrong-issuer": {"iss": "https://other.example"},
                   "a-patient": {"fhirUser": "Patient/p1"}, "foreign-user": {"fhirUser": "https://other.example/Practitioner/9"},
                   "future": {"iat": now + 3600, "exp": now + 7200}}
        for lie in self.lies:
            claims.update(changes.get(lie, {}))
        header = {"alg": "RS256", "typ": "JWT", "kid": "ehr-1"}
        if "alg-none" in self.lies:
            header["alg"] = "none"
        if "alg-hmac" in self.lies:
            header["alg"] = "HS256"
        if "unknown-key" in self.lies:
            header["kid"] = "ehr-2"
        if "no-kid" in self.lies:  # which is no lie: there is one key
            del header["kid"]
        text = encoded(json.dumps(header).encode()) + "." + encoded(json.dumps(claims).encode())
        if "alg-none" in self.lies:
            return text + "."
        made = subprocess.run(["openssl", "dgst", "-sha256", "-sign", self.key], input=text.encode(), check=True,
                              capture_output=True).stdout
        if "bad-signature" in self.lies:
            made = bytes([made[0] ^ 1]) + made[1:]
        return text + "." + encoded(made)

    def read(self, ref, headers):
        if headers.get("Authorization") != "Bearer for-this-user":
            return 401, {}
        kind, _, name = ref.partition("/")
        found = self.patients.get(name) if kind == "Patient" else USER if ref == "Practitioner/9" else None
        return (200, found) if found else (404, {})
