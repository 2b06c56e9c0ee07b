# SPDX-License-Identifier: Apache-2.0
"""operations_site.py FOLDER: a site with something of everything that its operations pages show, for a browser.

A hospital whose record is read; a clinic that takes what it is sent, and one whose server has no such address. One
referral is delivered, one was redirected and did not arrive, one is held, one is an emergency of which nobody could be
alerted. Prints
{"states": ...} once it is so, and ends with its standard input. FOLDER then has site.toml and engine.token.
"""
import json
import os
import pathlib
import secrets
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path += [str(HERE.parent), str(HERE.parent / "smoke")]

from clinician_test import acupuncture, condition, days_ago, screen  # noqa: E402
from fhir_peer import FhirPeer, patients  # noqa: E402

PROGRAM = os.environ["MERIDIAN_PROGRAM"]
CONFIG = """
[site]
name = "Tamarack Ridge"
[store]
url = "sqlite:site.db"
[http]
listen = "127.0.0.1:0"
[[hospital]]
id = "tamarack-ridge"
name = "Tamarack Ridge <b>Spine</b> & Joint"
fhir = "{hospital}"
poll_seconds = 0.2
[[clinic]]
id = "quiet-river"
name = "Quiet River Acupuncture"
fhir = "{clinic}"
poll_seconds = 0.2
[[clinic]]
id = "willow"
name = "Willow Community Acupuncture and Integrative Pain Medicine of the Lower Valley"
fhir = "{clinic}/moved"
poll_seconds = 0.2
[[client]]
id = "engine"
role = "source"
source = "tamarack-ridge"
token_file = "engine.token"
[[contact]]
name = "on call"
pager = "http://127.0.0.1:1/page"
"""
EXPECTED = ["delivered", "emergency", "held", "undelivered"]


def order(hospital, number, answers=None):
    hospital.put({"resourceType": "Patient", "id": number, "gender": "male", "birthDate": "1985-05-05",
                  "name": [{"given": ["Tunde"], "family": f"Abara-{number}"}]})
    hospital.put(condition(number, "pain", "M54.59", days_ago(120)))
    if answers:
        hospital.put(answers)
    hospital.put(acupuncture(number))


def numb(number):
    """A screen that says cauda equina."""
    answers = screen(number)
    for item in answers["item"]:
        if item["linkId"] == "rf01.saddle":
            item["answer"] = [{"valueBoolean": True}]
    return answers


def main():
    folder = pathlib.Path(sys.argv[1])
    (folder / "engine.token").write_text(secrets.token_hex(32))
    (folder / "engine.token").chmod(0o600)
    config = folder / "site.toml"
    with FhirPeer("--data", patients(str(folder))) as hospital, FhirPeer() as clinic:
        config.write_text(CONFIG.format(hospital=hospital.base, clinic=clinic.base))
        with open(folder / "log", "w") as log:
            serve = subprocess.Popen([PROGRAM, "serve", "--config", config], stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            if not serve.stdout.readline():
                raise RuntimeError((folder / "log").read_text())

            def ask(*command):
                return subprocess.run([PROGRAM, *command, "--config", config], capture_output=True, text=True,
                                      check=True).stdout

            def referrals():
                return [json.loads(line) for line in ask("referrals", "list").splitlines()]

            def states():
                return sorted(one["state"] for one in referrals())

            def until(wanted):
                end = time.monotonic() + 120
                while (now := states()) != wanted:
                    if time.monotonic() > end:
                        raise RuntimeError(f"{now} are not {wanted}")
                    time.sleep(0.3)

            order(hospital, "p1", screen("p1"))
            until(["delivered"])
            ask("deadletters", "redirect", referrals()[0]["id"], "--to", "willow", "--yes")
            until(["undelivered"])
            order(hospital, "p2", screen("p2"))
            order(hospital, "p3")
            order(hospital, "p4", numb("p4"))
            until(EXPECTED)
            print(json.dumps({"states": states()}), flush=True)
            sys.stdin.read()
        finally:
            serve.terminate()
            serve.wait()


if __name__ == "__main__":
    main()
