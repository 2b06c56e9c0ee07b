# SPDX-License-Identifier: Apache-2.0
"""Every C and C++ file is as clang-format 14 writes it. `clang-format-14 -i FILE` mends it."""
import subprocess

import tree


def check(root):
    sources = [str(path) for path in tree.code(root) if path.suffix != ".def"]
    done = subprocess.run(["clang-format-14", "--dry-run", "--ferror-limit=1", "-Werror", *sources],
                          capture_output=True, text=True)
    return [line for line in done.stderr.split("\n") if "error:" in line]


if __name__ == "__main__":
    tree.main(check)
