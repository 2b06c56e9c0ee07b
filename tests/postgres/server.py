# SPDX-License-Identifier: Apache-2.0
"""A PostgreSQL server of the tests' own, on loopback and a socket, thrown away afterwards.

usage: server.py start FILE   makes and starts one, and writes its URL to FILE
       server.py stop FILE    stops it and deletes it
It also ends by itself when the process that started it (ctest) is gone.
"""
import contextlib
import os
import pathlib
import pwd
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile

OLDEST = 15
SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = '{folder}'
port = {port}
fsync = on
max_connections = 200
deadlock_timeout = 100ms
shared_buffers = 64MB
autovacuum_naptime = 10s
"""


def binaries():
    """The folder of the newest server programs that will do."""
    found = {int(path.parts[-2]): path for path in pathlib.Path("/usr/lib/postgresql").glob("*/bin")
             if path.parts[-2].isdigit() and (path / "initdb").exists()}
    if not found or max(found) < OLDEST:
        raise SystemExit("no PostgreSQL server here: tests/install_packages test installs it")
    return found[max(found)]


def as_user(command, user):
    """initdb and the server refuse root."""
    if os.getuid() == 0:
        command = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", *command]
    return [str(word) for word in command]


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


class Server:
    """A cluster in a new folder. `extra` is added to its settings."""

    def __init__(self, extra=""):
        self.user = pwd.getpwnam("postgres") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="meridian-pg-"))
        self.data = self.folder / "data"
        self.port = free_port()
        self.extra = extra
        if os.getuid() == 0:
            os.chown(self.folder, self.user.pw_uid, self.user.pw_gid)

    def __enter__(self):
        try:
            self.make()
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_):
        self.close()

    def run(self, program, *arguments):
        done = subprocess.run(as_user([binaries() / program, *arguments], self.user), cwd=self.folder,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"{program}: {done.stdout[-500:]} {done.stderr[-500:]}")

    def make(self):
        self.run("initdb", "-D", self.data, "-U", "meridian", "-A", "trust", "-E", "UTF8", "--locale=C",
                 "--no-sync", "--no-instructions")
        with open(self.data / "postgresql.conf", "a") as settings:
            settings.write(SETTINGS.format(folder=self.folder, port=self.port) + self.extra)

    def start(self):
        # The server must not keep the pipes that wait for pg_ctl's output.
        self.run("pg_ctl", "-D", self.data, "-w", "-t", "60", "-l", self.folder / "log", "start")

    def stop(self, mode="fast"):
        self.run("pg_ctl", "-D", self.data, "-w", "-t", "60", "-m", mode, "stop")

    def url(self, schema=""):
        options = f"?options=-csearch_path%3D{schema}" if schema else ""
        return f"postgresql://meridian@127.0.0.1:{self.port}/postgres{options}"

    def sql(self, text, schema=""):
        """What psql prints of the rows."""
        done = subprocess.run([str(binaries() / "psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", text,
                               self.url(schema)], capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(done.stderr[-500:])
        return done.stdout.strip()

    def close(self):
        with contextlib.suppress(RuntimeError):
            self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)


def watch(parent, folder):
    """Detached: waits for the end of `parent`, then stops what is left."""
    if os.fork() != 0:
        return
    os.setsid()
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with contextlib.suppress(ProcessLookupError):
        select.select([os.pidfd_open(parent)], [], [])
    remove(folder)
    os._exit(0)


def remove(folder):
    """Stops the server of a folder, whoever started it; nothing when it is gone."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        os.kill(int((folder / "data" / "postmaster.pid").read_text().split()[0]), signal.SIGQUIT)
    shutil.rmtree(folder, ignore_errors=True)


def main(command, file):
    file = pathlib.Path(file)
    if command == "start":
        server = Server().__enter__()
        file.write_text(server.url() + "\n" + str(server.folder) + "\n")
        watch(os.getppid(), server.folder)
    else:
        lines = file.read_text().split()
        file.unlink()
        remove(pathlib.Path(lines[1]))


if __name__ == "__main__":
    main(*sys.argv[1:])
