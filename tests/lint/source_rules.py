# SPDX-License-Identifier: Apache-2.0
"""Rules on the text of files: licence line, size, no machine in it, no code lists, no sinks."""
import re

import tree

COMMENTED = {".h", ".cc", ".c", ".def", ".py", ".sh", ".cmake", ".mjs", ".js", ".css", ".sql", ".toml"}
FILE_LINES = 500

# Folders of one machine and hosts that packages come from: neither says anything to a reader.
MACHINE = re.compile(r"(?<![\w.:/-])/(?:home|root|work|farm|Users)/\w|/tmp/\w+_jobs")
HOSTS = re.compile(r"registry\.npm[j]s|deb\.debia[n]|(?:repo1?\.)?maven\.or[g]|pypi\.or[g]|crates\.i[o]|proxy\.golan[g]", re.I)

LITERAL = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
# A code of a clinical code system, standing alone: ICD-10 with a dot or with four characters and
# more, ICD-10 category, SNOMED CT or RxNorm, LOINC, CPT, HCPCS.
CLINICAL_CODE = re.compile(
    r"[A-TV-Z]\d[0-9AB]\.[0-9A-TV-Z]{1,4}|[A-TV-Z]\d[0-9AB][0-9A-TV-Z]{1,4}|[A-TV-Z]\d[0-9AB]|"
    r"[1-9]\d{5,17}|\d{1,7}-\d|\d{5}")
NOT_A_CODE = re.compile(r"T1[0-2]|S256")  # vertebrae; the method of PKCE (RFC 7636)
CATEGORY = re.compile(r"[A-TV-Z]\d[0-9AB]")  # looks like an HL7 v2 event (A01) or segment (PV1) too
# Document types of what we author ourselves: no list, and no statement about a patient.
AUTHORED = re.compile(r"adapters/fhir/exchange/codes\.h")

# Where text for people or machines leaves the program. Everything else calls log() or returns.
SINK = re.compile(r"\bstd::(cout|cerr|clog)\b|\b(f?printf|f?puts|fputs|perror|syslog|fwrite)\s*\(")
SINK_FILES = re.compile(r"plugin/base/log\.cc|plugin/host/")
# Who looks a name up by itself connects past the rules of base/egress.h.
LOOK_UP = re.compile(r"\bgetaddrinfo\s*\(|\bgethostby\w+|\basync_resolve\b|::resolver\b|Net/DNS\.h|Net/HTTPSClientSession\.h")
LOOK_UP_FILES = re.compile(r"plugin/base/egress\.cc|"
                           r"plugin/http/local_call\.cc|"          # numbers of the loopback alone
                           r"plugin/host/listening_sockets\.cc")  # where we listen ourselves
# Entities, and names that lead out of a folder: what is not read cannot do harm.
UNREAD_FORMAT = re.compile(r'#include\s*[<"](?:Poco/(?:XML|SAX|DOM|Zip)/|Poco/Util/XML|expat|libxml|zip\.h|minizip|archive\.h)')
PRINTED_SENSITIVE = re.compile(r"operator<<\s*\([^)]*Sensitive|\.reveal\(\)[^;]*<<|<<[^;]*\.reveal\(\)")


def licence(path, text):
    if "corpus" in path.parts:
        return  # inputs of fuzzers are what they are, byte for byte
    named = path.suffix in COMMENTED or path.name == "CMakeLists.txt" or text.startswith("#!")
    if named and "SPDX-License-Identifier: Apache-2.0" not in "\n".join(text.split("\n")[:4]):
        yield 1, "the SPDX line is missing in the first four lines"


def length(path, text):
    if path.suffix in tree.CODE_SUFFIXES and text.count("\n") > FILE_LINES:
        yield FILE_LINES, f"more than {FILE_LINES} lines: split the file by purpose"


def machine(path, text):
    for number, line in enumerate(text.split("\n"), start=1):
        if MACHINE.search(line):
            yield number, "a path of one machine"
        if HOSTS.search(line):
            yield number, "a package host: name the package"


def is_clinical_code(word, path):
    if not CLINICAL_CODE.fullmatch(word) or NOT_A_CODE.fullmatch(word):
        return False
    return not (CATEGORY.fullmatch(word) and path.parts[:2] == ("adapters", "hl7v2"))


def code_lists(path, text):
    """Only below plugin/ and adapters/: clinical codes are data of fhir-profiles. A literal counts
    that is made of codes and their systems only; a word in a sentence does not."""
    if path.parts[0] not in ("plugin", "adapters") or path.suffix not in (".h", ".cc"):
        return
    for number, line in enumerate(text.split("\n"), start=1):
        if line.lstrip().startswith("//") or AUTHORED.fullmatch(path.as_posix()):
            continue
        for literal in LITERAL.findall(line):
            words = [word for word in re.split(r"[|,; ]", literal) if word and ":" not in word]
            if words and all(is_clinical_code(word, path) for word in words):
                yield number, f"\"{literal}\" looks like a clinical code; codes live in fhir-profiles"


def sinks(path, text):
    if path.parts[0] not in ("plugin", "adapters") or path.suffix not in (".h", ".cc"):
        return
    for number, line in enumerate(text.split("\n"), start=1):
        if SINK.search(line) and not SINK_FILES.match(path.as_posix()):
            yield number, "writes past log(): a line with patient data could get out"
        if PRINTED_SENSITIVE.search(line):
            yield number, "streams patient data"


def look_ups(path, text):
    if path.parts[0] not in ("plugin", "adapters") or LOOK_UP_FILES.fullmatch(path.as_posix()):
        return
    for number, line in enumerate(text.split("\n"), start=1):
        if path.suffix in (".h", ".cc") and LOOK_UP.search(line):
            yield number, "looks a name up: connect to what Egress::addresses gives"


def formats(path, text):
    if path.parts[0] not in ("plugin", "adapters"):
        return
    for number, line in enumerate(text.split("\n"), start=1):
        if UNREAD_FORMAT.search(line):
            yield number, "XML and archives are not read here (SECURITY.md, attacks)"


def commands(root):
    """README's two commands and what continuous integration calls exist and can be run."""
    readme = (root / "README.md").read_text() if (root / "README.md").exists() else ""
    for name in ("sandbox/run", "tests/run"):
        if f"./{name}" not in readme:
            yield f"README.md: does not show ./{name}"
    for name in ("sandbox/run", "tests/run", ".ci/run"):
        path = root / name
        if not path.is_file() or not path.stat().st_mode & 0o100:
            yield f"{name}: is missing or not executable"


RULES = [licence, length, machine, code_lists, sinks, look_ups, formats]


def check(root):
    wrong = list(commands(root))
    for path in tree.files(root):
        content = path.read_bytes()
        if b"\0" in content or path.name == "LICENSE":
            continue
        text = content.decode("utf-8", errors="replace")
        for rule in RULES:
            for number, complaint in rule(path.relative_to(root), text):
                wrong.append(f"{path.relative_to(root)}:{number}: {complaint}")
    return wrong


if __name__ == "__main__":
    tree.main(check)
