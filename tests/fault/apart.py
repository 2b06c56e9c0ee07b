# SPDX-License-Identifier: Apache-2.0
"""Machines of their own on one computer: network namespaces with a cable each to the world, which can be pulled.

All addresses are loopback ones, so that programs that speak in plain text on their own machine only do so here:
the world is 127.0.0.1, machine N is 127.77.0.N+1, and no machine but the world has 127.0.0.1 itself.
"""
import os
import shutil
import signal
import subprocess
import sys

MARK = "MERIDIAN_IN_A_WORLD"
WORLD = ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"]
SWITCH = "switch"
WORLD_ADDRESS = "127.77.0.1"
SKIPPED = 77  # what ctest takes as: not run


def run(*command):
    subprocess.run([str(word) for word in command], check=True, capture_output=True)


def why_not(programs=()):
    """Why there can be no machines here; empty when there can."""
    for program in ("ip", "nsenter", "unshare", *programs):
        if not shutil.which(program) and not os.path.exists(program):
            return f"{program} is not installed"
    tried = subprocess.run([*WORLD, "sh", "-c", "ip link add cable1 type veth peer name cable2 &&"
                            " ip link add switch type bridge && mount -t tmpfs none /mnt"],
                           capture_output=True, text=True, check=False)
    return tried.stderr.strip()


def enter_world(programs=()):
    """Goes on in a world of its own, which is gone with this process and leaves nothing behind."""
    if MARK not in os.environ:
        if reason := why_not(programs):
            print(f"skipped: {reason}")
            sys.exit(SKIPPED)
        # The shell takes in what ends without a parent.
        os.execvpe("unshare", [*WORLD, "sh", "-c", '"$@"; exit $?', "sh", sys.executable, "-B", *sys.argv],
                   {**os.environ, MARK: "1"})
    run("ip", "link", "set", "lo", "up")
    narrow_loopback([], "127.0.0.1/16")
    run("ip", "link", "add", SWITCH, "type", "bridge")
    run("ip", "address", "add", f"{WORLD_ADDRESS}/16", "dev", SWITCH)
    run("ip", "link", "set", SWITCH, "up")


def narrow_loopback(inside, own):
    """What is not of `own` is reached by cable."""
    for command in (("ip", "link", "set", "lo", "up"), ("ip", "address", "delete", "127.0.0.1/8", "dev", "lo"),
                    ("ip", "address", "add", own, "dev", "lo"),
                    ("sysctl", "-qw", "net.ipv4.conf.all.route_localnet=1")):
        run(*inside, *command)


class Machine:
    """One namespace. Programs are started in it with `inside` before their command."""

    def __init__(self, number):
        self.address = f"127.77.0.{number + 1}"
        self.cable = f"cable{number}"
        self.holder = subprocess.Popen(["unshare", "--net", "sh", "-c", "echo; exec sleep infinity"],
                                       stdout=subprocess.PIPE)
        self.holder.stdout.readline()
        self.inside = ["nsenter", f"--target={self.holder.pid}", "--net"]
        run("ip", "link", "add", self.cable, "type", "veth", "peer", "name", "eth0", "netns", self.holder.pid)
        run("ip", "link", "set", self.cable, "master", SWITCH, "up")
        narrow_loopback(self.inside, f"127.{100 + number}.0.1/16")
        run(*self.inside, "ip", "address", "add", f"{self.address}/16", "dev", "eth0")
        run(*self.inside, "ip", "link", "set", "eth0", "up")
        run(*self.inside, "ip", "route", "add", "127.0.0.0/16", "via", WORLD_ADDRESS, "src", self.address)

    def cut(self):
        """The cable is pulled: what is sent is lost, and nobody is told."""
        run("ip", "link", "set", self.cable, "down")

    def mend(self):
        run("ip", "link", "set", self.cable, "up")

    def start(self, command, **options):
        """A program on this machine; it has the process id of the returned."""
        return subprocess.Popen([*self.inside, *(str(word) for word in command)], **options)

    def close(self):
        self.holder.send_signal(signal.SIGKILL)
        self.holder.wait()
        self.holder.stdout.close()
