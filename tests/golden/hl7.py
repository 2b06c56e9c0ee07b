# SPDX-License-Identifier: Apache-2.0
"""Compares what `meridian hl7 show` or `check` prints of input.hl7 with expected.txt.

usage: hl7.py MERIDIAN FOLDER; the folder's parent is named after the command. expected.txt holds standard output,
then standard error and the exit status below a line of their own.
"""
import difflib
import pathlib
import subprocess
import sys


def printed(program, folder):
    ran = subprocess.run([program, "hl7", folder.parent.name, "input.hl7"], cwd=folder, capture_output=True)
    text = ran.stdout.decode()
    if ran.stderr:
        text += "--- standard error\n" + ran.stderr.decode()
    return text + f"--- exit status {ran.returncode}\n"


def main(program, folder):
    folder = pathlib.Path(folder)
    expected = (folder / "expected.txt").read_text()
    found = printed(str(pathlib.Path(program).resolve()), folder)
    difference = list(difflib.unified_diff(expected.splitlines(), found.splitlines(), "expected", "found", lineterm=""))
    print("\n".join(difference) or "as expected: " + (folder / "about.md").read_text())
    return 1 if difference else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
