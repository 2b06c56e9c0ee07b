# SPDX-License-Identifier: Apache-2.0
"""Each test that the list of quirks names is there, and each test of this folder is in the list.

    quirks_test.py [LIST]     LIST: another list, whose tests may stand in any folder
"""
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).parent
TEST = re.compile(r"^TEST(?:_F|_P)?\((\w+), (\w+)\)", re.MULTILINE)


def tests_in(paths):
    return {".".join(found) for path in paths for found in TEST.findall(path.read_text("utf-8"))}


def main():
    page = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "README.md"
    named = set(re.findall(r"`(\w+\.[A-Z]\w+)`", page.read_text("utf-8")))
    named = {name for name in named if name.count(".") == 1 and name[0].isupper()}
    all_tests = tests_in(HERE.parent.glob("*/*.cc"))
    faults = [f"{name} is named in {page.name} and is no test" for name in sorted(named - all_tests)]
    if page.parent == HERE:
        faults += [f"{name} is not named in README.md"
                   for name in sorted(tests_in(HERE.glob("*.cc")) - named)]
    print("\n".join(faults) or f"{len(named)} tests are named and there")
    return 1 if faults or not named else 0


sys.exit(main())
