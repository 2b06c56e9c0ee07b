# SPDX-License-Identifier: Apache-2.0
"""Checks the labelled radiology texts: form, vocabulary, unique ids and texts, and that there are enough.

usage: check_labels.py [VOCABULARY]. Without VOCABULARY (a JSON file whose "findings" each have an
"id") the kinds below are the vocabulary; with it, the two must agree. What the author of the rules wrote
(built_with) is checked for its form alone and counts for nothing.
"""
import collections
import json
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).parent
OPEN = ("open",) + tuple(f"open_{number}" for number in range(2, 20))
HELD_APART = ("held_apart_15",)  # counted only; the checks below read the form, say nothing of the texts
HALVES = OPEN + tuple(name for name in HELD_APART if (HERE / name).is_dir())
FIELDS = {
    "sentences": {"id", "text", "labels"},
    "reports": {"id", "style", "modality", "region", "text", "labels"},
}
LABEL = {"kind", "level", "side", "certainty", "negated", "historical"}
SERIOUS = (
    "fracture_acute mass infection cauda_equina_compression conus_cord epidural_haematoma aortic_aneurysm".split()
)
KINDS = set(SERIOUS) | set(
    """disc_degeneration disc_signal_loss disc_height_loss disc_bulge disc_protrusion disc_extrusion
    disc_sequestration disc_herniation_nos annular_fissure facet_degeneration spondylolisthesis spondylolysis
    central_stenosis lateral_recess_stenosis foraminal_stenosis nerve_contact modic_1 modic_2_3 schmorl_node
    osteophyte ligamentum_flavum synovial_cyst tarlov_cyst transitional_vertebra scoliosis si_degeneration
    sacroiliitis postop_change recurrent_herniation hemangioma fracture_old cord_other
    hydronephrosis_other""".split()
)
SIDES = {"left", "right", "bilateral", "central", ""}
CERTAINTIES = {"definite", "probable", "possible"}
BODIES = [f"C{n}" for n in range(1, 8)] + [f"T{n}" for n in range(1, 13)]
BODIES += [f"L{n}" for n in range(1, 7)] + [f"S{n}" for n in range(1, 6)]
# L5 sits on S1, unless a sixth lumbar body is counted; T12 on L1; C7 on T1.
DISCS = {f"{upper}-{lower}" for upper, lower in zip(BODIES, BODIES[1:])} | {"L5-S1"}
LEVELS = {"", "SI"} | set(BODIES) | DISCS
SERIOUS_MINIMUM = 20  # labels each way, in open_3
OTHER_MINIMUM = (3, 1)  # in open_2: positive, negative
SENTENCES, REPORTS = 300, 40


def faults_of(entry, fields, where):
    """What is wrong with the form of one sentence or report."""
    if set(entry) != fields:
        return [f"{where}: fields are {sorted(entry)}, not {sorted(fields)}"]
    faults = [] if entry["text"].strip() else [f"{where}: no text"]
    seen = set()
    for label in entry["labels"]:
        if set(label) != LABEL:
            faults.append(f"{where}: a label has {sorted(label)}")
            continue
        for field, words in (("kind", KINDS), ("level", LEVELS), ("side", SIDES), ("certainty", CERTAINTIES)):
            if label[field] not in words:
                faults.append(f"{where}: {field} {label[field]!r} is not in the vocabulary")
        for field in ("negated", "historical"):
            if not isinstance(label[field], bool):
                faults.append(f"{where}: {field} is not true or false")
        key = json.dumps(label, sort_keys=True)
        if key in seen:
            faults.append(f"{where}: the same label twice: {key}")
        seen.add(key)
    return faults


def read(path, fields):
    """The entries of one file that can be read, and the faults of all lines."""
    entries, faults = [], []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        where = f"{path.parent.name}/{path.name}:{number}"
        try:
            entry = json.loads(line)
        except ValueError as error:
            faults.append(f"{where}: {error}")
            continue
        found = faults_of(entry, fields, where)
        faults += found
        if not found:
            entries.append(entry)
    return entries, faults


def without_numbers(text):
    """Two texts that differ only in a level or a number come out the same."""
    return re.sub(r"\s+", " ", re.sub(r"\b[ctls]?\d+", "#", text.lower())).strip()


def repeats(named, what):
    counted = collections.Counter(named)
    return [f"{what} more than once: {name}" for name, count in counted.items() if count > 1]


def too_few(counts):
    """Kinds with fewer labels than the rules built on them need to be judged."""
    faults = []
    for kind in sorted(KINDS):
        for way, index in (("positive", 0), ("negative", 1)):
            serious = counts["open_3"][kind, way]
            other = counts["open_2"][kind, way]
            if kind in SERIOUS and serious < SERIOUS_MINIMUM:
                faults.append(f"{kind}: {serious} {way} labels in open_3, {SERIOUS_MINIMUM} needed")
            if kind not in SERIOUS and other < OTHER_MINIMUM[index]:
                faults.append(f"{kind}: {other} {way} labels in open_2, {OTHER_MINIMUM[index]} needed")
    return faults


def print_counts(counts):
    names = (*HALVES, "all")
    print(f"{'kind':26}" + "".join(f"{name[-7:] + way:>9}" for name in names for way in (" +", " -")))
    for kind in sorted(KINDS):
        cells = [counts[half][kind, way] for half in HALVES for way in ("positive", "negative")]
        cells += [sum(cells[::2]), sum(cells[1::2])]
        print(f"{kind:26}" + "".join(f"{cell:9}" for cell in cells))


def main(arguments):
    faults, entries, counts = [], {"sentences": [], "reports": []}, {}
    if arguments:
        found = {f["id"] for f in json.loads(pathlib.Path(arguments[0]).read_text(encoding="utf-8"))["findings"]}
        faults += [f"kind {kind} is on one side only" for kind in sorted(found ^ KINDS)]
    for half in HALVES:
        counts[half] = collections.Counter()
        for name, fields in FIELDS.items():
            read_entries, found = read(HERE / half / f"{name}.ndjson", fields)
            faults += found
            entries[name] += read_entries
            for label in (label for entry in read_entries for label in entry["labels"]):
                absent = label["negated"] or label["historical"]
                counts[half][label["kind"], "negative" if absent else "positive"] += 1
    own, found = read(HERE / "built_with" / "sentences.ndjson", FIELDS["sentences"])
    faults += found + repeats([entry["id"] for entry in own], "id")
    everything = entries["sentences"] + entries["reports"]
    faults += repeats([entry["id"] for entry in everything], "id")
    faults += repeats([without_numbers(entry["text"]) for entry in everything], "text (levels and numbers apart)")
    for name, least in (("sentences", SENTENCES), ("reports", REPORTS)):
        if len(entries[name]) < least:
            faults.append(f"{len(entries[name])} {name}, {least} needed")
    faults += too_few(counts)
    print_counts(counts)
    print(f"{len(entries['sentences'])} sentences, {len(entries['reports'])} reports; built with: {len(own)}")
    for fault in faults:
        print("FAULT", fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
