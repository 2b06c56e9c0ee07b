# SPDX-License-Identifier: Apache-2.0
"""The way between Meridian and a FHIR server, on which messages are lost, doubled and overtaken, and
behind which a server forgets. HTTP/1.1, loopback, decided by a seeded chance."""
import asyncio
import collections
import contextlib
import hashlib
import json
import random
import re
import threading

FAULTS = ("dropped", "answer lost", "doubled", "overtaken")
LONGEST_HELD = 1.0  # seconds; a client that waits for its answer sends nothing that could overtake it
TASKS = re.compile(r"\b(Task|ServiceRequest)/([^/]+)/_history/\d+$")


class Message:
    """A request or an answer, read whole."""

    def __init__(self, head, body):
        self.lines = head.split(b"\r\n")
        self.body = body

    @classmethod
    async def read(cls, reader):
        """Nothing when the other side ended."""
        try:
            head = (await reader.readuntil(b"\r\n\r\n"))[:-4]
        except asyncio.IncompleteReadError:
            return None
        if re.search(rb"(?im)^transfer-encoding:", head):
            raise RuntimeError("a message in chunks: this way does not know them")
        length = re.search(rb"(?im)^content-length:\s*(\d+)", head)
        return cls(head, await reader.readexactly(int(length.group(1)) if length else 0))

    def between(self, near, far):
        """The same with one address in place of the other, as servers name themselves in links."""
        lines = [line for line in self.lines if not line.lower().startswith(b"content-length:")]
        body = self.body.replace(near, far)
        head = b"\r\n".join(lines[:1] + [line.replace(near, far) for line in lines[1:]])
        return head + f"\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


class UnreliableWay:
    """From a port of its own to one server. `honest` ends all faults."""

    loop = None

    def __init__(self, base, seed, rate):
        self.far = re.match(r"http://[\d.]+:\d+", base).group().encode()
        self.port = int(self.far.rsplit(b":", 1)[1])
        self.seed = seed
        self.rate = rate
        self.chance = random.Random(seed)
        self.honest = False
        self.requests = 0
        self.faults = collections.Counter()
        self.hidden = set()  # changes that no poll was shown
        self.vanish_later = []  # what the server will have forgotten after people worked on it
        self.idle = []
        self.waiting = []
        if UnreliableWay.loop is None:
            UnreliableWay.loop = asyncio.new_event_loop()
            threading.Thread(target=UnreliableWay.loop.run_forever, daemon=True).start()
        self.listener = asyncio.run_coroutine_threadsafe(
            asyncio.start_server(self.serve, "127.0.0.1", 0), self.loop).result()
        self.near = f"http://127.0.0.1:{self.listener.sockets[0].getsockname()[1]}".encode()
        self.base = base.replace(self.far.decode(), self.near.decode())

    def close(self):
        self.loop.call_soon_threadsafe(self.listener.close)

    async def serve(self, reader, writer):
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while (request := await Message.read(reader)) is not None:
                answer = await self.carry(request)
                if answer is None:
                    break
                writer.write(answer.between(self.far, self.near))
                await writer.drain()
        writer.close()

    def happens(self):
        return not self.honest and self.chance.random() < self.rate

    async def carry(self, request):
        """The answer; nothing where the connection is to break."""
        self.requests += 1
        fault = next((fault for fault in FAULTS if self.happens()), None)
        if fault:
            self.faults[fault] += 1
        if fault == "dropped":
            return None
        if fault == "overtaken":
            passed = self.loop.create_future()
            self.waiting.append(passed)
            await asyncio.wait([passed], timeout=LONGEST_HELD)
        answer = await self.exchange(request)
        if fault == "doubled":
            answer = await self.exchange(request)
        while self.waiting and fault != "overtaken":
            passed = self.waiting.pop()
            if not passed.done():
                passed.set_result(None)
        await self.forget(request, answer)
        self.hide(request, answer)
        return None if fault == "answer lost" else answer

    async def exchange(self, request):
        for fresh in (False, True):  # a connection that was idle may have ended
            reader, writer = (self.idle.pop() if self.idle and not fresh
                              else await asyncio.open_connection("127.0.0.1", self.port))
            with contextlib.suppress(OSError):
                writer.write(request.between(self.near, self.far))
                await writer.drain()
                if (answer := await Message.read(reader)) is not None:
                    self.idle.append((reader, writer))
                    return answer
            writer.close()
        raise OSError("the server does not answer")

    def chosen(self, what):
        """The same answer to the same question."""
        digest = hashlib.sha256(f"{self.seed} {what}".encode()).digest()
        return int.from_bytes(digest[:8], "big") / 2**64 < self.rate

    def hide(self, request, answer):
        """A search index that is behind: a change is in no poll's answer until the cursor is past it."""
        if self.honest or b"_lastUpdated=ge" not in request.lines[0] and b"_getpages" not in request.lines[0]:
            return
        with contextlib.suppress(ValueError):
            bundle = json.loads(answer.body)
            entries = bundle.get("entry", [])
            kept = []
            for entry in entries:
                resource = entry["resource"]
                name = f"{resource['resourceType']}/{resource.get('id')}/{resource.get('meta', {}).get('versionId')}"
                if resource["resourceType"] in ("Task", "ServiceRequest") and self.chosen(name):
                    self.hidden.add(name)
                else:
                    kept.append(entry)
            if len(kept) < len(entries):
                answer.body = json.dumps({**bundle, "entry": kept}).encode()

    async def forget(self, request, answer):
        """A peer that restored a backup: what it took and answered with 201 is gone, at once or later."""
        if self.honest or not request.lines[0].startswith(b"POST") or b" 200" not in answer.lines[0]:
            return
        with contextlib.suppress(ValueError):
            bundle = json.loads(answer.body)
            made = [TASKS.search(entry.get("response", {}).get("location", ""))
                    for entry in bundle.get("entry", [])]
            made = [found.group(1) + "/" + found.group(2) for found in made if found]
            tasks = [each for each in made if each.startswith("Task/")]
            if tasks and self.happens():
                if self.chance.random() < 0.5:
                    self.vanish_later += tasks
                    return
                self.faults["vanished"] += 1
                for each in made:
                    await self.remove(each)

    async def remove(self, reference):
        head = f"DELETE /fhir/{reference} HTTP/1.1\r\nHost: 127.0.0.1"
        await self.exchange(Message(head.encode(), b""))
