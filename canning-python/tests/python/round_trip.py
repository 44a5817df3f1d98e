"""Writes objects for Rust to read, and compares what Rust wrote of them.

Each request is a number and its parts, little-endian numbers of 8 bytes:
0 or 1 and blobs (0: PEP 574, 1: ipyparallel): loads them, and writes the object in every format;
2 and a seed: makes an object of its own, and writes it so;
3 or 4 and blobs (as 0 or 1): compares them with the object that was made last.

The answer to the first three: the number of formats; for each 0 or 1, and its blobs. To the last
two: the text of what differs, empty where nothing does. Blobs are counted, and each is after its
length.
"""

import datetime
import decimal
import pickle
import random
import struct
import sys
from collections import OrderedDict

import numpy
from ipyparallel.serialize import serialize


def read(size):
    data = requests.read(size)
    if len(data) != size:
        sys.exit()
    return data


def number():
    return struct.unpack("<Q", read(8))[0]


def blobs():
    return [bytearray(read(number())) for _ in range(number())]


def put(value):
    answers.write(struct.pack("<Q", value))


def put_blob(blob):
    put(memoryview(blob).nbytes)
    answers.write(blob)


def load(format, blobs):
    if format == 0:
        return pickle.loads(blobs[0], buffers=blobs[1:])
    value, rest = serialize.deserialize_object([memoryview(bytes(blob)) for blob in blobs])
    assert not rest, "%d blobs are left" % len(rest)
    return value


def formats(value):
    for protocol in (2, 3, 4, 5):
        yield 0, [pickle.dumps(value, protocol)]
        serialize.PICKLE_PROTOCOL = protocol
        try:
            yield 1, serialize.serialize_object(value)
        except ValueError as error:
            # What ipyparallel itself cannot write, at the top or one below.
            if not any(known in str(error) for known in IPYPARALLEL_CANNOT):
                raise
    buffers = []
    header = pickle.dumps(value, 5, buffer_callback=buffers.append)
    yield 0, [header, *(buffer.raw() for buffer in buffers)]


# Arrays of dates; those of fields with titles, or with a colon in their name.
IPYPARALLEL_CANNOT = ["cannot include dtype", "too many values to unpack", "':' is not an allowed"]


def put_formats(value):
    all = list(formats(value))
    put(len(all))
    for format, blobs in all:
        put(format)
        put(len(blobs))
        for blob in blobs:
            put_blob(blob)


# Objects of its own.

UNITS = ["Y", "M", "W", "D", "h", "m", "s", "ms", "us", "ns", "ps", "fs", "as", "25s"]
CODES = "b1 i1 i2 i4 i8 u1 u2 u4 u8 f2 f4 f8 c8 c16 S U V M8 m8 struct".split()


def a_dtype(r, depth):
    code = r.choice(CODES if depth > 0 else CODES[:-1])
    if code == "struct":
        fields = [a_field(r, index, depth) for index in range(r.randint(1, 4))]
        return numpy.dtype(fields, align=r.random() < 0.5)
    if code in "SUV":
        code += str(r.randint(1, 9))
    elif code in ("M8", "m8"):
        code += r.choice(["", "[%s]" % r.choice(UNITS)])
    return numpy.dtype(r.choice("<>") + code)


def a_field(r, index, depth):
    name = r.choice(["x", "größe", "a b"]) + str(index)
    if r.random() < 0.2:
        name = ("title %d" % index, name)
    shape = r.choice([(), (), (2,), (3, 2)])
    return (name, a_dtype(r, depth - 1), shape)


