#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the engine's jar adds to a message: through HTTP on loopback to `meridian serve`, over in-process by JNI.

    engine_bench.py BIN    BIN: the folder with meridian and meridian-sandbox-fhir, optimised

One JVM thread, one message at a time, a FHIR order. Prints a JSON line for messages that are new (read, committed,
answered) and one for repeats of one message (found and answered, which leaves the way itself): the middle call's
time by HTTP over in-process, and both in microseconds.
"""
import json
import os
import pathlib
import sys

BIN = pathlib.Path(sys.argv[1]).resolve()
BUILD = BIN.parent
ROOT = pathlib.Path(__file__).resolve().parents[2]
os.environ.update({
    "MERIDIAN_PROGRAM": str(BIN / "meridian"), "MERIDIAN_SANDBOX_FHIR": str(BIN / "meridian-sandbox-fhir"),
    "MERIDIAN_ENGINE_JAR": str(BUILD / "adapters/engine/zip/meridian/meridian-engine.jar"),
    "MERIDIAN_HARNESS": str(BUILD / "tests/engine")})
os.environ.setdefault("MERIDIAN_JAVA", "java")
sys.path += [str(ROOT / "tests"), str(ROOT / "tests/engine")]

from engine_host import CONFIG, PAGES, Jvm, SiteTest  # noqa: E402  (after the environment)

WARM_UP = 300
CALLS = 1000


class Bench(SiteTest):
    """The site of the tests; two of them, so that both ways begin with an empty database."""

    def runTest(self):
        """Never run as a test."""

    def timed(self, jvm):
        jvm.ask("time", WARM_UP, "hospital", self.order, "warm-up")
        jvm.ask("time", WARM_UP, "hospital", self.order, "repeats")
        return {"repeats": int(jvm.ask("time", CALLS, "hospital", self.order, "repeats")),
                "new": int(jvm.ask("time", CALLS, "hospital", self.order, "new"))}

    def by_http(self):
        served = self.serve()
        jvm = Jvm(self.folder, f"url = {served.url}\ntoken_file = engine.token\n")
        self.addCleanup(jvm.end)
        return self.timed(jvm)

    def in_process(self):
        (self.folder / "site.toml").write_text(PAGES + CONFIG.format(base=self.hospital.base, listen="127.0.0.1:0"))
        jvm = Jvm(self.folder, f"mode = in-process\nlibrary = {BUILD / 'lib/meridian.so'}\nconfig = site.toml\n")
        self.addCleanup(jvm.end)
        return self.timed(jvm)


def measured(way):
    bench = Bench()
    bench.setUp()
    try:
        return way(bench)
    finally:
        bench.doCleanups()


def main():
    http, inside = measured(Bench.by_http), measured(Bench.in_process)
    for kind in ("new", "repeats"):
        print(json.dumps({"bench": "engine", "case": f"jar by HTTP over in-process, {kind}",
                          "ratio": round(http[kind] / inside[kind], 2), "http_us": http[kind],
                          "in_process_us": inside[kind], "added_us": http[kind] - inside[kind]}))


if __name__ == "__main__":
    main()
