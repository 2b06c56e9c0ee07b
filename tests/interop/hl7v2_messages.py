# SPDX-License-Identifier: Apache-2.0
"""The HL7 v2 messages of the test data and of our golden cases, as they travel: segments end with CR."""
import codecs
import os
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = pathlib.Path(os.environ.get("MERIDIAN_TEST_DATA") or ROOT.parent / "shared" / "data") / "hl7v2"
GOLDEN = ROOT / "tests" / "golden"
ENVELOPE = ("FHS", "BHS", "BTS", "FTS")


def as_it_travels(text):
    return re.sub("\r\n|\n", "\r", text).strip("\x0b\x1c\r")


def text_of(file):
    """In UTF-8 whatever it was, without the mark at its beginning."""
    content = file.read_bytes()
    if content[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return as_it_travels(content.decode("utf-16"))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("windows-1252")
    return as_it_travels(text)


def split(text):
    """The messages of a file; all of it when it has none, for it is to be refused as a whole."""
    messages, open_one = [], False
    for line in text.split("\r"):
        if re.match(r"MSH[^A-Za-z0-9]", line):
            messages.append([line])
            open_one = True
        elif line.startswith(ENVELOPE):
            open_one = False
        elif open_one:
            messages[-1].append(line)
    return ["\r".join(lines).rstrip("\r") + "\r" for lines in messages] or [text]


def files_of(folder, *endings):
    """All of a folder but the JSON that others made of the messages, or those with these endings."""
    return [file for file in sorted(folder.rglob("*")) if file.is_file() and file.suffix != ".json"
            and (not endings or file.suffix in endings)]


def everything():
    """(name, text) of each message: "simhospital/messages.hl7s#12", without number where a file has one."""
    for prefix, folder, endings in (("", DATA, ()), ("golden/", GOLDEN, (".hl7",))):
        for file in files_of(folder, *endings):
            name = prefix + str(file.relative_to(folder))
            messages = split(text_of(file))
            for number, text in enumerate(messages, 1):
                yield (f"{name}#{number}" if len(messages) > 1 else name), text


def timed(kind):
    """The messages of a type such as "|ORU^R01" that hl7v2_bench takes its times of, as it finds them."""
    for folder in (GOLDEN / "normalize", DATA):
        for file in files_of(folder, ".hl7", ".hl7s"):
            text = file.read_bytes().replace(b"\r", b"").replace(b"\n", b"\r")
            for one in re.split(rb"(?:^|(?<=\r))(?=MSH\|)", text[max(text.find(b"MSH|"), 0):]):
                if one.startswith(b"MSH|") and kind in one.split(b"\r")[0]:
                    yield one
