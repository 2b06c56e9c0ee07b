#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The whole chain of `meridian serve`: REF^I12 comes by MLLP, is committed and acknowledged, gathered from
the hospital's FHIR record, assessed, matched, sent to a clinic as REF^I12 and marked as delivered; the hospital's
record is told. The packet holds its page as PDF, but in the rows "without_pdf": that clinic takes none (pdf = false).
No row is without the hospital's record: without one the referral waits for a person.

    chain_bench.py BIN    BIN: the folder with meridian and meridian-sandbox-fhir, optimised

Sender, hospital, clinic and Meridian share this machine. Prints JSON lines per number of connections: processor
time of Meridian per message over what the Open Integration Engine takes to store and forward one (3.7 ms
at the least, reference engine.md 3; it asks no record and judges nothing), and over the limit of this machine, which chain_floor.cc
measures: two writes that are synced and two exchanges by MLLP. And how long a sender waits for its acknowledgement over how long
the same disk takes to sync 4 kB.
"""
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
BIN = pathlib.Path(sys.argv[1])
os.environ.setdefault("MERIDIAN_PROGRAM", str(BIN / "meridian"))
os.environ.setdefault("MERIDIAN_SANDBOX_FHIR", str(BIN / "meridian-sandbox-fhir"))
sys.path += [str(HERE.parent), str(HERE.parent / "smoke")]

import v2_clinic_test  # noqa: E402: they read the environment
import v2_site  # noqa: E402

ENGINE_CPU_MS = 3.7  # Open Integration Engine 4.5, store and forward of one message
CPU_GOAL = 1 / 25
ACK_GOAL = 6  # with one connection
MESSAGES = {1: 150, 8: 300, 64: 300}
PATIENCE = 300  # seconds


class Chain(v2_clinic_test.ToAV2Clinic):
    """The smoke test's site, with as many patients as there are messages."""

    connections = max(MESSAGES)

    def __init__(self, pdf):
        super().__init__()
        self.pdf = pdf

    def clinic_table(self):
        table = super().clinic_table()
        return table if self.pdf else table.replace("mllp_plain = true", "mllp_plain = true\npdf = false")

    def runTest(self):
        pass

    def add_patients(self, count):
        for number in range(count):
            self.hospital.put({"resourceType": "Patient", "id": f"b{number}", "gender": "male",
                               "birthDate": "1985-05-05", "name": [{"family": f"Bench{number}"}],
                               "identifier": [{"system": "https://stlukes.example/mrn", "value": f"9{number:05}"}]})

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.serve.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def send(self, messages):
        """How long each waited for its acknowledgement, in seconds, over one connection."""
        waits = []
        with v2_site.socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as line:
            for message in messages:
                frame = v2_site.START + "\r".join([*message, ""]).encode() + v2_site.END
                began = time.perf_counter()
                line.sendall(frame)
                answer = b""
                while not answer.endswith(v2_site.END):
                    more = line.recv(65536)
                    if not more:
                        raise RuntimeError("the line was closed")
                    answer += more
                waits.append(time.perf_counter() - began)
                if b"MSA|AA|" not in answer:
                    raise RuntimeError(answer.decode())
        return waits


def sync_seconds(folder, times=200):
    """The median of 4 kB over a block that is there, and fdatasync."""
    took = []
    handle = os.open(pathlib.Path(folder) / "sync", os.O_RDWR | os.O_CREAT)
    os.pwrite(handle, bytes(4096 * times), 0)
    os.fsync(handle)
    for number in range(times):
        began = time.perf_counter()
        os.pwrite(handle, b"x" * 4096, 4096 * number)
        os.fdatasync(handle)
        took.append(time.perf_counter() - began)
    os.close(handle)
    return statistics.median(took)


def floor_ms(folder, connections, bytes_each):
    """Processor time per message of a program that only carries it."""
    ran = subprocess.run([BIN / "chain_floor", pathlib.Path(folder) / "floor", str(connections), "1000", str(bytes_each)],
                         check=True, capture_output=True, timeout=PATIENCE)
    return json.loads(ran.stdout)["cpu_ms_each"]


def measure(chain, connections, first):
    count = MESSAGES[connections]
    numbers = range(first, first + count)
    messages = [v2_site.referral(f"B-{n}", f"RB-{n}", f"9{n:05}", f"BENCH{n}^AL") for n in numbers]
    waits, threads = [], []
    before, cpu, began = len(chain.v2_clinic.messages), chain.cpu_seconds(), time.perf_counter()
    for share in range(connections):
        mine = messages[share::connections]
        threads.append(threading.Thread(target=lambda mine=mine: waits.extend(chain.send(mine))))
        threads[-1].start()
    for thread in threads:
        thread.join()
    acknowledged = time.perf_counter() - began
    while len(chain.v2_clinic.messages) < before + count:
        if time.perf_counter() - began > PATIENCE:
            raise RuntimeError(f"{len(chain.v2_clinic.messages) - before} of {count} arrived at the clinic")
        time.sleep(0.01)
    took = time.perf_counter() - began
    if len(waits) != count:
        raise RuntimeError(f"{len(waits)} of {count} were acknowledged")
    each = (chain.cpu_seconds() - cpu) / count * 1e3
    floor = floor_ms(chain.folder, connections, len("\r".join(messages[0])))
    return {"connections": connections, "messages": count, "cpu_ms_each": each, "floor_ms_each": floor, "over_floor": each / floor,
            "delivered_per_second": count / took, "acknowledged_per_second": count / acknowledged,
            "ack_ms_p50": statistics.median(waits) * 1e3, "ack_ms_p99": sorted(waits)[int(len(waits) * 0.99)] * 1e3}


def show(case, ratio, goal, found, sync):
    print(json.dumps({"bench": "chain", "case": case, "ratio": round(ratio, 3), "goal": round(goal, 3), "better": "lower",
                      "met": ratio <= goal, **{name: round(value, 3) for name, value in found.items()},
                      "fdatasync_ms_p50": round(sync * 1e3, 3)}), flush=True)


def run(pdf):
    chain = Chain(pdf)
    ending = "" if pdf else "_without_pdf"
    try:
        chain.setUp()
        chain.add_patients(sum(MESSAGES.values()))
        first = 0
        with tempfile.TemporaryDirectory(dir=chain.folder) as folder:
            for connections, count in MESSAGES.items():
                sync = sync_seconds(folder)
                found = measure(chain, connections, first)
                sync = (sync + sync_seconds(folder)) / 2
                first += count
                show(f"cpu_{connections}_connections{ending}", found["cpu_ms_each"] / ENGINE_CPU_MS, CPU_GOAL, found, sync)
                if connections == 1:
                    show("acknowledgement" + ending, found["ack_ms_p50"] / (sync * 1e3), ACK_GOAL, found, sync)
    finally:
        chain.doCleanups()


def main():
    run(pdf=True)
    run(pdf=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
