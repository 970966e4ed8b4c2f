"""Writes tests/golden/wandb: a run that wandb records offline.

pip install wandb==0.30.0, then python3 scripts/golden/wandb_offline.py
"""

import pathlib
import shutil
import tempfile

import wandb

place = tempfile.mkdtemp()
settings = wandb.Settings(
    silent=True,
    console="off",
    host="golden",
    username="golden",
    x_disable_stats=True,
    x_disable_meta=True,
    x_disable_machine_info=True,
    disable_git=True,
    save_code=False,
)
run = wandb.init(
    project="golden",
    name="of wandb",
    mode="offline",
    id="golden",
    dir=place,
    group="folds",
    job_type="train",
    tags=["old"],
    notes="made offline",
    config={"lr": 0.1, "layers": [1, 2], "deep": {"er": True}},
    settings=settings,
)
for step in range(100):
    odd = float("nan") if step == 3 else float("inf")
    run.log({"loss": 1 / (step + 1), "val": {"f1": step / 100}, "odd": odd})
run.log({"text": "hello"}, step=400)
run.config.update({"late": 3})
run.summary["best"] = 0.5
run.finish()
# wandb's own process writes the end after this returns.
wandb.teardown()

(written,) = pathlib.Path(place).glob("wandb/offline-run-*/run-*.wandb")
folder = pathlib.Path(__file__).parents[2] / "tests/golden/wandb/offline-run-golden"
folder.mkdir(parents=True, exist_ok=True)
shutil.copy(written, folder / "run-golden.wandb")
