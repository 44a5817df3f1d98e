"""A cluster on the loopback interface that ends with whoever started it.

Usage: cluster.py DIRECTORY ENGINES [-- COMMAND...]

Without a command, some are read from standard input: `kill N` kills the process of engine N, `stop`
stops the controller. At the end of the input, or of the command, everything is killed, and the
directory removed. The command finds the path of the connection file in CANNING_CLUSTER.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time

SECONDS = 120


def main():
    directory, count = sys.argv[1], int(sys.argv[2])
    env = dict(os.environ, IPYTHONDIR=directory, OPENBLAS_NUM_THREADS="1", PYTHONWARNINGS="ignore")
    # Killed like this, `finally` is run.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    processes = []

    def start(module, *args):
        log = open(os.path.join(directory, f"{module}-{len(processes)}.log"), "wb")
        command = [sys.executable, "-m", module, *args]
        # A group of their own: an engine has a process that watches it.
        process = subprocess.Popen(
            command, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
        processes.append(process)
        return process

    try:
        os.makedirs(directory, exist_ok=True)
        controller = start(
            "ipyparallel.controller",
            "--ip=127.0.0.1",
            "--location=127.0.0.1",
            # Engines are there after a beat or two of this many milliseconds.
            "--HeartMonitor.period=1000",
        )
        security = os.path.join(directory, "profile_default", "security")
        files = [os.path.join(security, f"ipcontroller-{who}.json") for who in ("client", "engine")]
        end = time.monotonic() + SECONDS
        while not all(map(os.path.exists, files)):
            if controller.poll() is not None or time.monotonic() > end:
                print("failed: the controller did not start", flush=True)
                print_logs(directory)
                return
            time.sleep(0.05)
        # They are there before all of them is written.
        while not all(map(is_whole, files)) and time.monotonic() < end:
            time.sleep(0.05)
        engines = [start("ipyparallel.engine", f"--IPEngine.id={i}") for i in range(count)]
        if len(sys.argv) > 4:
            command = subprocess.run(sys.argv[4:], env=dict(os.environ, CANNING_CLUSTER=files[0]))
            sys.exit(command.returncode)
        print(f"ready {files[0]}", flush=True)
        for line in sys.stdin:
            command, *args = line.split()
            if command == "kill":
                os.kill(engines[int(args[0])].pid, signal.SIGKILL)
            elif command == "stop":
                kill(controller)
            print("done", flush=True)
    finally:
        for process in processes:
            kill(process)
        shutil.rmtree(directory, ignore_errors=True)


def is_whole(path):
    try:
        with open(path) as file:
            json.load(file)
        return True
    except ValueError:
        return False


def kill(process):
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


def print_logs(directory):
    for name in sorted(os.listdir(directory)):
        if name.endswith(".log"):
            with open(os.path.join(directory, name), errors="replace") as log:
                print(f"{name}:\n{log.read()}", flush=True)


main()
