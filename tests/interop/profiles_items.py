# SPDX-License-Identifier: Apache-2.0
"""What is given to the validator: the guide, what the renderers and the sandbox wrote, and what breaks a rule."""
import copy
import json
import os
import pathlib
import re
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PROFILES = ROOT / "fhir-profiles"
GUIDE = PROFILES / "guide"
OURS = "http://meridian-referral.org/fhir/StructureDefinition/"
IDENTIFIERS = "http://meridian-referral.org/fhir/identifier/"


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def is_extension(resource):
    return resource["resourceType"] == "StructureDefinition" and resource["type"] == "Extension"


def content():
    """Every resource of fhir-profiles by its path. The extensions are one bundle: to see whether they may stand where they say,
    the validator reads all of R4 once more for each of its runs."""
    files = {str(path.relative_to(ROOT)): read(path) for path in sorted(PROFILES.rglob("*.json"))}
    resources = {name: resource for name, resource in files.items() if "resourceType" in resource}
    extensions = [resource for resource in resources.values() if is_extension(resource)]
    found = {name: resource for name, resource in resources.items() if not is_extension(resource)}
    found["extensions"] = {"resourceType": "Bundle", "type": "collection",
                           "entry": [{"fullUrl": one["url"], "resource": one} for one in extensions]}
    return found


def golden():
    """What the renderers write: the packets whole, and each resource that is created or put. A batch is sent entry by entry and
    is no Bundle on the way; a PATCH is a part of a resource."""
    found = {}
    for path in sorted((ROOT / "tests/golden/render").glob("*/out.json")):
        bundle = read(path)
        if bundle["type"] == "transaction":
            found[f"golden {path.parent.name}"] = bundle
        for number, entry in enumerate(bundle["entry"]):
            if entry["request"]["method"] in ("POST", "PUT"):
                found[f"golden {path.parent.name} {number}"] = entry["resource"]
    return found


def own_identifiers(resource):
    """The kinds of Meridian's identifiers that a resource carries: referral, copy and so on."""
    listed = resource.get("identifier", [])
    systems = [one.get("system", "") for one in (listed if isinstance(listed, list) else [listed])]
    return [system[len(IDENTIFIERS):] for system in systems if system.startswith(IDENTIFIERS)]


def is_authored(resource):
    """False for a copy of somebody else's record: its bytes are theirs."""
    named = any(url.startswith(OURS) for url in resource.get("meta", {}).get("profile", []))
    return named or bool(set(own_identifiers(resource)) - {"copy"})


def sandbox(work):
    """Every version of whatever carries an identifier of ours or names a profile of ours, after a walk of the sandbox."""
    work.mkdir(parents=True, exist_ok=True)
    subprocess.run([os.environ["MERIDIAN_SANDBOX"], "--once", "--keep"], check=True,
                   env={**os.environ, "TMPDIR": str(work)}, stdout=subprocess.DEVNULL, timeout=600)
    newest = max(work.glob("meridian-sandbox-*"), key=lambda folder: folder.stat().st_mtime)
    found = {}
    for journal in sorted(newest.glob("*.ndjson")):
        for line in journal.read_text(encoding="utf-8").splitlines():
            version = json.loads(line)
            resource = version["resource"]
            if not isinstance(resource, dict) or version["deleted"] in (True, "true"):
                continue
            if is_authored(resource) or own_identifiers(resource):
                found[f"sandbox {journal.stem} {version['type']}/{version['id']}/{version['version']}"] = resource
    return found


def audit(work):
    """What `meridian audit export` says of the newest walk that sandbox() kept."""
    newest = max(work.glob("meridian-sandbox-*"), key=lambda folder: folder.stat().st_mtime)
    command = [os.environ["MERIDIAN_PROGRAM"], "audit", "export", "--config", newest / "meridian.toml"]
    ran = subprocess.run(command, check=True, stdout=subprocess.PIPE, timeout=120)
    events = [json.loads(line) for line in ran.stdout.splitlines()]
    return {f"audit {event['id']}": event for event in events}


# -- what breaks a rule -----------------------------------------------------------------------------------------------

def steps(path):
    """"evidence[0].code" as ["evidence", 0, "code"]."""
    return [int(step) if step.isdigit() else step for step in re.findall(r"[^.\[\]]+", path)]


def at(resource, path):
    part = re.fullmatch(r"(.*)\[(\d+):(\d+)\]", path)
    if part:
        return at(resource, part[1])[int(part[2]):int(part[3])]
    for step in steps(path):
        resource = resource[step]
    return resource


def put(resource, path, value):
    """Sets a member, adds to the end of a list, or removes; what is empty then goes too, for FHIR has no empty lists."""
    *way, last = steps(path)
    holders = [resource]
    for step in way:
        holders.append(holders[-1][step])
    if value is not None and isinstance(last, int) and last == len(holders[-1]):
        holders[-1].append(value)
    elif value is not None:
        holders[-1][last] = value
    else:
        del holders[-1][last]
        for holder, step in zip(reversed(holders[:-1]), reversed(way)):
            if not holder[step]:
                del holder[step]


def broken(row):
    """The example of a row with its one change. "=path" copies, ">new old" puts a member in another's place."""
    resource = read(GUIDE / "examples" / (row["example"] + ".json"))
    path, value = row["at"], row["value"]
    if isinstance(value, str) and value.startswith("="):
        value = copy.deepcopy(at(resource, value[1:]))
    if path.startswith(">"):
        path, old = path[1:].split(" ")
        put(resource, old, None)
    put(resource, path, value)
    return resource


def rules_of(profile):
    """What a profile asks for besides its base. What tells the slices of a list apart cannot be broken: it is another slice."""
    told_apart = [element["id"] for element in profile["differential"]["element"] if "slicing" in element]
    for element in profile["differential"]["element"]:
        name = element["id"]
        if name.endswith(".system") and any(name.startswith(one + ":") for one in told_apart):
            continue
        if element.get("min", 0) > 0:
            yield f"{name} min"
        if "max" in element:
            yield f"{name} max"
        if any(key.startswith(("fixed", "pattern")) for key in element):
            yield f"{name} value"
        if element.get("binding", {}).get("strength") == "required":
            yield f"{name} binding"
        if "type" in element:
            yield f"{name} type"
        yield from (rule["key"] for rule in element.get("constraint", []))
