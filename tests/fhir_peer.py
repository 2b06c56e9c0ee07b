# SPDX-License-Identifier: Apache-2.0
"""The sandbox's FHIR servers as the peers of a test, and a client for them."""
import datetime
import json
import os
import pathlib
import re
import shutil
import subprocess
import urllib.error
import urllib.request

SERVER = os.environ.get("MERIDIAN_SANDBOX_FHIR", "")
SANDBOX_DATA = pathlib.Path(__file__).resolve().parents[1] / "sandbox" / "data"


def patients(folder, *names):
    """A folder of the sandbox's hospital with these patients only; FhirPeer's --data."""
    data = pathlib.Path(folder) / "data"
    data.mkdir()
    for name in ("00-shared", *names):
        shutil.copy(SANDBOX_DATA / "hospital" / f"{name}.json", data)
    return str(data)


def filled(text):
    """The times of the sandbox's data: {{now-1h}}, {{today-300d}}."""
    def at(found):
        what, number, unit = found.groups()
        hours = int(number or 0) * {"h": 1, "d": 24}[unit or "h"]
        moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=hours)
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ" if what == "now" else "%Y-%m-%d")
    return re.sub(r"\{\{(now|today)(?:([+-]\d+)([hd]))?\}\}", at, text)


class FhirPeer:
    """A server on a free port of loopback, and requests to it."""

    def __init__(self, *options):
        self.process = subprocess.Popen([SERVER, "--port", "0", *options], stdout=subprocess.PIPE, text=True)
        said = self.process.stdout.readline()
        if not said:
            raise RuntimeError(f"the FHIR server ended with {self.process.wait()}")
        self.base = json.loads(said)["base"]

    def close(self):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def ask(self, method, path, resource=None):
        """Status and parsed body. `path` may be a link of the server's."""
        url = path if path.startswith(self.base) else f"{self.base}/{path}"
        body = None if resource is None else json.dumps(resource).encode()
        request = urllib.request.Request(url, body, method=method,
                                         headers={"Content-Type": "application/fhir+json"})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as refusal:
            return refusal.code, json.loads(refusal.read() or b"null")

    def search(self, query):
        """All matches, page by page."""
        status, bundle = self.ask("GET", query)
        found = []
        while True:
            if status != 200:
                raise RuntimeError(f"{query}: {status}")
            found += [entry["resource"] for entry in bundle.get("entry", [])
                      if entry.get("search", {}).get("mode") != "outcome"]
            links = [link["url"] for link in bundle.get("link", []) if link["relation"] == "next"]
            if not links:
                return found
            status, bundle = self.ask("GET", links[0])

    def put(self, resource):
        status, stored = self.ask("PUT", f"{resource['resourceType']}/{resource['id']}", resource)
        if status not in (200, 201):
            raise RuntimeError(f"PUT {resource['resourceType']}/{resource['id']}: {status}")
        return stored
