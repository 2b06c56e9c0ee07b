# SPDX-License-Identifier: Apache-2.0
"""The HL7 v2 peers that start-hl7v2 prepared: Medplum's MLLP server in a mode, HAPI's server and client."""
import os
import pathlib
import signal
import socket
import subprocess
import time

WORK = pathlib.Path(os.environ["MERIDIAN_INTEROP_WORK"])
HAPI_PORT = int(os.environ["MERIDIAN_INTEROP_BASE"].rsplit(":", 1)[1])
PATIENCE = 120  # seconds


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def hapi_command(program, *arguments):
    """A program of hapi_v2."""
    classes = f"{WORK / 'classes'}:{(WORK / 'classpath').read_text()}"
    return ["java", "-cp", classes, f"meridian.{program}", *map(str, arguments)]


def hapi(program, *arguments):
    """What a program of hapi_v2 prints."""
    return subprocess.run(hapi_command(program, *arguments), check=True, capture_output=True, text=True,
                          timeout=PATIENCE).stdout


def medplum_command(script, *arguments):
    """A script of mllp; it stands beside the packages it imports."""
    return ["node", str(WORK / script), *map(str, arguments)]


def messages_of(file):
    """What a peer wrote down: a list of segments for each message."""
    text = file.read_bytes().decode() if file.exists() else ""
    return [one.strip().split("\r") for one in text.split("\n") if one.strip()]


def received_by_hapi():
    return messages_of(WORK / "received")


class Medplum:
    """Medplum's server in one of the modes AA, AE, AR, none, slow, split, garbage."""

    def __init__(self, mode, folder, port=None):
        for _ in range(1 if port else 5):  # a free port may be another's a moment later
            self.port = port or free_port()
            self.file = pathlib.Path(folder) / f"received-{self.port}"
            self.process = subprocess.Popen(["node", "mllp-server.mjs", str(self.port), mode], cwd=WORK, text=True,
                                            stdout=subprocess.PIPE, env={**os.environ, "OUT": str(self.file)})
            if "MLLP at" in self.process.stdout.readline():
                return
            self.close()
        raise RuntimeError("the server did not start")

    def messages(self):
        return messages_of(self.file)

    def close(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE)
        self.process.stdout.close()


def until(look, what):
    """What `look` finds, when it finds something."""
    ends = time.monotonic() + PATIENCE
    while not (found := look()):
        if time.monotonic() > ends:
            raise AssertionError(what)
        time.sleep(0.05)  # between two looks
    return found