def fill(r, array):
    """Any bits; but truth values and text are such."""
    dtype = array.dtype
    if dtype.names:
        for name in dtype.names:
            fill(r, array[name])
    elif dtype.kind == "U":
        letters = "aZ äß€𝄞"
        for index in numpy.ndindex(array.shape):
            array[index] = "".join(r.choice(letters) for _ in range(dtype.itemsize // 4))
    elif dtype.kind == "b":
        array[...] = numpy.frombuffer(r.randbytes(array.size), "u1").reshape(array.shape) % 2
    else:
        data = numpy.frombuffer(r.randbytes(array.size * dtype.itemsize), dtype)
        array[...] = data.reshape(array.shape)


def an_array(r):
    shape = tuple(r.choice([0, 1, 2, 3, 7, 40]) for _ in range(r.choice([0, 1, 1, 1, 2, 2, 3])))
    array = numpy.zeros(shape, a_dtype(r, 2))
    fill(r, array)
    change = r.randrange(7)
    if change == 0:
        array = numpy.asfortranarray(array)
    elif change == 1 and shape:
        array = array[::2]
    elif change == 2 and shape:
        array = array[..., ::-1]
    elif change == 3:
        array = array.T
    elif change == 4:
        array = numpy.broadcast_to(array, (3, *shape))
    return array


def an_object_array(r, depth):
    array = numpy.empty(r.choice([(2,), (3, 2)]), object)
    for index in numpy.ndindex(array.shape):
        array[index] = an_object(r, depth - 1)
    return array


def a_scalar(r):
    dtype = a_dtype(r, 1)
    array = numpy.zeros((1,), dtype)
    fill(r, array)
    return array[0]


def a_key(r, kind):
    if kind == 0:
        return "k%d" % r.randrange(1000)
    if kind == 1:
        return r.randrange(-(2 ** r.choice([7, 40, 90])), 1000)
    return (r.randrange(1000), "x" * r.randrange(3))


def an_atom(r):
    kind = r.randrange(12)
    if kind == 0:
        return r.choice([None, True, False, ()])
    if kind in (1, 2):
        return r.randrange(-(2**r.randrange(127)), 2 ** r.randrange(128))
    if kind == 3:
        return r.randrange(2**127, 2 ** r.randrange(128, 2100)) * r.choice([1, -1])
    if kind == 4:
        return r.choice([0.0, -0.0, float("inf"), float("nan"), 1e308, r.random()])
    if kind == 5:
        return complex(r.random(), r.random())
    if kind == 6:
        return "".join(r.choice("aZ \n'ä€𝄞\0") for _ in range(r.choice([0, 3, 300])))
    if kind == 7:
        return r.randbytes(r.choice([0, 3, 300, 2000]))
    if kind == 8:
        return bytearray(r.randbytes(r.choice([0, 3, 2000])))
    if kind == 9:
        day = datetime.datetime(r.randint(1, 9999), r.randint(1, 12), r.randint(1, 28), 23, 59, 1, r.randrange(10**6))
        return r.choice([day, day.date(), day.time(), datetime.timedelta(r.randint(-99, 99), 7, 5)])
    if kind == 10:
        return r.choice([decimal.Decimal("1.50"), range(3, -9, -2)])
    return a_scalar(r)


def an_object(r, depth):
    kind = r.randrange(12 if depth > 0 else 5)
    if kind < 3:
        return an_atom(r)
    if kind < 5:
        return an_array(r)
    count = r.choice([0, 1, 2, 3, 5, 70])
    inner = depth - 1 if count < 6 else 0
    if kind < 7:
        return [an_object(r, inner) for _ in range(count)]
    if kind == 7:
        return tuple(an_object(r, inner) for _ in range(count))
    if kind == 8:
        return r.choice([set, frozenset])(a_key(r, kind) for kind in [r.randrange(3)] for _ in range(count))
    if kind == 9:
        return an_object_array(r, depth)
    keys = r.randrange(3)
    make = dict if kind == 10 else OrderedDict
    return make((a_key(r, keys), an_object(r, inner)) for _ in range(count))


# What is the same. Each exception is a line of the table in the documentation of `Object`.


def packed(dtype):
    """Little-endian, without padding and titles."""
    if dtype.names:
        return numpy.dtype([(name, packed(dtype[name])) for name in dtype.names])
    if dtype.subdtype:
        base, shape = dtype.subdtype
        return numpy.dtype((packed(base), shape))
    return dtype.newbyteorder("<")


def copy_into(source, target):
    if source.dtype.names:
        for name in source.dtype.names:
            copy_into(source[name], target[name])
    else:
        target[...] = source


def differ(old, new, path="value"):
    if isinstance(old, numpy.generic) or type(old) is numpy.ndarray and old.shape == () and old.dtype.char == "D":
        dtype = old.dtype
        if dtype.kind in "biuSU" or dtype.char in "fdD":
            # Scalars of NumPy's that Rust has are those of Python; they are no others.
            old = old.item()
        else:
            old = numpy.asarray(old, dtype)
    if type(old) is bytearray:
        old = bytes(old)
    if isinstance(old, (set, frozenset)):
        if type(new) is not list or len(new) != len(old) or set(new) != old:
            return "%s: not the items of the set: %r" % (path, new)
        return ""
    kind = dict if type(old) is OrderedDict else type(old)
    if type(new) is not kind:
        return "%s: %s became %s" % (path, kind, type(new))
    if kind is numpy.ndarray:
        if new.shape != old.shape:
            return "%s: %r became %r" % (path, old.shape, new.shape)
        if old.dtype == object:
            pairs = zip(old.ravel(), new.ravel())
            return next(filter(None, (differ(*pair, path + ".item") for pair in pairs)), "")
        dtype = packed(old.dtype)
        if new.dtype != dtype or new.dtype.descr != dtype.descr:
            return "%s: %r became %r" % (path, dtype, new.dtype)
        expected = numpy.zeros(old.shape, dtype)
        copy_into(old, expected)
        if new.tobytes() != expected.tobytes():
            return "%s: %r became %r" % (path, old, new)
        return ""
    if kind in (list, tuple):
        if len(new) != len(old):
            return "%s: %d items became %d" % (path, len(old), len(new))
        pairs = enumerate(zip(old, new))
        return next(filter(None, (differ(*pair, "%s[%d]" % (path, index)) for index, pair in pairs)), "")
    if kind is dict:
        if new.keys() != old.keys():
            return "%s: other keys: %r" % (path, new.keys())
        return next(filter(None, (differ(old[key], new[key], "%s[%r]" % (path, key)) for key in old)), "")
    if repr(new) != repr(old) or kind is not float and new != old:
        return "%s: %r became %r" % (path, old, new)
    return ""


requests = sys.stdin.buffer
answers = sys.stdout.buffer
while True:
    request = number()
    if request < 2:
        put_formats(load(request, blobs()))
    elif request == 2:
        made = an_object(random.Random(number()), 3)
        put_formats(made)
    else:
        put_blob(differ(made, load(request - 3, blobs())).encode("utf-8", "surrogatepass"))
    answers.flush()
