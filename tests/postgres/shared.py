# SPDX-License-Identifier: Apache-2.0
"""A schema of its own on the server that the tests share."""
import itertools
import os
import pathlib
import subprocess

_names = itertools.count(1)


class Schema:
    def __init__(self):
        self.server = pathlib.Path(os.environ["MERIDIAN_POSTGRES_FILE"]).read_text().split()[0]
        self.name = f"t{os.getpid()}_{next(_names)}"
        self.url = f"{self.server}?options=-csearch_path%3D{self.name}"
        self.sql(f"CREATE SCHEMA {self.name}")

    def through(self, port):
        """The same by way of a relay on another port of loopback."""
        return self.url.replace(self.server.split(":")[-1].split("/")[0], str(port), 1)

    def of(self, configuration):
        """A test's configuration of a site on SQLite, on this database."""
        return configuration.replace('url = "sqlite:site.db"', f'url = "{self.url}"')

    @property
    def port(self):
        return int(self.server.split(":")[-1].split("/")[0])

    @staticmethod
    def run(*command):
        """What a program of PostgreSQL prints."""
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"{command[0]}: {done.stderr[-500:]}")
        return done.stdout.strip()

    def sql(self, text):
        """What psql prints of the rows."""
        return self.run("psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", text, self.url)

    def back_up(self, file):
        """As a site does it. The time at which it began, for `meridian restore --taken-at`."""
        began = self.sql("""SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')""")
        self.run("pg_dump", "--format=custom", f"--schema={self.name}", f"--file={file}", self.server)
        return began

    def put_back(self, file):
        self.close()
        self.run("pg_restore", "--exit-on-error", f"--dbname={self.server}", file)

    def shift_time(self, hours):
        """Moves the time that leases go by; nothing when there are no tables yet."""
        self.sql(f"""DO $do$ BEGIN IF to_regproc('{self.name}.now_ms') IS NOT NULL THEN
            CREATE OR REPLACE FUNCTION now_ms() RETURNS bigint LANGUAGE sql STABLE AS
            'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint + {hours * 3_600_000}';
            END IF; END $do$""")

    def close(self):
        self.sql(f"SET client_min_messages = error; DROP SCHEMA {self.name} CASCADE")
