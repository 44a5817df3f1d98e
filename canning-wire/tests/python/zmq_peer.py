"""Sockets of libzmq that a test talks to, and NumPy to look at what comes.

Usage: zmq_peer.py echo           prints the ports of a PULL and a PUSH, sends back what it gets
       zmq_peer.py ask ENDPOINT   a DEALER and a REQ that ask a ROUTER
       zmq_peer.py hear ENDPOINT  a SUB

Ends well where everything is as it should be.
"""

import sys

import numpy as np
import zmq

# An integer, 24, as docs/wire-format.md writes it.
NUMBER = bytes.fromhex("d9d9f7 89 01 00 02 80 80 80 1818 40 40")

# The header of four floats in a buffer, from there too.
FLOATS = bytes.fromhex("d9d9f7 89 01 00 04 81 82182000 81 633c6638 80 83040004 40 40")


def check(parts):
    """Looks at an object of three arrays."""
    header, floats, numbers, octets = (part.buffer for part in parts)
    assert bytes(header[:3]) == bytes.fromhex("d9d9f7"), bytes(header)
    assert [len(part) for part in (floats, numbers, octets)] == [800_000, 6000, 1025]
    np.testing.assert_array_equal(np.frombuffer(floats, "<f8"), np.arange(100_000))
    np.testing.assert_array_equal(np.frombuffer(numbers, "<u2"), np.arange(3000))
    np.testing.assert_array_equal(np.frombuffer(octets, "u1"), 7)


def socket(kind):
    made = zmq.Context.instance().socket(kind)
    # What does not come is an error, and what cannot be sent is dropped.
    made.setsockopt(zmq.RCVTIMEO, 300_000)
    made.setsockopt(zmq.LINGER, 300_000)
    return made


def echo():
    pull, push = socket(zmq.PULL), socket(zmq.PUSH)
    ports = [made.bind_to_random_port("tcp://127.0.0.1") for made in (pull, push)]
    print(*ports, flush=True)
    for _ in range(20):
        parts = pull.recv_multipart(copy=False)
        check(parts)
        push.send_multipart(parts, copy=False)
    for made in (pull, push):
        made.close()


def ask(endpoint):
    for kind in (zmq.DEALER, zmq.REQ):
        asking = socket(kind)
        asking.connect(endpoint)
        for question in ([NUMBER], [FLOATS, np.arange(4.0)], [NUMBER, FLOATS, np.arange(4.0)]):
            asking.send_multipart(question)
            check(asking.recv_multipart(copy=False))
        asking.close()


def hear(endpoint):
    hearing = socket(zmq.SUB)
    hearing.connect(endpoint)
    hearing.subscribe(b"news")
    for _ in range(5):
        topic, *parts = hearing.recv_multipart(copy=False)
        assert topic.bytes == b"news of Python", topic.bytes
        check(parts)
    hearing.close()


{"echo": echo, "ask": ask, "hear": hear}[sys.argv[1]](*sys.argv[2:])
