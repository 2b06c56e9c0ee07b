# SPDX-License-Identifier: Apache-2.0
"""Who may include whom. The table is DESIGN section 3, with the folders that came later."""
import re

import tree

CORE = ["base", "model", "knowledge", "pathway", "routing", "packet", "report", "port", "store",
        "flow", "http", "web", "host"]

# Folder -> folders it may include besides itself. A header of one folder that another may not see
# is a wall; report writes our JSON formats, knowledge loads fhir-profiles.
WALLS = {
    "base": [],
    "model": ["base"],
    "knowledge": ["base", "model"],
    "pathway": ["base", "model"],
    "routing": ["base", "model", "pathway"],
    "packet": ["base", "model"],
    "report": ["base", "model"],
    "port": ["base", "model"],
    "store": ["base", "model"],
    "flow": ["base", "model", "pathway", "routing", "packet", "port", "store", "report"],
    "http": ["base"],
    "web": ["base", "model", "port", "http", "report"],
    "adapters": ["base", "model", "port", "http"],
    "host": [folder for folder in CORE if folder != "host"],
}

# Third-party header -> places that may include it. A library that is not listed is a decision
# to take: add it here and say in the commit what it is for.
LIBRARIES = {
    r"Poco/": ["adapters"],
    r"boost/container/": ["routing"],
    r"boost/(?!container/)": ["flow", "http", "host", "adapters/hl7v2/mllp"],
    r"sqlite3\.h": ["store"],
    r"libpq-fe\.h": ["store"],
    r"openssl/": ["base", "store", "http", "port", "adapters/fhir/client", "adapters/fhir/exchange"],
    r"rapidjson/": ["report", "knowledge", "flow", "store", "web", "port", "adapters"],
    r"simdjson\.h|emmintrin\.h": ["adapters/fhir", "adapters/hl7v2"],
    r"unicode/": ["routing", "adapters/hl7v2"],
    r"immintrin\.h": ["routing"],
    r"toml\+\+/": ["host"],
    r"CLI/": ["host"],
    r"cairo-pdf\.h|pango/": ["packet"],  # a page of any script as a PDF
    r"prometheus/": ["host"],
    r"mimalloc\.h": ["host"],  # the programs' allocator: what it keeps after a start
    r"jni\.h": ["adapters/engine/native"],
    r"qrencode\.h": ["web"],  # the secret of one-time codes as a picture for a phone
}

# Pure folders do no I/O, keep no locks and read no clock: what they would need for it.
PURE = ["model", "pathway", "routing", "packet", "report"]
IMPURE_HEADERS = {"fstream", "iostream", "cstdio", "filesystem", "thread", "mutex", "atomic",
                  "shared_mutex", "condition_variable", "future", "random", "csignal", "ctime",
                  "base/log.h"}
IMPURE_CALLS = re.compile(r"\b(system_now|random_bytes|new_ulid|getenv|(system|steady)_clock::now)\s*\(")

SYSTEM_HEADERS = re.compile(r"(sys|arpa|netinet)/\w+\.h|unistd\.h|fcntl\.h|poll\.h|pthread\.h|dlfcn\.h|"
                            r"netdb\.h|pwd\.h|signal\.h|termios\.h|link\.h")
SYSTEM_FOLDERS = ["base", "store", "http", "host", "adapters"]

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def place_of(path, root):
    """("flow", "flow") for plugin/flow/x.cc, ("adapters", "adapters/fhir/read") for an adapter."""
    parts = path.relative_to(root).parts
    if parts[0] == "plugin" and len(parts) > 2:
        return parts[1], parts[1]
    if parts[0] == "adapters" and len(parts) > 2:
        return "adapters", "/".join(parts[:-1])
    return None, None


def own_include(folder, place, name, root):
    """What is wrong with an include of one of our headers, or nothing."""
    first = name.split("/")[0]
    if name == "meridian.h":
        known = folder == "host" or place == "adapters/engine/native"  # a caller, from a JVM
        return None if known else "only host knows the C ABI"
    if (root / "adapters" / name).is_file():
        adapter = place.split("/")[1] if folder == "adapters" else None
        if folder == "host" or adapter == first:
            return None
        return f"{folder} may not include adapter {first}"
    if not (root / "plugin" / name).is_file():
        return "not found below plugin/ or adapters/: includes name the folder (\"base/time.h\")"
    if first == folder or first in WALLS.get(folder, []):
        return None
    return f"{folder} may not include {first}"


def library_include(folder, place, name):
    """What is wrong with an include of a library or system header, or nothing."""
    if folder in PURE and name in IMPURE_HEADERS:
        return f"{folder} is pure: no <{name}>"
    if re.fullmatch(r"[a-z_0-9]+", name):
        return None  # the standard library
    if SYSTEM_HEADERS.fullmatch(name):
        return None if folder in SYSTEM_FOLDERS else f"{folder} may not call the system"
    for pattern, places in LIBRARIES.items():
        if re.match(pattern, name):
            allowed = any(place == p or place.startswith(p + "/") for p in places)
            return None if allowed else f"{folder} may not use this library; only {', '.join(places)}"
    return "this library is in no wall's list"


def check(root):
    wrong = []
    for path in tree.code(root, "plugin", "adapters"):
        folder, place = place_of(path, root)
        if folder is None or path.relative_to(root).parts[:2] == ("plugin", "include"):
            continue
        if folder not in WALLS:
            wrong.append(f"{path.relative_to(root)}: {folder} is in no wall's list")
            continue
        for number, line in tree.lines(path):
            include = INCLUDE.match(line)
            complaint = None
            if include and include[1] == '"':
                complaint = own_include(folder, place, include[2], root)
                if folder in PURE and include[2] in IMPURE_HEADERS:
                    complaint = f"{folder} is pure: no {include[2]}"
            elif include:
                complaint = library_include(folder, place, include[2])
            elif folder in PURE and (call := IMPURE_CALLS.search(line)):
                complaint = f"{folder} is pure: no {call[1]}"
            if complaint:
                wrong.append(f"{path.relative_to(root)}:{number}: {line.strip()}: {complaint}")
    return wrong


if __name__ == "__main__":
    tree.main(check)
