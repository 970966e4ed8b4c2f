"""Writes tests/golden/arrow-*.arrow: one small table as pyarrow packs it.

    pip install pyarrow==25.0.1
    python scripts/golden/compressed_arrow.py
"""

from pathlib import Path

import pyarrow as pa
from pyarrow import ipc

folder = Path(__file__).parents[2] / "tests" / "golden"
rows = 300
texts = [None if i % 50 == 7 else f"Text {i}: naïve café, 日本 😀, " + "again and again " * (i % 4) for i in range(rows)]
labels = pa.array(["pos" if i % 3 == 0 else "neg" for i in range(rows)]).dictionary_encode()
table = pa.table({"text": pa.array(texts), "label": labels, "stars": pa.array([i % 5 for i in range(rows)], pa.int8())})

for codec in ["zstd", "lz4"]:
    options = ipc.IpcWriteOptions(compression=codec)
    with ipc.new_file(str(folder / f"arrow-{codec}.arrow"), table.schema, options=options) as writer:
        # Two batches, the second too short for its columns to be worth packing.
        writer.write_table(table.slice(0, rows - 1))
        writer.write_table(table.slice(rows - 1))
