# SPDX-License-Identifier: Apache-2.0
"""The Debian package on a fresh Debian: a root made by debootstrap, with apt, the dependencies and the accounts of
Debian itself. Installed, configured, served by the unit's command as the unit's user, upgraded with data, removed,
purged. Needs root and a mirror of Debian, that of this machine.
"""
import json
import os
import pathlib
import re
import shlex
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import unittest
import urllib.request

from package_test import BUILD, MESSAGE, SITE, run

# What changes by itself: apt's and dpkg's own records, logs, caches, and the accounts with their copies.
ITS_OWN = re.compile(r"var/(lib/(dpkg|apt|systemd|pam)|log|cache)/|etc/(passwd|group|g?shadow|sub[ug]id)-?$|"
                     r"etc/\.pwd\.lock$|run/|tmp/|proc/|dev/")
RELEASE = "bookworm"
TOKEN = "0123456789abcdef0123456789abcdef"


def sources():
    """Where this machine has its Debian packages from: (address, release, component) of each."""
    said = run("apt-get", "indextargets", "--format", "$(REPO_URI) $(CODENAME) $(COMPONENT)", "Created-By: Packages",
               "Origin: Debian")
    return [tuple(line.split()) for line in said.splitlines()]


def proxy():
    """The proxy that apt goes through, when there is one."""
    return run("apt-config", "dump", "--format", "%v%n", "Acquire::http::Proxy").strip()


