"""Reads and splits a CSV file with pandas and with Hugging Face datasets, each in a process of its own."""
import resource
import subprocess
import sys
import time


def with_pandas(path):
    import pandas
    frame = pandas.read_csv(path)
    shuffled = frame.groupby("target", group_keys=False).sample(frac=1, random_state=42)
    count = len(frame) // 10
    return f"{len(shuffled) - 2 * count} rows to train on (pandas {pandas.__version__})"


def with_datasets(path):
    import datasets
    whole = datasets.load_dataset("csv", data_files=path, split="train", cache_dir=path + ".cache")
    whole = whole.class_encode_column("target")
    parts = whole.train_test_split(test_size=0.2, seed=42, stratify_by_column="target")
    return f"{len(parts['train'])} rows to train on (datasets {datasets.__version__})"


tasks = {"pandas": with_pandas, "datasets": with_datasets}

if len(sys.argv) == 3:
    started = time.perf_counter()
    try:
        result = tasks[sys.argv[2]](sys.argv[1])
    except ImportError as error:
        print(f"{sys.argv[2]:24} not installed ({error})")
    else:
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
        print(f"{sys.argv[2]:24} {time.perf_counter() - started:7.1f} s {memory:6.0f} MB   {result}")
else:
    for name in tasks:
        subprocess.run([sys.executable, __file__, sys.argv[1], name], check=True)
