# SPDX-License-Identifier: Apache-2.0
"""What must compile and what must not: every header alone, and the cases of must_not_compile/.

usage: compiles.py headers|refusals COMPILER [ROOT]
Headers are compiled without the precompiled header, which would hide a missing include.
"""
import concurrent.futures
import os
import pathlib
import shutil
import subprocess
import sys

import tree

FLAGS = ["-std=c++20", "-Wall", "-Wextra", "-Werror", "-DBOOST_ASIO_NO_DEPRECATED",
         "-DBOOST_ERROR_CODE_HEADER_ONLY", "-DRAPIDJSON_HAS_STDSTRING=1",
         "-I/usr/include/postgresql"]  # where Debian keeps libpq-fe.h


def complaint_of(command, root, arguments):
    """The compiler's first complaint, empty when it takes the source."""
    include = [f"-I{root / folder}" for folder in ("plugin", "adapters", "sandbox", "plugin/include")]
    done = subprocess.run([*command, *FLAGS, *include, *arguments], capture_output=True, text=True)
    if done.returncode == 0:
        return ""
    errors = [line for line in done.stderr.split("\n") if "error:" in line]
    return errors[0] if errors else "refused without a word"


def headers(compiler, root):
    """Every header compiles alone and twice. ccache, when there, remembers those that passed."""
    command = [ccache, compiler] if (ccache := shutil.which("ccache")) else [compiler]
    scratch = root / "build" / "lint"
    scratch.mkdir(parents=True, exist_ok=True)

    def alone(path):
        name = path.relative_to(root).as_posix()
        source = scratch / (name.replace("/", "-") + ".cc")
        source.write_text(f'#include "{path}"\n#include "{path}"\n')
        wrong = complaint_of(command, root, ["-c", str(source), "-o", str(source.with_suffix(".o"))])
        return f"{name}: not self-contained: {wrong}" if wrong else None

    found = [path for path in tree.code(root, "plugin", "adapters", "sandbox") if path.suffix == ".h"]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return [wrong for wrong in pool.map(alone, found) if wrong]


def refusals(compiler, root):
    """Each case compiles as it is and is refused with -DWRONG: only the one line decides."""
    command = [compiler, "-fsyntax-only"]
    wrong = []
    for case in sorted((root / "tests/lint/must_not_compile").glob("*.cc")):
        if complaint := complaint_of(command, root, [str(case)]):
            wrong.append(f"{case.name}: the right form is refused: {complaint}")
        if not complaint_of(command, root, ["-DWRONG", str(case)]):
            wrong.append(f"{case.name}: the wrong form compiles")
    return wrong


if __name__ == "__main__":
    check = {"headers": headers, "refusals": refusals}[sys.argv[1]]
    top = pathlib.Path(sys.argv[3]) if len(sys.argv) > 3 else tree.ROOT
    complaints = check(sys.argv[2], top)
    print("\n".join([*complaints, f"{sys.argv[1]}: {len(complaints)} wrong"]))
    sys.exit(1 if complaints else 0)
