# SPDX-License-Identifier: Apache-2.0
"""A site whose database is on a PostgreSQL server, at the command line: each trouble is one issue with its fix, and
what is different there is said."""
import json
import os
import pathlib
import socket
import subprocess
import tempfile
import unittest

from postgres.shared import Schema

PROGRAM = os.environ["MERIDIAN_PROGRAM"]
MIGRATIONS = pathlib.Path(__file__).parents[2] / "plugin/store/postgres/migrations"


class Site(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.file = self.folder / "site.toml"
        self.schema = Schema()
        self.addCleanup(self.schema.close)
        self.write(self.schema.url)

    def write(self, url):
        self.file.write_text(f'store.url = "{url}"\nhttp.listen = "127.0.0.1:0"\n')

    def run_with(self, status, *arguments):
        """Standard output and error."""
        done = subprocess.run([PROGRAM, *arguments, "--config", self.file], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout, done.stderr

    def issue(self):
        """What `meridian check` says about key and database."""
        said, _ = self.run_with(1, "check")
        lines = [line for line in said.splitlines() if "postgresql://" in line or "meridian.key" in line]
        self.assertEqual(len(lines), 1, said)
        return lines[0]

    def serve_once(self):
        with subprocess.Popen([PROGRAM, "serve", "--config", self.file], stdout=subprocess.PIPE, text=True) as runtime:
            self.assertTrue(json.loads(runtime.stdout.readline())["ready"])
            runtime.terminate()
        self.assertEqual(runtime.returncode, 0)

    def test_check_names_a_server_that_cannot_be_reached_once_and_without_the_user(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
        self.write(f"postgresql://somebody@127.0.0.1:{port}/site?connect_timeout=2")
        self.assertEqual(self.issue(), f"postgresql://127.0.0.1:{port}/site: error: the database server cannot be "
                         "reached, or does not let us in; see [store] in the file")

    def test_check_tells_a_wrong_database_from_a_missing_key(self):
        self.write(self.schema.server + "_that_is_not_there")
        self.assertIn("refuses this URL, user, password, database or TLS", self.issue())
        self.write(self.schema.url)
        self.assertIn("information: no tables yet; they will be made at the first start", self.issue())
        self.serve_once()
        (self.folder / "meridian.key").rename(self.folder / "aside")
        self.assertIn("every node of a site has a copy of the one key file", self.issue())

    def test_a_file_of_the_database_stands_nowhere(self):
        self.serve_once()
        names = sorted(path.name for path in self.folder.iterdir())
        self.assertEqual(names, ["meridian.key", "node-1.inflight", "operator.token", "site.toml"])

    def test_backup_and_restore_are_the_servers_business_and_are_marked_here(self):
        for arguments in (["backup", "--to", "x"], ["restore", "x"]):
            _, said = self.run_with(1, *arguments)
            self.assertEqual(len(said.splitlines()), 1)
            for word in ("pg_dump", "pg_restore", "meridian restore --in-place --taken-at"):
                self.assertIn(word, said)
        self.serve_once()
        told, _ = self.run_with(0, "restore", "--in-place", "--taken-at", "2026-11-20T03:00:00Z")
        self.assertEqual(json.loads(told)["backupOf"][:19], "2026-11-20T03:00:00")
        verified, _ = self.run_with(0, "audit", "verify")
        self.assertTrue(json.loads(verified)["restores"])

    def test_migrations_are_planned_and_made(self):
        planned, _ = self.run_with(0, "migrate", "--plan")
        self.assertEqual(json.loads(planned)["pending"], len(list(MIGRATIONS.glob("*.sql"))))
        self.assertNotIn("bytesFree", json.loads(planned))
        self.serve_once()
        made, _ = self.run_with(0, "migrate")
        self.assertEqual(json.loads(made)["pending"], 0)


if __name__ == "__main__":
    unittest.main()
