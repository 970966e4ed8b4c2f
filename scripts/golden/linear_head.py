"""Logistic regressions and a ridge regression as scikit-learn solves them.

Usage: python scripts/golden/linear_head.py tests/golden/linear-head.json
Needs: pip install scikit-learn numpy
"""
import json
import sys

import numpy
import sklearn
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.multiclass import OneVsRestClassifier

ROWS, WIDTH = 60, 5


def features(random):
    return numpy.round(random.normal(size=(ROWS, WIDTH)) * [1, 2, 0.5, 1, 3] + [0, 1, 0, -2, 0], 3)


def solved(model, x, y, options, name, problem, probabilities=True):
    model.fit(x, y)
    scores = model.predict_proba(x) if probabilities else model.predict(x)[:, None]
    return {"name": name, "problemType": problem, **options, "targets": numpy.asarray(y).tolist(), "scores": numpy.round(scores, 7).tolist()}


def main():
    random = numpy.random.default_rng(3)
    x = features(random)
    hidden = x @ random.normal(size=(WIDTH, 4)) + random.normal(size=(ROWS, 4))
    three, two = hidden[:, :3].argmax(1), (hidden[:, 0] > 1).astype(int)
    tight = {"tol": 1e-10, "max_iter": 10000}
    logistic = lambda **options: LogisticRegression(**tight, **options)
    cases = [
        solved(logistic(C=1.0), x, three, {"c": 1.0}, "three classes", "single_label_classification"),
        solved(logistic(C=0.05), x, three, {"c": 0.05}, "three classes, strong penalty", "single_label_classification"),
        solved(logistic(C=20, class_weight="balanced"), x, three, {"c": 20, "classWeights": "balanced"}, "three classes, balanced", "single_label_classification"),
        solved(logistic(C=0.5), x, two, {"c": 0.5}, "two classes", "single_label_classification"),
        solved(logistic(C=0.5), x, two, {"c": 0.5}, "two classes by one output", "binary_classification"),
        solved(OneVsRestClassifier(logistic(C=2.0)), x, (hidden > 0.5).astype(int), {"c": 2.0}, "four labels", "multi_label_classification"),
        # Its penalty is alpha, and has no half.
        solved(Ridge(alpha=1 / (2 * 0.1)), x, hidden[:, 1].round(4), {"c": 0.1}, "a number", "regression", probabilities=False),
    ]
    golden = {"about": "Written by scripts/golden/linear_head.py.", "scikit-learn": sklearn.__version__, "features": x.tolist(), "cases": cases}
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        json.dump(golden, file)
        file.write("\n")


if __name__ == "__main__":
    main()
