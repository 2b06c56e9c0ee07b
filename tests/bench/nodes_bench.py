#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Intake of two nodes over one PostgreSQL against one node: results of radiology come by MLLP on 64 connections, which
one node has or two share, and each is acknowledged once it is durable.

    nodes_bench.py BIN    BIN: the folder with meridian, optimised

Nodes, database and sender share this machine. Says how much of its processors each of them took and how many syncs
the database did, which is what limits it. One and two take turns, and the ratio is of their medians. Prints JSON lines.
"""
import json
import os
import pathlib
import selectors
import socket
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
PROGRAM = pathlib.Path(sys.argv[1]).resolve() / "meridian"
sys.path.append(str(HERE.parent))

from postgres import server  # noqa: E402: found by the line above

CONNECTIONS, SECONDS, ROUNDS, GOAL = 64, 6, 5, 1.0
START, END = b"\x0b", b"\x1c\r"
CONFIG = """
[site]
node = "{node}"
[store]
url = "{database}"
key_file = "site.key"
[http]
listen = "127.0.0.1:0"
[[hospital]]
id = "hospital"
fhir = ""
[[mllp]]
listen = "127.0.0.1:0"
source = "hospital"
max_per_peer = {connections}
max_per_second = 100000
"""


def report(number):
    narrative = "".join(f"OBX|{row}|TX|GDT^Report^L||Lumbar spine, line {row}: no fracture, no mass, discs as before.||||||F\r"
                        for row in range(1, 16))
    return (f"MSH|^~\\&|RIS|STLUKE|MERIDIAN|STLUKE|20261120101500+0000||ORU^R01^ORU_R01|{number}|P|2.5.1\r"
            f"PID|1||{number % 5000}^^^STLUKE^MR||BENCH^AL||19850505|M\r"
            f"OBR|1||R{number}^RIS|72148^MRI lumbar spine^C4|||20261120|||||||||||||||||RAD|F\r{narrative}").encode()


class Node:
    def __init__(self, folder, name, database, connections):
        self.file = folder / f"{name}.toml"
        self.file.write_text(CONFIG.format(node=name, database=database, connections=connections))
        self.log = open(folder / f"{name}.log", "w")
        self.process = subprocess.Popen([PROGRAM, "serve", "--config", self.file], cwd=folder, stdout=subprocess.PIPE,
                                        stderr=self.log, text=True)
        said = self.process.stdout.readline()
        if not said:
            raise RuntimeError((folder / f"{name}.log").read_text()[-2000:])
        self.address = ("127.0.0.1", int(json.loads(said)["mllp"][0].rsplit(":", 1)[1]))

    def close(self):
        self.process.terminate()
        self.process.wait(60)
        self.log.close()


def cpu_seconds(*processes):
    """Of these and all that they started."""
    rows = {}
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            text = stat.read_text()
        except OSError:
            continue
        fields = text.rsplit(")", 1)[1].split()
        rows[int(stat.parent.name)] = (int(fields[1]), int(fields[11]) + int(fields[12]))
    family = set(processes)
    while grown := {pid for pid, (parent, _) in rows.items() if parent in family} - family:
        family |= grown
    return sum(rows[pid][1] for pid in family if pid in rows) / os.sysconf("SC_CLK_TCK")


class Senders:
    """Connections that say one message after the other, each when the one before was acknowledged."""

    def __init__(self):
        self.said = 0

    def run(self, addresses, seconds):
        """How many were acknowledged within that time."""
        taken = 0
        with selectors.DefaultSelector() as ready:
            for number in range(CONNECTIONS):
                line = socket.create_connection(addresses[number % len(addresses)], timeout=60)
                ready.register(line, selectors.EVENT_READ)
                self.say(line)
            ends = time.monotonic() + seconds
            while ready.get_map():
                for key, _ in ready.select(60):
                    answer = key.fileobj.recv(65536)
                    if b"MSA|AA|" not in answer:
                        raise RuntimeError(answer.decode(errors="replace"))
                    over = time.monotonic() > ends
                    taken += not over
                    if not over:
                        self.say(key.fileobj)
                        continue
                    ready.unregister(key.fileobj)
                    key.fileobj.close()
        return taken

    def say(self, line):
        self.said += 1
        line.sendall(START + report(self.said) + END)


def measure(senders, nodes, database):
    postmaster = int((database.data / "postmaster.pid").read_text().split()[0])
    before = [cpu_seconds(*[node.process.pid for node in nodes]), cpu_seconds(postmaster), time.process_time()]
    syncs = int(database.sql("SELECT wal_sync FROM pg_stat_wal"))
    taken = senders.run([node.address for node in nodes], SECONDS)
    after = [cpu_seconds(*[node.process.pid for node in nodes]), cpu_seconds(postmaster), time.process_time()]
    time.sleep(1.1)  # the server counts its syncs a second late
    return {"per_second": taken / SECONDS, "nodes_cpu": (after[0] - before[0]) / SECONDS,
            "database_cpu": (after[1] - before[1]) / SECONDS, "sender_cpu": (after[2] - before[2]) / SECONDS,
            "syncs_per_second": (int(database.sql("SELECT wal_sync FROM pg_stat_wal")) - syncs) / SECONDS}


def main():
    with server.Server() as database, tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        nodes = []
        try:
            for name in ("one", "two"):
                nodes.append(Node(folder, name, database.url(), CONNECTIONS))
            senders = Senders()
            senders.run([node.address for node in nodes], 2)
            found = {1: [], 2: []}
            for _ in range(ROUNDS):
                for count, rounds in found.items():
                    rounds.append(measure(senders, nodes[:count], database))
        finally:
            for node in nodes:
                node.close()
    middle = {count: {name: round(statistics.median(each[name] for each in rounds), 2) for name in rounds[0]}
              for count, rounds in found.items()}
    ratio = middle[2]["per_second"] / middle[1]["per_second"]
    print(json.dumps({"bench": "nodes", "case": "intake_of_two", "ratio": round(ratio, 3), "goal": GOAL, "better": "higher",
                      "met": ratio >= GOAL, "processors": os.cpu_count(), "one": middle[1], "two": middle[2]}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
