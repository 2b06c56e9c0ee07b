# SPDX-License-Identifier: Apache-2.0
"""surgeon_site.py FOLDER: a hospital whose EHR launches, its clinic and `meridian serve` with TLS, for a browser.

Prints {"chart": address of the EHR's page, "meridian": ...} once a referral is in its course and asks something, one is
held, and one patient has none. Ends with its standard input.
"""
import json
import os
import pathlib
import socket
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path += [str(HERE.parent), str(HERE.parent / "smoke")]

from clinician_test import acupuncture, condition, days_ago, screen  # noqa: E402
from fhir_peer import FhirPeer, patients  # noqa: E402
from smart_ehr import SmartEhr  # noqa: E402

PROGRAM = os.environ["MERIDIAN_PROGRAM"]
CONFIG = """
[site]
name = "Tamarack Ridge"
public_url = "https://meridian.example:{port}"
[store]
url = "sqlite:site.db"
[http]
listen = "127.0.0.1:{port}"
certificate = "tls.pem"
key = "tls.key"
[[hospital]]
id = "tamarack-ridge"
name = "Tamarack Ridge Spine Center"
fhir = "{hospital}"
poll_seconds = 0.2
smart_client_id = "meridian-app"
smart_iss = "{iss}"
smart_origins = ["http://ehr.example:{ehr}"]
[[clinic]]
id = "quiet-river"
name = "Quiet River Acupuncture"
fhir = "{clinic}"
poll_seconds = 0.2
[[contact]]
name = "Spine surgeon on call"
pager = "http://127.0.0.1:9/"
"""
NAMES = {"p1": ("Tunde", "Abara"), "p2": ("Nguyễn Thị Minh", "Khai-Wolfeschlegelsteinhausenbergerdorff"), "p3": ("ليلى", "الحداد")}


def score(number, name, loinc, value, days):
    return {"resourceType": "Observation", "id": f"{name}-{number}-{days}", "status": "final",
            "subject": {"reference": f"Patient/{number}"}, "effectiveDateTime": days_ago(days),
            "code": {"coding": [{"system": "http://loinc.org", "code": loinc}]}, "valueQuantity": {"value": value}}


def needled(number, days):
    return {"resourceType": "Procedure", "id": f"needled-{number}-{days}", "status": "completed",
            "subject": {"reference": f"Patient/{number}"}, "performedDateTime": days_ago(days),
            "code": {"coding": [{"system": "http://snomed.info/sct", "code": "44868003"}]}}


def until(what, seconds=120):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = what()
        if found:
            return found
        time.sleep(0.3)
    raise RuntimeError("it did not come about")


def free_port():
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


def fill(hospital):
    for number, (given, family) in NAMES.items():
        person = {"resourceType": "Patient", "id": number, "gender": "male", "birthDate": "1985-05-05",
                  "name": [{"given": [given], "family": family}]}
        hospital.put(person)
        hospital.put(condition(number, "pain", "M54.59", days_ago(120)))
    for days, pain, function in ((24, 7, 46), (14, 6, 40), (4, 3.5, 24)):
        hospital.put(score("p1", "nrs", "72514-3", pain, days))
        hospital.put(score("p1", "odi", "97909-6", function, days))
    for days in (21, 18, 14, 10, 7, 4):
        hospital.put(needled("p1", days))
    hospital.put(screen("p1"))
    hospital.put(acupuncture("p1"))
    hospital.put(acupuncture("p2"))  # nobody was screened: it is held


def ask_something(clinic):
    """The clinic opens it, then asks."""
    found = until(lambda: [task for task in clinic.search("Task?status=requested")])[0]
    note = "He takes a new blood thinner since the spring.\nMay we needle L4 to S1 all the same?"
    found.update(status="on-hold", businessStatus={"coding": [{"code": "need-info"}], "text": "need-info"},
                 note=[{"text": note}])
    clinic.put(found)


def main():
    folder = pathlib.Path(sys.argv[1])
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=meridian.example",
                    "-addext", "subjectAltName=DNS:meridian.example", "-keyout", folder / "tls.key", "-out",
                    folder / "tls.pem"], check=True, capture_output=True)
    os.chmod(folder / "tls.key", 0o600)
    with FhirPeer("--data", patients(str(folder))) as hospital, FhirPeer() as clinic:
        fill(hospital)
        people = {number: hospital.ask("GET", f"Patient/{number}")[1] for number in NAMES}
        ehr, port = SmartEhr(str(folder), patients=people), free_port()
        number = ehr.origin.rsplit(":", 1)[1]
        (folder / "site.toml").write_text(CONFIG.format(port=port, hospital=hospital.base, clinic=clinic.base, iss=ehr.iss,
                                                        ehr=number))
        with open(folder / "log", "w") as log:
            serve = subprocess.Popen([PROGRAM, "serve", "--config", folder / "site.toml"], stdout=subprocess.PIPE,
                                     stderr=log, text=True)
        try:
            if not serve.stdout.readline():
                raise RuntimeError((folder / "log").read_text())
            ask_something(clinic)

            def states():
                said = subprocess.run([PROGRAM, "referrals", "list", "--config", folder / "site.toml"],
                                      capture_output=True, text=True, check=True).stdout
                return sorted(json.loads(line)["state"] for line in said.splitlines())

            until(lambda: states() == ["held", "need_info"])
            print(json.dumps({"chart": f"http://ehr.example:{number}/chart", "iss": ehr.iss,
                              "meridian": f"https://meridian.example:{port}"}), flush=True)
            sys.stdin.read()
            print(json.dumps({"states": states()}), flush=True)
        finally:
            serve.terminate()
            serve.wait()


if __name__ == "__main__":
    main()
