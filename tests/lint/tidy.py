# SPDX-License-Identifier: Apache-2.0
"""clang-tidy on every source below plugin/, adapters/ and sandbox/, with the flags of preset tidy.

usage: tidy.py [FILE...]: these files only
"""
import os
import subprocess
import sys

import tree


def main():
    subprocess.run(["cmake", "--preset", "tidy"], cwd=tree.ROOT, check=True, stdout=subprocess.DEVNULL)
    chosen = sys.argv[1:] or [f"^{tree.ROOT}/(plugin|adapters|sandbox)/"]
    done = subprocess.run(["run-clang-tidy-14", "-quiet", "-p", "build/tidy", "-j", str(os.cpu_count()), *chosen],
                          cwd=tree.ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    found = [line for line in done.stdout.split("\n") if ": error:" in line or ": warning:" in line]
    for line in sorted(set(found)):
        print(line.removeprefix(f"{tree.ROOT}/"))
    print(f"tidy: {len(set(found))} wrong")
    sys.exit(1 if found or done.returncode else 0)


if __name__ == "__main__":
    main()
