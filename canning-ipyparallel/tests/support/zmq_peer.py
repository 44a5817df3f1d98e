"""Sockets of libzmq that a test talks to.

Usage: zmq_peer.py TYPE [plain | impatient]

Prints the port. ROUTER and DEALER send back what they get, with a first frame in front that tells
what a ROUTER knows the other side by. They ping every 50 ms; one that is impatient hangs up after
2 s without an answer. PUB publishes `news`, and a frame of the number of it, for ever.
"""

import os
import sys
import threading
import time

import zmq


def main(kind):
    context = zmq.Context()
    socket = context.socket(getattr(zmq, kind))
    # A ROUTER drops what is beyond.
    socket.set_hwm(0)
    socket.setsockopt(zmq.HEARTBEAT_IVL, 50)
    socket.setsockopt(zmq.HEARTBEAT_TIMEOUT, 2000 if "impatient" in sys.argv else 60_000)
    if "plain" in sys.argv:
        socket.plain_server = True
    port = socket.bind_to_random_port("tcp://127.0.0.1")
    print(port, flush=True)
    number = 0
    while kind == "PUB":
        socket.send_multipart([b"news", str(number).encode()])
        number += 1
        time.sleep(0.001)
    while True:
        frames = socket.recv_multipart(copy=False)
        if kind == "ROUTER":
            identity, *rest = frames
            socket.send_multipart([identity, identity, *rest], copy=False)
        else:
            socket.send_multipart(frames, copy=False)


def end_with_test():
    sys.stdin.read()
    os._exit(0)


threading.Thread(target=end_with_test, daemon=True).start()
main(sys.argv[1])
