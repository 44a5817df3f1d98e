"""Python's half of the benchmarks.

Reads lines `CASE TIMES` from standard input, runs the case so often, and answers with a line:
the nanoseconds that it took in all. A first run of each case is checked.
"""

import gc
import pickle
import sys
import time

import numpy
from ipyparallel.serialize import deserialize_object, serialize_object

MIB = 1 << 20


def arrays(count, size):
    return [numpy.arange(size, dtype="<f8") for _ in range(count)]


def contiguous():
    return numpy.arange(64 * MIB // 8, dtype="<f8")


def strided():
    return numpy.arange(2 * 64 * MIB // 8, dtype="<f8").reshape(4096, -1)[:, ::2]


def dict_of_arrays():
    return {f"array{number:02}": array for number, array in enumerate(arrays(50, 10**6 // 8))}


def small_arrays():
    return arrays(1000, 10)


VALUES = {
    "contiguous": contiguous,
    "strided": strided,
    "dict": dict_of_arrays,
    "small": small_arrays,
}


def dumps(value):
    buffers = []
    header = pickle.dumps(value, protocol=5, buffer_callback=buffers.append)
    return [header, *(buffer.raw() for buffer in buffers)]


def loads(blobs):
    header, *buffers = blobs
    return pickle.loads(header, buffers=buffers)


FORMATS = {
    "serialize_object": (serialize_object, lambda blobs: deserialize_object(blobs)[0]),
    "pickle5": (dumps, loads),
}


def send(blobs, stream):
    at = 0
    for blob in blobs:
        blob = memoryview(blob).cast("B")
        stream[at : at + len(blob)] = blob
        at += len(blob)


def received(blobs):
    """As they come from a socket: bytes of their own."""
    return [bytes(blob) for blob in blobs]


def assert_equal(left, right):
    if isinstance(left, dict):
        assert left.keys() == right.keys()
        left, right = list(left.values()), [right[key] for key in left]
    if isinstance(left, list):
        assert len(left) == len(right)
        for pair in zip(left, right):
            numpy.testing.assert_array_equal(*pair)
    else:
        numpy.testing.assert_array_equal(left, right)


class Formats:
    """`write/FORMAT/VALUE`, `send/FORMAT/VALUE` and `read/FORMAT/VALUE`."""

    def __init__(self):
        self.prepared = {}

    def run(self, case):
        if case not in self.prepared:
            self.prepared[case] = self.prepare(case)
        self.prepared[case]()

    def close(self):
        self.prepared.clear()

    def prepare(self, case):
        direction, format, name = case.split("/")
        value = VALUES[name]()
        write, read = FORMATS[format]
        blobs = received(write(value))
        assert_equal(value, read(blobs))
        if direction == "write":
            return lambda: write(value)
        if direction == "send":
            # As a socket does, whose memory is warm.
            stream = memoryview(bytearray(b"\1" * sum(map(len, blobs))))
            return lambda: send(write(value), stream)
        return lambda: read(blobs)


class Cluster:
    """`push` and `pull` of 64 MiB, to and from the one engine of a cluster that it starts."""

    def __init__(self):
        import ipyparallel

        self.cluster = ipyparallel.Cluster(n=1, log_level=40)
        self.view = self.cluster.start_and_connect_sync(activate=False)[0]
        self.value = contiguous()
        self.view.push({"pulled": self.value}, block=True)
        assert_equal(self.value, self.view.pull("pulled", block=True))
        answer(self.cluster.controller.connection_files["client"])

    def run(self, case):
        if case == "push":
            self.view.push({"pushed": self.value}, block=True)
        elif case == "pull":
            self.view.pull("pulled", block=True)
        else:
            raise ValueError(case)

    def close(self):
        self.cluster.stop_cluster_sync()


def answer(text):
    print(text, file=answers, flush=True)


def main():
    cases = Cluster() if sys.argv[1:] == ["cluster"] else Formats()
    # As `timeit` does: a collection would hit whoever is measured then.
    gc.disable()
    try:
        for line in sys.stdin:
            case, times = line.split()
            start = time.perf_counter_ns()
            for _ in range(int(times)):
                cases.run(case)
            answer(time.perf_counter_ns() - start)
    finally:
        cases.close()


# What libraries print goes to standard error.
answers = sys.stdout
sys.stdout = sys.stderr
main()
