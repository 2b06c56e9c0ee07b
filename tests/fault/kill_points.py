# SPDX-License-Identifier: Apache-2.0
"""Points at which a process can be killed: counted in one run, then visited one by one."""
import collections
import concurrent.futures
import dataclasses
import os
import signal
import subprocess

FONT_CACHE = ".cache-"
SHIM = os.environ.get("MERIDIAN_KILL_SHIM", "")


@dataclasses.dataclass(frozen=True)
class Point:
    """Before or after the n-th call of a function on a target, counted over all threads."""
    when: str
    function: str
    target: str
    ordinal: int

    def __str__(self):
        return f"{self.when} {self.function} {self.target} {self.ordinal}"


def environment(**settings):
    """This process's environment with the shim in it."""
    assert os.path.exists(SHIM), "MERIDIAN_KILL_SHIM names the preloaded library"
    return {**os.environ, "LD_PRELOAD": SHIM, **settings}


def counting(points_file):
    """The environment of a run that writes down its points."""
    return environment(MERIDIAN_POINTS=str(points_file))


def killing(point):
    """The environment of a run that ends at a point."""
    return environment(MERIDIAN_KILL=str(point))


def was_killed(status):
    return status == -signal.SIGKILL


def read_points(points_file):
    """Every point of a counted run, in the order of the run: before and after each call. What a library keeps of the
    machine's fonts is nobody's promise, and written once on a machine."""
    counts = collections.Counter()
    points = []
    for line in points_file.read_text().splitlines():
        function, target = line.split()
        if FONT_CACHE in target:
            continue
        counts[line] += 1
        points += [Point(when, function, target, counts[line]) for when in ("before", "after")]
    return points


def share(points, every):
    """Every n-th point, and of each kind of call the first and the last."""
    last = collections.Counter((point.function, point.target) for point in points if point.when == "after")
    return [point for number, point in enumerate(points)
            if number % every == 0 or point.ordinal in (1, last[point.function, point.target])]


def visit(points, story):
    """Runs story(point) for each point, three at a time per processor, since a story mostly waits.
    A story returns what is wrong, or nothing. Returns all complaints with their points."""
    def told(point):
        try:
            complaint = story(point)
        except (OSError, RuntimeError, subprocess.SubprocessError) as failure:
            complaint = f"the story broke off: {failure}"
        return f"{point}: {complaint}" if complaint else None

    with concurrent.futures.ThreadPoolExecutor(3 * os.cpu_count()) as pool:
        return [complaint for complaint in pool.map(told, points) if complaint]
