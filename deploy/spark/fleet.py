#!/usr/bin/env python3
"""Runs apiblame over a folder of archives with Apache Spark.

    spark-submit fleet.py --archives DIR --out DIR [--apiblame PROGRAM] [--tasks N]

Each task gives its share of the paths to one apiblame process, which answers with one line per archive
(`apiblame --paths-from - -o partial`). Partials are put together by `apiblame merge`, first within each
partition, then by treeReduce. That is associative, commutative and idempotent, so that a task that Spark runs
twice, because its executor was lost or was slow, changes nothing. Two things come out:

    DIR/fleet.json            the report of `apiblame fleet -o json`
    DIR/events.parquet        the events table, written by Spark

apiblame and the archives must be there on every executor, under the same path: in the image, on a shared volume,
or sent along with --files.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import zlib

from pyspark.sql import SparkSession

# 0: done; 3: done, but something could not be read, which stands in the partial.
GOOD = (0, 3)

EVENTS = """archive STRING, content STRING, openshift_version STRING, openshift_minor STRING,
    kubernetes_version STRING, gathered_at TIMESTAMP, incident STRING, cause STRING, confidence STRING,
    apiservice STRING, group_version STRING, reason STRING, owner STRING, owner_version STRING, backend STRING,
    verb STRING, path STRING, status INT, error STRING, count BIGINT, failures BIGINT, outages BIGINT,
    first_seen TIMESTAMP, last_seen TIMESTAMP, victims ARRAY<STRING>, fatal_victims ARRAY<STRING>"""


def apiblame(program, args, given):
    """Runs the program; what it is given on standard input, and what it prints, are bytes."""
    done = subprocess.run([program, *args], input=given, capture_output=True, check=False)
    if done.returncode not in GOOD:
        raise RuntimeError(f"apiblame {' '.join(args)} ended with {done.returncode}: {done.stderr.decode()[-2000:]}")
    return done.stdout


def read(program, threads):
    """Partials of a partition of paths, as one compressed text; nothing for an empty one."""

    def task(paths):
        paths = list(paths)
        if paths:
            args = ["-0", "--paths-from", "-", "-o", "partial", "--threads", str(threads)]
            yield zlib.compress(apiblame(program, args, b"\0".join(os.fsencode(path) for path in paths)), 1)

    return task


def merge(program):
    """Two texts of partials become one."""

    def two(one, other):
        with tempfile.TemporaryDirectory() as folder:
            names = []
            for index, text in enumerate((one, other)):
                names.append(os.path.join(folder, f"{index}.partial"))
                with open(names[-1], "wb") as file:
                    file.write(zlib.decompress(text))
            return zlib.compress(apiblame(program, ["merge", "-o", "partial", *names], None), 1)

    return two


def archives(folder):
    """All files below a folder, in an order that does not depend on the file system."""
    found = [os.path.join(at, name) for at, _, names in os.walk(folder) for name in names]
    return sorted(found)


def main():
    parser = argparse.ArgumentParser(description="Runs apiblame over a folder of archives with Apache Spark.")
    parser.add_argument("--archives", required=True, help="a folder of archives, the same on every executor")
    parser.add_argument("--out", required=True, help="a folder for the results")
    parser.add_argument("--apiblame", default="apiblame", help="the program, the same on every executor")
    parser.add_argument("--tasks", type=int, default=0, help="partitions; by default four for each core")
    parser.add_argument("--threads", type=int, default=1, help="threads of each apiblame: the cores of a task")
    args = parser.parse_args()

    spark = SparkSession.builder.appName("apiblame fleet").getOrCreate()
    context = spark.sparkContext
    paths = archives(args.archives)
    if not paths:
        sys.exit(f"{args.archives}: no archives in it")
    tasks = args.tasks or min(len(paths), 4 * context.defaultParallelism)
    partials = context.parallelize(paths, tasks).mapPartitions(read(args.apiblame, args.threads))
    text = zlib.decompress(partials.treeReduce(merge(args.apiblame)))

    os.makedirs(args.out, exist_ok=True)
    for form, name in (("json", "fleet.json"), ("html", "fleet.html"), ("ndjson", "events.ndjson")):
        with open(os.path.join(args.out, name), "wb") as file:
            file.write(apiblame(args.apiblame, ["fleet", "-o", form, "-"], text))
    table = spark.read.schema(EVENTS).json("file://" + os.path.abspath(os.path.join(args.out, "events.ndjson")))
    table.coalesce(1).write.mode("overwrite").parquet("file://" + os.path.abspath(os.path.join(args.out, "events.parquet")))
    print(f"apiblame: {len(paths)} paths in {tasks} tasks, {table.count()} events", file=sys.stderr)
    spark.stop()


if __name__ == "__main__":
    main()
