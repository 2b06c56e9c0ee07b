# SPDX-License-Identifier: Apache-2.0
"""The files that a checker looks at, and how a checker reports."""
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
CODE_SUFFIXES = {".h", ".cc", ".c", ".def"}


def files(root):
    """Every file of the checkout that git tracks or would track; without git, every file that is
    not built or fetched."""
    root = pathlib.Path(root)
    if (root / ".git").exists():
        listed = subprocess.run(
            ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            check=True, capture_output=True, text=True).stdout.split("\0")
        found = [root / name for name in listed if name]
    else:
        found = [path for path in root.rglob("*")
                 if not {"build", ".git", "node_modules", "__pycache__"} & set(path.relative_to(root).parts)]
    return sorted(path for path in found if path.is_file())


def code(root, *folders):
    """C and C++ files below the folders (all folders when none is named)."""
    root = pathlib.Path(root)
    return [path for path in files(root)
            if path.suffix in CODE_SUFFIXES and
            (not folders or path.relative_to(root).parts[0] in folders)]


def lines(path):
    """Numbered lines of a text file."""
    return enumerate(path.read_text(encoding="utf-8", errors="replace").split("\n"), start=1)


def main(check):
    """Runs a checker on the checkout, or on the folder given as argument; prints what is wrong."""
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT
    wrong = check(root)
    for complaint in wrong:
        print(complaint)
    print(f"{check.__module__ if check.__module__ != '__main__' else pathlib.Path(sys.argv[0]).stem}: "
          f"{len(wrong)} wrong")
    sys.exit(1 if wrong else 0)