@unittest.skipIf(os.geteuid() != 0 or not shutil.which("debootstrap"), "needs root and debootstrap")
class FreshRoot(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(self.leave_nothing)
        self.folder.chmod(0o755)
        run(os.environ["MERIDIAN_CPACK"], "-G", "DEB", "-B", self.folder / "made",
            "--config", BUILD / "CPackConfig.cmake", cwd=BUILD)
        self.root = self.folder / "root"
        known = sources()
        mirror = next(address for address, release, _ in known if release == RELEASE)
        through = {"http_proxy": proxy()} if proxy() else {}
        run("debootstrap", "--variant=minbase", RELEASE, self.root, mirror, env={**os.environ, **through})
        (self.root / "etc/apt/sources.list").write_text("".join(f"deb {' '.join(one)}\n" for one in known))
        # How this machine reaches them: proxy, dates, retries.
        (self.root / "etc/apt/apt.conf.d/90acquire").write_text(run("apt-config", "dump", "Acquire"))
        for name in ("resolv.conf", "hosts"):
            shutil.copy(f"/etc/{name}", self.root / f"etc/{name}")
        no_services = self.root / "usr/sbin/policy-rc.d"
        no_services.write_text("#!/bin/sh\nexit 101\n")
        no_services.chmod(0o755)
        self.inside("apt-get", "-q", "update")

    def leave_nothing(self):
        """What debootstrap mounted from this machine is let go first: to be unmounted, not emptied."""
        mounted = [line.split()[1] for line in pathlib.Path("/proc/mounts").read_text().splitlines()]
        for place in reversed([place for place in mounted if place.startswith(f"{self.folder}/")]):
            run("umount", place)
        shutil.rmtree(self.folder)

    def inside(self, *command):
        return run("chroot", self.root, *command, env={
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8",
            **{name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")}})

    def package(self, version=None):
        """The package in the root; of an older version when one is named."""
        made = next((self.folder / "made").glob("meridian_*.deb"))
        if not version:
            return shutil.copy(made, self.root / "new.deb")
        tree = self.folder / "older"
        run("dpkg-deb", "-R", made, tree)
        control = tree / "DEBIAN/control"
        control.write_text(re.sub("^Version: .*$", f"Version: {version}", control.read_text(), flags=re.M))
        return run("dpkg-deb", "-b", tree, self.root / "old.deb")

    def files(self):
        found = {path.relative_to(self.root).as_posix() for path in self.root.rglob("*")}
        return {name for name in found if not ITS_OWN.match(name)}

    def accounts(self):
        return [line for name in ("passwd", "group", "shadow", "gshadow")
                for line in (self.root / "etc" / name).read_text().splitlines() if "meridian" in line]

    def configure(self):
        config = self.root / "etc/meridian/meridian.toml"
        config.write_text(config.read_text().replace("127.0.0.1:8480", "127.0.0.1:0") +
                          SITE.format(token="/etc/meridian/engine.token"))
        token = self.root / "etc/meridian/engine.token"
        token.touch(mode=0o600)
        token.write_text(TOKEN + "\n")
        self.inside("chown", "meridian:", "/etc/meridian/engine.token")

    def unit(self, key):
        text = (self.root / "usr/lib/systemd/system/meridian.service").read_text()
        return re.search(f"^{key}=(.*)$", text, re.M)[1]

    def as_systemd_starts_it(self):
        """What systemd prepares: state folder and credential of the unit's user."""
        user = self.unit("User")
        (self.root / "run/credentials").mkdir(mode=0o755, exist_ok=True)
        name, source = self.unit("LoadCredential").split(":")
        shutil.copy(self.root / source.lstrip("/"), self.root / "run/credentials" / name)
        self.inside("install", "-d", "-m", self.unit("StateDirectoryMode"), "-o", user, "-g", user,
                    "/var/lib/" + self.unit("StateDirectory"))
        self.inside("chown", "-R", f"{user}:", "/run/credentials")
        return subprocess.Popen(
            ["/usr/sbin/chroot", f"--userspec={user}:{self.unit('Group')}", self.root, *shlex.split(self.unit("ExecStart"))],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={"NOTIFY_SOCKET": "/run/notify", "CREDENTIALS_DIRECTORY": "/run/credentials"})

    def serve(self, messages):
        """Serves, takes one more message and ends when it is asked to."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
            systemd.bind(str(self.root / "run/notify"))
            (self.root / "run/notify").chmod(0o666)
            systemd.settimeout(120)
            process = self.as_systemd_starts_it()
            try:
                said = process.stdout.readline()
                self.assertTrue(said, process.poll() is not None and process.stderr.read())
                self.assertEqual(systemd.recv(100), b"READY=1")
                health = json.loads(said)
                self.assertEqual(health["messages"], messages)
                request = urllib.request.Request(health["url"] + "/in/hospital", MESSAGE, {
                    "Authorization": f"Bearer {TOKEN}", "X-Request-Id": str(messages),
                    "Content-Type": "x-application/hl7-v2+er7"})
                with urllib.request.urlopen(request, timeout=60) as answer:
                    self.assertEqual(answer.status, 200)
                process.send_signal(signal.SIGTERM)
                process.communicate(timeout=120)
                self.assertEqual(process.returncode, 0)
            finally:
                process.kill()
                process.communicate()
                (self.root / "run/notify").unlink()

    def test_from_installing_to_purging(self):
        self.package("0.0.9")
        self.package()
        depends = run("dpkg-deb", "-f", self.root / "new.deb", "Depends").strip()
        self.inside("apt-get", "-q", "-y", "--no-install-recommends", "satisfy", depends)
        before = self.files()
        install = ("apt-get", "-q", "-y", "--no-install-recommends", "-o", "Dpkg::Options::=--force-confold", "install")
        self.inside(*install, "/old.deb")
        key = self.root / "etc/meridian/site.key"
        self.assertEqual((key.stat().st_size, stat.S_IMODE(key.stat().st_mode)), (32, 0o600))
        self.assertIn("0.1.0", self.inside("meridian", "--version"))
        self.configure()
        self.assertIn("hospital", self.inside("meridian", "inventory", "flows", "--config",
                                              "/etc/meridian/meridian.toml"))
        self.serve(messages=0)
        kept = {name: (self.root / "etc/meridian" / name).read_bytes() for name in ("meridian.toml", "site.key")}

        self.inside(*install, "/new.deb")
        self.assertNotIn("0.0.9", self.inside("dpkg-query", "-W", "meridian"))
        for name, content in kept.items():
            self.assertEqual((self.root / "etc/meridian" / name).read_bytes(), content, name)
        self.serve(messages=1)

        self.inside("apt-get", "-q", "-y", "remove", "meridian")
        self.assertFalse((self.root / "usr/bin/meridian").exists())
        self.assertTrue((self.root / "var/lib/meridian/meridian.db").exists())
        self.assertTrue(key.exists())
        self.inside("apt-get", "-q", "-y", "purge", "meridian")
        self.assertEqual(self.files() - before, set())
        self.assertEqual(self.accounts(), [])


class Lintian(unittest.TestCase):
    @unittest.skipIf(not shutil.which("lintian"), "lintian is not installed")
    def test_lintian_finds_no_error(self):
        with tempfile.TemporaryDirectory() as folder:
            run(os.environ["MERIDIAN_CPACK"], "-G", "DEB", "-B", folder, "--config", BUILD / "CPackConfig.cmake",
                cwd=BUILD)
            for package in pathlib.Path(folder).glob("*.deb"):
                run("lintian", "--allow-root", "--profile", "debian", "--fail-on", "error", package)


if __name__ == "__main__":
    unittest.main()
