"""Writes tests/golden/event-files: five scalars by TensorBoard's own writer, as PyTorch writes them (simple_value) and
as TensorFlow 2 does (a tensor of one). pip install tensorboard==2.21.0

With a folder as argument it prints instead what TensorBoard reads from the event files there, which Textune wrote.
"""

import glob
import os
import shutil
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.compat.proto.tensor_pb2 import TensorProto
from tensorboard.compat.proto.types_pb2 import DT_FLOAT
from tensorboard.summary.writer.event_file_writer import EventFileWriter

if len(sys.argv) > 1:
    for path in sorted(glob.glob(os.path.join(sys.argv[1], "**", "*tfevents*"), recursive=True)):
        accumulator = EventAccumulator(path, size_guidance={"scalars": 0}).Reload()
        for tag in accumulator.Tags()["scalars"]:
            points = accumulator.Scalars(tag)
            print(tag, len(points), points[0].step, points[0].value, points[-1].step, points[-1].value)
    sys.exit()

root = os.path.join(os.path.dirname(__file__), "..", "..", "tests", "golden", "event-files")
shutil.rmtree(root, ignore_errors=True)
for kind in ("scalars", "tensors"):
    folder = os.path.join(root, kind)
    writer = EventFileWriter(folder)
    for i in range(5):
        number = 1 / (i + 1)
        if kind == "scalars":
            value = Summary.Value(tag="train/loss", simple_value=number)
        else:
            value = Summary.Value(tag="train/loss", tensor=TensorProto(dtype=DT_FLOAT, float_val=[number]))
        writer.add_event(Event(wall_time=1_700_000_000 + i, step=10 * i, summary=Summary(value=[value])))
    writer.close()
    (made,) = os.listdir(folder)
    # The machine that made it is nobody's matter.
    os.rename(os.path.join(folder, made), os.path.join(folder, "events.out.tfevents.1700000000.golden"))
