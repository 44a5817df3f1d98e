"""Loads what Rust wrote, and prints each value on a line of its own, types and all.

Input: the number of cases; for each the dialect (0: PEP 574, 1: ipyparallel, 2: an apply message)
and its blobs, each after its length; numbers are little-endian and of 8 bytes.
"""

import io
import pickle
import pickletools
import struct
import sys

import numpy

numbers = sys.stdin.buffer


def number():
    (value,) = struct.unpack("<Q", numbers.read(8))
    return value


def blob():
    return bytearray(numbers.read(number()))


def show_float(value):
    if value != value:
        return "nan:%016x" % struct.unpack("<Q", struct.pack("<d", value))
    return repr(value)


def show_items(array):
    if array.ndim == 0:
        return show(array[()])
    return "[" + ", ".join(show_items(array[i : i + 1].reshape(array.shape[1:])) for i in range(len(array))) + "]"


def show_array(array):
    parts = [repr(array.dtype.descr if array.dtype.fields else array.dtype.str), repr(array.shape)]
    if not array.flags.c_contiguous:
        parts.append("strides=" + repr(array.strides))
    if array.size <= 32:
        parts.append(show_items(array))
    elif array.dtype.kind in "VM":
        parts.append("all the same" if (array.ravel() == array.ravel()[0]).all() else "not all the same")
    else:
        flat = array.ravel()
        parts.append("%s ... %s, sum=%s" % (show(flat[1]), show(flat[-1]), show(flat.sum())))
    return "array(" + ", ".join(parts) + ")"


def show(value):
    kind = type(value)
    if kind is float:
        return show_float(value)
    if kind is int and value.bit_length() > 200:
        return hex(value)
    if kind is list:
        return "[" + ", ".join(map(show, value)) + "]"
    if kind is tuple:
        return "(" + ", ".join(map(show, value)) + ("," if len(value) == 1 else "") + ")"
    if kind in (set, frozenset):
        return kind.__name__ + "{" + ", ".join(sorted(map(show, value))) + "}"
    if kind is dict:
        return "{" + ", ".join(sorted(show(k) + ": " + show(v) for k, v in value.items())) + "}"
    if kind is numpy.ndarray:
        return show_array(value)
    if isinstance(value, numpy.void) and value.dtype.fields:
        return "(" + ", ".join(show(value[name]) for name in value.dtype.names) + ")"
    if isinstance(value, numpy.generic):
        return str(value)
    if isinstance(value, type) or hasattr(value, "__name__"):
        return value.__module__ + "." + value.__qualname__
    if hasattr(value, "__dict__"):
        return "%s.%s%s" % (kind.__module__, kind.__qualname__, show(value.__dict__))
    return repr(value)


def load(dialect, blobs):
    # Follows the stack, as the reader in C does not.
    pickletools.dis(bytes(blobs[0]), out=io.StringIO())
    if dialect == 0:
        return pickle.loads(blobs[0], buffers=blobs[1:])
    from ipyparallel.serialize import serialize

    # As an engine has them.
    blobs = [memoryview(bytes(blob)) for blob in blobs]
    if dialect == 1:
        value, rest = serialize.deserialize_object(blobs)
        assert not rest, "%d blobs are left" % len(rest)
        return value
    return serialize.unpack_apply_message(blobs)


for _ in range(number()):
    dialect = number()
    blobs = [blob() for _ in range(number())]
    try:
        line = show(load(dialect, blobs))
    except Exception as error:
        line = "%s: %s" % (type(error).__name__, error)
    sys.stdout.buffer.write(line.encode("utf-8", "surrogatepass").replace(b"\n", b" ") + b"\n")
