"""What ipyparallel writes for the values of its own tests that only Python has.

Writes a folder a case: `header.pickle`, `buf0.bin`... Run it where `ipyparallel` is installed:

    python make_ports.py ../ports
"""

import functools
import pathlib
import sys
from collections import namedtuple

from ipyparallel import interactive
from ipyparallel.serialize import serialize_object

point = namedtuple("point", "x y")


def function(plain):
    """Without the path of the file that this stands in."""
    plain.__code__ = plain.__code__.replace(co_filename="ports.py")
    return plain


def closure():
    letter = "i"

    def captured():
        return letter

    return captured


def keywords(a, *, b=3):
    return a * b


def annotated(a: int):
    return a


def scaled(x, y, z):
    return x * y * z


@interactive
class Base:
    a = 5


@interactive
class Derived(Base):
    b = 10


CASES = {
    "nested_dict": {"a": range(5), "b": {1: b"hello"}},
    "nested_list": [range(5), [range(3), (1, [b"whoda"])]],
    "memoryview": memoryview(b"asdf" * 1025),
    "buffered_bytes": {"a": b"x" * 1025},
    "namedtuple": point(1, 2),
    "tuple_of_function": (function(lambda x: x), 1),
    "list_of_function": [function(lambda x: x), 1],
    "class": {"C": Base},
    "class_inheritance": {"D": Derived},
    "closure": function(closure()),
    "keyword_only": function(keywords),
    "annotations": function(annotated),
    "partial": functools.partial(function(scaled), 2, y=5),
    "partial_with_buffers": functools.partial(
        function(scaled), 5, b"x" * 2000, z=memoryview(b"y" * 3000)
    ),
}


def main(target):
    for name, value in CASES.items():
        folder = pathlib.Path(target, name)
        folder.mkdir(parents=True, exist_ok=True)
        header, *buffers = serialize_object(value)
        (folder / "header.pickle").write_bytes(header)
        for number, buffer in enumerate(buffers):
            (folder / f"buf{number}.bin").write_bytes(buffer)


if __name__ == "__main__":
    main(*sys.argv[1:])
