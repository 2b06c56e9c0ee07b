# SPDX-License-Identifier: Apache-2.0
"""An EHR's CDS Hooks client: a key, its JWK set on loopback, signed calls."""
import base64
import http.server
import json
import pathlib
import subprocess
import threading
import time
import urllib.error
import urllib.request
import uuid

ISSUER = "https://ehr.example/issuer"


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class CdsClient:
    """Signs by RS384 with openssl. `jku` is where its public key is."""

    def __init__(self, folder):
        self.key = str(pathlib.Path(folder) / "ehr-key.pem")
        subprocess.run(["openssl", "genrsa", "-out", self.key, "2048"], check=True, capture_output=True)
        said = subprocess.run(["openssl", "rsa", "-in", self.key, "-noout", "-modulus"], check=True,
                              capture_output=True, text=True).stdout
        modulus = bytes.fromhex(said.strip().split("=", 1)[1])
        keys = json.dumps({"keys": [{"kty": "RSA", "kid": "ehr-1", "use": "sig", "alg": "RS384", "e": "AQAB",
                                     "n": encoded(modulus)}]}).encode()

        class Keys(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(keys)))
                self.end_headers()
                self.wfile.write(keys)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Keys)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.jku = f"http://127.0.0.1:{self.server.server_address[1]}/jwks.json"

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def token(self, called, **changes):
        """For the URL that is called; a claim that is None is left out."""
        now = int(time.time())
        claims = {"iss": ISSUER, "aud": called, "exp": now + 300, "iat": now, "jti": str(uuid.uuid4()), **changes}
        claims = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": "RS384", "typ": "JWT", "kid": "ehr-1", "jku": self.jku}
        text = encoded(json.dumps(header).encode()) + "." + encoded(json.dumps(claims).encode())
        made = subprocess.run(["openssl", "dgst", "-sha384", "-sign", self.key], input=text.encode(), check=True,
                              capture_output=True).stdout
        return text + "." + encoded(made)


def post(url, body, token):
    """Status and parsed body of a call; what is no JSON as text."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    request = urllib.request.Request(url, data, method="POST", headers={
        "Content-Type": "application/json", "Authorization": "Bearer " + token})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read().decode()


def order_sign(patient, code="44868003", prefetch=None):
    """A call of order-sign with one draft."""
    draft = {"resourceType": "ServiceRequest", "id": "draft", "status": "draft", "intent": "order",
             "subject": {"reference": f"Patient/{patient}"},
             "code": {"coding": [{"system": "http://snomed.info/sct", "code": code}]}}
    call = {"hook": "order-sign", "hookInstance": str(uuid.uuid4()),
            "context": {"userId": "Practitioner/1", "patientId": patient,
                        "draftOrders": {"resourceType": "Bundle", "entry": [{"resource": draft}]}}}
    return call if prefetch is None else {**call, "prefetch": prefetch}
