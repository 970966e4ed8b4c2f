"""Microseconds per log of ten numbers, and points per second to disk, of other trackers, offline.

pip install tensorboard==2.21.0 wandb==0.30.0 mlflow; those that are not installed are left out.
"""

import math
import os
import tempfile
import time

SERIES = 10
STEPS = 20_000


def values(step):
    return {f"metric {i}": math.sin(step / (i + 1)) for i in range(SERIES)}


def measure(name, log, finish, steps=STEPS):
    start = time.perf_counter()
    times = []
    for step in range(steps):
        logged = values(step)
        before = time.perf_counter()
        log(logged, step)
        times.append(time.perf_counter() - before)
    finish()
    seconds = time.perf_counter() - start
    times.sort()
    print(
        f"{name:12} mean {1e6 * sum(times) / steps:8.1f} µs, median {1e6 * times[steps // 2]:8.1f},"
        f" longest {1e6 * times[-1]:10.0f}; {steps * SERIES / seconds:10.0f} points/s"
    )


os.chdir(tempfile.mkdtemp())
try:
    from tensorboard.compat.proto.event_pb2 import Event
    from tensorboard.compat.proto.summary_pb2 import Summary
    from tensorboard.summary.writer.event_file_writer import EventFileWriter

    writer = EventFileWriter("logs")

    def log(logged, step):
        for tag, value in logged.items():
            summary = Summary(value=[Summary.Value(tag=tag, simple_value=value)])
            writer.add_event(Event(wall_time=time.time(), step=step, summary=summary))

    measure("tensorboard", log, writer.close)
except ImportError as error:
    print("tensorboard left out:", error)
try:
    import wandb

    run = wandb.init(project="bench", mode="offline", settings=wandb.Settings(silent=True))
    measure("wandb", lambda logged, step: run.log(logged, step=step), run.finish)
except ImportError as error:
    print("wandb left out:", error)
try:
    import mlflow

    mlflow.set_tracking_uri("sqlite:///mlflow.db")
    mlflow.start_run()
    measure("mlflow", lambda logged, step: mlflow.log_metrics(logged, step=step), mlflow.end_run, 200)
except ImportError as error:
    print("mlflow left out:", error)
