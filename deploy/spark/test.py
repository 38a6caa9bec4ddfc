#!/usr/bin/env python3
"""Runs fleet.py on a local cluster of two executors, kills one of them in the middle, and compares.

    test.py APIBLAME ARCHIVES [TASKS]

Needs pyspark, Java 17 and Linux. Ends with 0 if the report is, byte for byte, that of one process, and if an
executor was really lost while it worked.
"""

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time

import pyspark

HERE = os.path.dirname(os.path.abspath(__file__))

# What reads archives takes a second longer, so that there is a middle also with small ones.
SLOW = """#!/bin/sh
case "$*" in *--paths-from*) sleep 1 ;; esac
exec "{program}" "$@"
"""


def below(process):
    """Processes below one, with their command lines, by the table of processes."""
    children, command = {}, {}
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{entry}/stat", encoding="utf-8") as file:
                children.setdefault(int(file.read().rsplit(")", 1)[1].split()[1]), []).append(int(entry))
            with open(f"/proc/{entry}/cmdline", encoding="utf-8", errors="replace") as file:
                command[int(entry)] = file.read()
        except OSError:
            pass
    found, left = {}, [process]
    while left:
        for child in children.get(left.pop(), []):
            left.append(child)
            found[child] = command.get(child, "")
    return found


def kill_one(driver, program, killed):
    """Kills the first executor that is seen at work once both are there."""
    while driver.poll() is None:
        executors = [pid for pid, command in below(driver.pid).items() if "CoarseGrainedExecutorBackend" in command]
        busy = [pid for pid in executors if any(program in command for command in below(pid).values())]
        if len(executors) >= 2 and busy:
            os.kill(busy[0], signal.SIGKILL)
            killed.append(busy[0])
            return
        time.sleep(0.1)


def main():
    program, archives = (os.path.abspath(path) for path in sys.argv[1:3])
    tasks = sys.argv[3] if len(sys.argv) > 3 else "12"
    home = os.path.dirname(pyspark.__file__)
    with tempfile.TemporaryDirectory() as out:
        slow = os.path.join(out, "apiblame-slow")
        with open(slow, "w", encoding="utf-8") as file:
            file.write(SLOW.format(program=program))
        os.chmod(slow, 0o755)
        paths = sorted(os.path.join(at, name) for at, _, names in os.walk(archives) for name in names)
        start = time.time()
        one = subprocess.run([program, "fleet", "-0", "--paths-from", "-", "-o", "json"],
                             input="\0".join(paths).encode(), capture_output=True, check=False)
        alone = time.time() - start
        command = [os.path.join(home, "bin", "spark-submit"), "--master", "local-cluster[2,1,1024]",
                   "--conf", "spark.executor.memory=512m", "--conf", "spark.ui.enabled=false",
                   "--conf", "spark.task.maxFailures=8",
                   os.path.join(HERE, "fleet.py"), "--apiblame", slow, "--archives", archives, "--out", out,
                   "--tasks", tasks]
        environment = dict(os.environ, SPARK_HOME=home, PYSPARK_PYTHON=sys.executable, SPARK_LOCAL_IP="127.0.0.1")
        killed = []
        start = time.time()
        with open(os.path.join(out, "spark.log"), "wb+") as log:
            driver = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=out)
            watcher = threading.Thread(target=kill_one, args=(driver, slow, killed))
            watcher.start()
            status = driver.wait()
            watcher.join()
            log.seek(0)
            said = log.read().decode(errors="replace")
        took = time.time() - start
        report = os.path.join(out, "fleet.json")
        many = open(report, "rb").read() if os.path.exists(report) else b""
        events = os.path.isdir(os.path.join(out, "events.parquet"))
    lost = any(word in said for word in ("Lost executor", "ExecutorLostFailure", "Lost task"))
    same = bool(many) and many == one.stdout
    print(f"{len(paths)} archives in {tasks} tasks: one process {alone:.1f} s, Spark {took:.1f} s (each task a second "
          f"slower); executors killed: {len(killed)}; Spark lost one: {lost}; the same report: {same}")
    if status != 0 or not killed or not lost or not same or not events:
        sys.exit(said[-6000:])


if __name__ == "__main__":
    main()
