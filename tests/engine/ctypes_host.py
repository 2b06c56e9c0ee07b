# SPDX-License-Identifier: Apache-2.0
"""Meridian from Python by ctypes, and nothing else: the struct and functions of plugin/include/meridian.h.

    ctypes_host.py meridian.so meridian.toml SOURCE ID FILE.json

Opens the site without listeners, hands in one message, and prints what its sender is to be told.
"""
import ctypes
import os
import sys


class Bytes(ctypes.Structure):
    _fields_ = [("data", ctypes.c_char_p), ("size", ctypes.c_uint64)]

    @classmethod
    def of(cls, data):
        return cls(data, len(data))


Emit = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int32, Bytes, Bytes)


class Sink(ctypes.Structure):
    _fields_ = [("struct_size", ctypes.c_uint32), ("reserved", ctypes.c_uint32), ("context", ctypes.c_void_p),
                ("emit", Emit)]


class Message(ctypes.Structure):
    _fields_ = [("struct_size", ctypes.c_uint32), ("reserved", ctypes.c_uint32), ("source", Bytes),
                ("sender_id", Bytes), ("media_type", Bytes), ("body", Bytes)]


class Meridian:
    """One runtime. Calls raise OSError with the status and what was said."""

    def __init__(self, library, config):
        self.abi = ctypes.CDLL(library)
        self.abi.meridian_close.argtypes = [ctypes.c_void_p]
        self.abi.meridian_close.restype = None
        self.said = b""
        # Python keeps no reference to a callback that C holds: these members do.
        self.emit = Emit(self.keep)
        self.sink = Sink(ctypes.sizeof(Sink), 0, None, self.emit)
        self.runtime = ctypes.c_void_p()
        with open(config, "rb") as file:
            text = file.read()
        folder = os.path.dirname(os.path.abspath(config)).encode()
        self.call("meridian_open_embedded", Bytes.of(text), Bytes.of(folder), ctypes.byref(self.sink),
                  ctypes.byref(self.runtime))

    def keep(self, _context, _kind, _media_type, body):
        # Copied here: what is handed to a sink lives as long as this call.
        self.said = ctypes.string_at(ctypes.cast(body.data, ctypes.c_void_p), body.size) if body.size else b""

    def call(self, function, *arguments):
        self.said = b""
        status = getattr(self.abi, function)(*arguments)
        if status != 0:
            raise OSError(status, self.said.decode())
        return self.said

    def submit(self, source, sender_id, media_type, body):
        message = Message(ctypes.sizeof(Message), 0, Bytes.of(source), Bytes.of(sender_id), Bytes.of(media_type),
                          Bytes.of(body))
        return self.call("meridian_submit", self.runtime, ctypes.byref(message), ctypes.byref(self.sink))

    def health(self):
        return self.call("meridian_health", self.runtime, ctypes.byref(self.sink))

    def close(self):
        self.abi.meridian_close(self.runtime)


def main(library, config, source, sender_id, path):
    meridian = Meridian(library, config)
    try:
        with open(path, "rb") as file:
            body = file.read()
        print(meridian.submit(source.encode(), sender_id.encode(), b"application/fhir+json", body).decode())
        print(meridian.health().decode())
        return 0
    except OSError as error:
        print(error.errno, error.strerror, file=sys.stderr)
        return 1
    finally:
        meridian.close()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
