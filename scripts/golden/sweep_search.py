"""What W&B's own sweep engine and Optuna say: tests/golden/sweep-search.json.

pip install optuna==5.0.0 scikit-learn==1.9.1 scipy jsonschema jsonref pyyaml pydantic
Run with the sources of github.com/wandb/sweeps at b1dfc5f:
  PYTHONPATH=sweeps/src python3 scripts/golden/sweep_search.py
"""

import json
import pathlib
import random
import warnings

import numpy
import optuna
from sweeps.hyperband_stopping import hyperband_stop_runs
from sweeps.params import HyperParameter
from sweeps.run import RunState, SweepRun

warnings.simplefilter("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)

AT = [0.001, 0.03, 0.101, 0.257, 0.503, 0.511, 0.707, 0.901, 0.99, 0.9999]
PARAMETERS = [
    {"value": 7},
    {"values": ["a", "b", "c"]},
    {"values": ["a", "b", "c"], "probabilities": [0.2, 0.5, 0.3]},
    {"min": 2, "max": 9},
    {"min": 0.5, "max": 3.5},
    {"distribution": "q_uniform", "min": 0.1, "max": 1.0, "q": 0.1},
    {"distribution": "log_uniform", "min": -11.5, "max": -6.9},
    {"distribution": "log_uniform_values", "min": 1e-5, "max": 1e-3},
    {"distribution": "q_log_uniform", "min": 0.0, "max": 5.0, "q": 4},
    {"distribution": "q_log_uniform_values", "min": 8.0, "max": 256.0, "q": 8},
    {"distribution": "inv_log_uniform", "min": 2.0, "max": 9.0},
    {"distribution": "inv_log_uniform_values", "min": 1e-4, "max": 0.5},
    {"distribution": "normal", "mu": 3.0, "sigma": 2.0},
    {"distribution": "q_normal", "mu": 3.0, "sigma": 2.0, "q": 0.5},
    {"distribution": "log_normal", "mu": -1.0, "sigma": 0.7},
    {"distribution": "q_log_normal", "mu": 2.0, "sigma": 0.7, "q": 2},
    {"distribution": "beta", "a": 2.0, "b": 5.0},
    {"distribution": "beta", "a": 0.5, "b": 0.5},
    {"distribution": "q_beta", "a": 2.0, "b": 5.0, "q": 0.05},
]


def plain(value):
    return value.item() if isinstance(value, numpy.generic) else value


quantiles = []
for given in PARAMETERS:
    parameter = HyperParameter("p", given)
    values = [given["value"]] * len(AT) if "value" in given else [plain(parameter.ppf(u)) for u in AT]
    quantiles.append({"parameter": given, "values": values})

draw = random.Random(0)
stops = []
for rule in [
    {"type": "hyperband", "min_iter": 2, "eta": 2},
    {"type": "hyperband", "min_iter": 2, "eta": 2, "strict": False},
    {"type": "hyperband", "min_iter": 1, "strict": True},
    {"type": "hyperband", "max_iter": 27, "s": 2, "eta": 3, "strict": False},
    {"type": "hyperband", "max_iter": 9, "s": 3, "eta": 2, "strict": True},
]:
    for goal in ["minimize", "maximize"]:
        trials = []
        for _ in range(12):
            values = [round(draw.random() + 1 / (1 + i), 3) for i in range(draw.randrange(0, 14))]
            trials.append({"values": values, "running": draw.random() < 0.7})
        runs = [
            SweepRun(
                name=str(i),
                state=RunState.running if one["running"] else RunState.finished,
                history=[{"m": value} for value in one["values"]],
            )
            for i, one in enumerate(trials)
        ]
        config = {
            "method": "random",
            "metric": {"name": "m", "goal": goal},
            "early_terminate": rule,
            "parameters": {"a": {"values": [1, 2]}},
        }
        stopped = sorted(int(run.name) for run in hyperband_stop_runs(runs, config))
        stops.append({"rule": rule, "goal": goal, "trials": trials, "stopped": stopped})


def cost(trial):
    x = trial.suggest_float("x", 0, 1)
    y = trial.suggest_float("y", 1e-4, 1, log=True)
    kind = trial.suggest_categorical("kind", ["a", "b"])
    trial.suggest_float("idle", 0, 1)
    return (x - 0.3) ** 2 * 4 + 0.3 * abs(numpy.log10(y) + 2) + (0.2 if kind == "a" else 0.0)


study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=1))
study.optimize(cost, n_trials=80)
importance = optuna.importance.get_param_importances(
    study, evaluator=optuna.importance.FanovaImportanceEvaluator(seed=0), normalize=False
)
fanova = {
    "trials": [{"setting": trial.params, "cost": trial.value} for trial in study.trials],
    "importance": importance,
}

path = pathlib.Path(__file__).parents[2] / "tests/golden/sweep-search.json"
path.write_text(json.dumps({"at": AT, "quantiles": quantiles, "stops": stops, "fanova": fanova}) + "\n")
