"""Writes the objects that tests/read.rs reads: `python make_golden_read.py TARGET`.

Run with NumPy 1.26 and with NumPy 2; needs ipyparallel. A file is one object: its header and its
buffers, each after its length in eight bytes, the lowest first.
"""

import collections
import datetime
import decimal
import fractions
import http
import os
import pickle
import sys
import types
import uuid

import numpy
from ipyparallel.serialize import serialize_object

START = datetime.datetime(2020, 2, 29, 12, 34, 56, 789)


def frame():
    positions = numpy.arange(600, dtype="f8").reshape(200, 3)
    return {
        "step": 7,
        "name": "größe",
        "charge": None,
        "positions": positions,
        "weights": [1, 2.5, True + 1],
        "forces": {"x": numpy.arange(400, dtype="f4"), "y": numpy.zeros(0, "f4")},
        "flags": numpy.arange(5) % 2 == 0,
        "pair": ("a", 2**70),
        "tags": {"b", "a"},
        "z": 1 - 2j,
        "raw": b"\x00\xff",
        "shape": {"Circle": 1.5},
        "kind": "Point",
        "scalar": numpy.float32(0.5),
    }


def dtypes():
    aligned = numpy.dtype([("a", "i1"), ("b", ">f8"), ("s", "S3")], align=True)
    record = numpy.zeros(3, aligned)
    record["a"], record["b"], record["s"] = [1, 2, 3], [0.5, 1.5, 2.5], [b"x", b"yz", b"abc"]
    nested = numpy.zeros(2, [("p", [("x", "<f4"), ("y", ">i2", (2,))]), ("m", "<M8[ms]")])
    nested["p"]["x"], nested["p"]["y"], nested["m"] = [1, 2], [[1, 2], [3, 4]], [0, "NaT"]
    order = numpy.arange(24, dtype=">i4").reshape(2, 3, 4)
    return {
        "big": numpy.arange(300, dtype=">f8"),
        "bytes": numpy.array([b"He", b"Xe", b""], "S3"),
        "text": numpy.array(["Köln", "Bonn"], "U5"),
        "big_text": numpy.array(["Köln", "Bonn"], ">U5"),
        "chars": numpy.array(["a", "ß"], "U1"),
        "void": numpy.array([b"abc", b"defg"], "V4"),
        "dates": numpy.array(["2020-02-29T12:34:56.789", "NaT"], "M8[ms]"),
        "days": numpy.array(["1969-12-31"], ">M8[D]"),
        "spans": numpy.array([90, -1], "m8[s]"),
        "half": numpy.array([0.5, -2], "f2"),
        "long": numpy.array([0.1, -3], "f16"),
        "complex": numpy.array([1 + 2j], "c8"),
        "big_complex": numpy.array([1 + 2j], ">c16"),
        "long_complex": numpy.array([1 + 2j], "c32"),
        "bools": numpy.array([True, False]),
        "ints": numpy.array([-1, 2], "i2"),
        "aligned": record,
        "nested": nested,
        "fortran": numpy.asfortranarray(numpy.arange(6, dtype="f8").reshape(2, 3)),
        "permuted": order.transpose(2, 0, 1),
        "reversed": numpy.arange(5, dtype="u1")[::-1],
        "strided": numpy.arange(10, dtype="u2")[1::3],
        "broadcast": numpy.broadcast_to(numpy.arange(3, dtype="u1"), (2, 3)),
        "scalar": numpy.array(1.5),
        "empty": numpy.zeros((0, 5)),
        "objects": numpy.array([["a", 1], [None, 2.5]], object),
    }


def objects():
    return {
        "date": START.date(),
        "datetime": START,
        "utc": START.replace(tzinfo=datetime.timezone.utc),
        "time": START.time(),
        "span": datetime.timedelta(1, 2, 3),
        "decimal": decimal.Decimal("1.50"),
        "fraction": fractions.Fraction(1, 3),
        "uuid": uuid.UUID(int=5),
        "range": range(1, 10, 3),
        "ordered": collections.OrderedDict(b=1, a=2),
        "default": collections.defaultdict(list, {1: [2]}),
        "status": http.HTTPStatus.OK,
        "namespace": types.SimpleNamespace(a=1, b=[2.5]),
        "surrogate": "a\ud800",
        "huge": -(2**200),
        "function": len,
        "frozen": frozenset([1]),
        "bytearray": bytearray(b"ab"),
        "dtype": numpy.dtype("M8[25s]"),
        "masked": numpy.ma.array([1.0, 2.0], mask=[False, True], fill_value=-1),
        "record": numpy.rec.array([(1, 2.5)], dtype=[("a", "<i4"), ("b", "<f8")]),
        "matrix": numpy.matrix([[1, 2]], "u1"),
        "numpy_text": numpy.str_("ä"),
        "numpy_bytes": numpy.bytes_(b"ab"),
        "numpy_date": numpy.datetime64("2020-02-29", "D"),
        "numpy_half": numpy.float16(1.5),
    }


def shared():
    array = numpy.arange(300.0)
    return [array, array, array[::2]]


def write(target, name, header, buffers):
    with open(os.path.join(target, name), "wb") as file:
        for blob in [header, *buffers]:
            file.write(memoryview(blob).nbytes.to_bytes(8, "little"))
            file.write(blob)


def main(target):
    numpy_version = "np" + numpy.__version__.split(".")[0]
    for make in [frame, dtypes, objects, shared]:
        name = f"{make.__name__}.{numpy_version}"
        for protocol in [2, 3, 4, 5]:
            write(target, f"{name}.p{protocol}", pickle.dumps(make(), protocol), [])
        buffers = []
        header = pickle.dumps(make(), 5, buffer_callback=buffers.append)
        write(target, f"{name}.oob", header, [buffer.raw() for buffer in buffers])
        value = make()
        if make is dtypes:
            # ipyparallel refuses to write them, or their padding.
            for key in ["dates", "days", "spans", "nested"]:
                del value[key]
        header, *buffers = serialize_object(value)
        write(target, f"{name}.ipp", header, buffers)


if __name__ == "__main__":
    main(sys.argv[1])
