# SPDX-License-Identifier: Apache-2.0
"""The Debian packages from installing to purging, in a root of their own, and the unit's command in it.

dpkg writes there alone (--root) and its scripts keep to it (DPKG_ROOT); the dependencies are the machine's own.
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

BUILD = pathlib.Path(os.environ["MERIDIAN_BUILD"])
MESSAGE = (b"MSH|^~\\&|EHR|TRMC|||20261127090000||ADT^A08|1|P|2.5.1\r"
           b"PID|1||4711^^^TRMC||Okafor^Ada||19700101|F\r")
SITE = """
[[hospital]]
id = "hospital"
fhir = "http://127.0.0.1:9/"
poll_seconds = 86400
[[client]]
id = "engine"
role = "source"
source = "hospital"
token_file = "{token}"
"""


def run(*command, **options):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, **options)
    if done.returncode != 0:
        raise AssertionError(f"{command}: {done.stdout}{done.stderr}")
    return done.stdout


@unittest.skipIf(os.geteuid() != 0, "dpkg needs root")
class Packages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temporary.cleanup)
        cls.folder = pathlib.Path(temporary.name)
        run(os.environ["MERIDIAN_CPACK"], "-G", "DEB", "-B", cls.folder / "made",
            "--config", BUILD / "CPackConfig.cmake", cwd=BUILD)
        cls.made = {path.name.split("_")[0]: path for path in (cls.folder / "made").glob("*.deb")}

    def older(self, package):
        """The same package as version 0.0.9."""
        tree = self.folder / "older"
        run("dpkg-deb", "-R", package, tree)
        control = tree / "DEBIAN/control"
        control.write_text(re.sub("^Version: .*$", "Version: 0.0.9", control.read_text(), flags=re.M))
        run("dpkg-deb", "-b", tree, self.folder / "older.deb")
        return self.folder / "older.deb"

    def dpkg(self, *arguments):
        return run("dpkg", f"--root={self.root}", "--force-script-chrootless", "--force-depends", "--force-confold",
                   *arguments)

    def new_root(self):
        self.root = self.folder / "root"
        for name in ("etc", "var/lib/dpkg/info", "var/lib/dpkg/updates"):
            (self.root / name).mkdir(parents=True)
        (self.root / "var/lib/dpkg/status").touch()
        for name in ("passwd", "group", "shadow", "gshadow"):
            (self.root / "etc" / name).touch()

    def left(self):
        """What is in the root besides dpkg's own and the lists of accounts."""
        accounts = {"etc/passwd", "etc/group", "etc/shadow", "etc/gshadow", "etc/.pwd.lock"}
        found = {path.relative_to(self.root).as_posix() for path in self.root.rglob("*") if not path.is_dir()}
        return {name for name in found - accounts if not re.match("var/lib/dpkg/|etc/(passwd|group|g?shadow)-$", name)}

    def configure(self):
        """What an administrator writes, with the root's own paths."""
        token = self.root / "etc/meridian/engine.token"
        token.touch(mode=0o600)
        token.write_text("0123456789abcdef0123456789abcdef\n")
        config = self.root / "etc/meridian/meridian.toml"
        text = config.read_text().replace("/var/lib", f"{self.root}/var/lib").replace('"/etc', f'"{self.root}/etc')
        config.write_text(text.replace("127.0.0.1:8480", "127.0.0.1:0") + SITE.format(token=token))

    def serve(self, messages):
        """Runs the unit's command as systemd would; posts a message, and gives what was said to systemd."""
        unit = (self.root / "lib/systemd/system/meridian.service")
        unit = unit if unit.exists() else self.root / "usr/lib/systemd/system/meridian.service"
        command = re.search("^ExecStart=(.*)$", unit.read_text(), re.M)[1]
        command = [f"{self.root}{word}" if word.startswith("/") else word for word in shlex.split(command)]
        state, credentials = self.root / "var/lib/meridian", self.folder / "credentials"
        state.mkdir(mode=0o700, exist_ok=True)
        credentials.mkdir(exist_ok=True)
        shutil.copy(self.root / "etc/meridian/site.key", credentials / "meridian-site-key")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
            systemd.bind(str(self.folder / "notify"))
            systemd.settimeout(60)
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={
                "NOTIFY_SOCKET": str(self.folder / "notify"), "WATCHDOG_USEC": "100000",
                "CREDENTIALS_DIRECTORY": str(credentials)})
            try:
                said = process.stdout.readline()
                self.assertTrue(said, "it did not start")
                self.assertEqual(systemd.recv(100), b"READY=1")
                self.assertEqual(systemd.recv(100), b"WATCHDOG=1")
                health = json.loads(said)
                self.assertEqual(health["messages"], messages)
                request = urllib.request.Request(health["url"] + "/in/hospital", MESSAGE, {
                    "Authorization": "Bearer 0123456789abcdef0123456789abcdef", "X-Request-Id": "1",
                    "Content-Type": "x-application/hl7-v2+er7"})
                with urllib.request.urlopen(request, timeout=30) as answer:
                    self.assertEqual(answer.status, 200)
                process.send_signal(signal.SIGTERM)
                while (heard := systemd.recv(100)) != b"STOPPING=1":
                    self.assertEqual(heard, b"WATCHDOG=1")
                process.communicate(timeout=60)
                self.assertEqual(process.returncode, 0)
            finally:
                process.kill()
                process.communicate()
                (self.folder / "notify").unlink()

    def test_from_installing_to_purging(self):
        package = self.made["meridian"]
        self.new_root()
        self.dpkg("-i", self.older(package))
        key = self.root / "etc/meridian/site.key"
        self.assertEqual((key.stat().st_size, stat.S_IMODE(key.stat().st_mode)), (32, 0o600))
        self.assertRegex((self.root / "etc/passwd").read_text(), "(?m)^meridian:")
        self.configure()
        site = {name: (self.root / name).read_bytes() for name in ("etc/meridian/meridian.toml", "etc/meridian/site.key")}
        self.serve(messages=0)

        self.dpkg("-i", package)
        self.assertIn("Version: 0.1.0", run("dpkg", f"--root={self.root}", "-s", "meridian"))
        for name, content in site.items():
            self.assertEqual((self.root / name).read_bytes(), content, name)
        self.serve(messages=1)

        self.dpkg("-r", "meridian")
        left = self.left()
        self.assertEqual({name for name in left if name.startswith(("usr/", "lib/"))}, set())
        self.assertLessEqual({"var/lib/meridian/meridian.db", *site}, left)
        self.dpkg("-P", "meridian")
        self.assertEqual(self.left(), set())
        self.assertEqual((self.root / "etc/passwd").read_text(), "")
        self.assertFalse((self.root / "var/lib/meridian").exists())

    def test_what_is_in_them(self):
        listed = run("dpkg-deb", "-c", self.made["meridian"])
        for name in ("usr/bin/meridian", "usr/lib/meridian/meridian.so", "usr/share/man/man1/meridian.1.gz",
                     "usr/share/bash-completion/completions/meridian", "etc/meridian/meridian.toml"):
            self.assertRegex(listed, rf"(?m) \./{name}$")
        if (BUILD / "lib/libmeridian_jni.so").exists():
            self.assertRegex(listed, r"(?m) \./usr/lib/meridian/libmeridian_jni\.so$")
        depends = run("dpkg-deb", "-f", self.made["meridian"], "Depends")
        for library in ("libsqlite3-0", "libpq5", "libssl3", "libc6"):
            self.assertIn(library, depends)
        self.assertIn("usr/include/meridian.h", run("dpkg-deb", "-c", self.made["meridian-dev"]))
        if (BUILD / "adapters/engine").exists() and "meridian-engine" in self.made:
            self.assertIn("usr/share/meridian/meridian-engine-0.1.0.zip",
                          run("dpkg-deb", "-c", self.made["meridian-engine"]))

    def test_the_unit_is_hardened(self):
        unit = pathlib.Path(__file__).resolve().parents[2] / "plugin/packages/meridian.service"
        shutil.copy(unit, self.folder)
        said = run("systemd-analyze", "security", "--offline=yes", self.folder / "meridian.service")
        self.assertLess(float(re.search(r"exposure level for \S+: ([\d.]+)", said)[1]), 2.5)

    def test_the_manual_page_and_the_completion_are_well_formed(self):
        here = pathlib.Path(__file__).resolve().parents[2] / "plugin/packages"
        run("bash", "-n", here / "meridian.bash-completion")
        said = run("bash", "-c", f". {here}/meridian.bash-completion; COMP_WORDS=(meridian out) COMP_CWORD=1; "
                   "_meridian; echo ${COMPREPLY[*]}")
        self.assertEqual(said.strip(), "outbox")
        if shutil.which("mandoc"):
            run("mandoc", "-T", "lint", "-W", "warning", here / "meridian.1")


if __name__ == "__main__":
    unittest.main()
