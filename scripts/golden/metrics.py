"""Makes tests/golden/metrics.json: what src/metrics must give for the same targets and outputs, by scikit-learn and scipy.

Run: python3 scripts/golden/metrics.py
Needs: pip install scikit-learn scipy torch torchmetrics
"""

import json
import warnings
from pathlib import Path

import numpy as np
import scipy
import sklearn
import torch
import torchmetrics
from sklearn import metrics as sk
from sklearn.dummy import DummyClassifier

warnings.filterwarnings("ignore")
BINS = {"expectedCalibrationError": 15, "expectedCalibrationError@4": 4}


def log_softmax(x):
    """The logarithm of the largest probability is taken from the others, as src/metrics does: no ties by rounding."""
    x = x - x.max(-1, keepdims=True)
    others = np.exp(x)
    others[np.arange(len(x)), x.argmax(-1)] = 0
    return x - np.log1p(others.sum(-1, keepdims=True))


def calibration_error(confidence, right, bins):
    """arXiv:1706.04599, bins (from, to]."""
    place = np.maximum(np.ceil(confidence * bins) - 1, 0)
    return float(sum(abs((confidence[place == b] - right[place == b]).sum()) for b in range(bins)) / len(right))


def of_ranking(truth, scores):
    """The metrics of one class that rank its rows; those that it does not have are left out."""
    precision, recall, _ = sk.precision_recall_curve(truth, scores)
    values = {"averagePrecision": sk.average_precision_score(truth, scores)}
    if 0 < truth.sum() < len(truth):
        values["rocAuc"] = sk.roc_auc_score(truth, scores)
    for field, least in {"precisionAtRecall": 0.5, "precisionAtRecall@0.9": 0.9}.items():
        values[field] = precision[recall >= least].max()
    if truth.sum() > 0:
        for field, least in {"recallAtPrecision": 0.9, "recallAtPrecision@0.6": 0.6}.items():
            values[field] = recall[precision >= least].max()
    return {field: float(value) for field, value in values.items()}


def averages(truth, answer, scores):
    """macro, micro, weighted and perClass from 0 and 1 and scores, [N, C] each; ranked in float32, as logits are."""
    scores = scores.astype(np.float32)
    classes = truth.shape[1]
    support = truth.sum(0)
    per_class = [{} for _ in range(classes)]
    result = {"macro": {}, "micro": {}, "weighted": {}}

    def put(field, score, **options):
        for average in result:
            result[average][field] = float(score(truth, answer, average=average, **options))
        for one, value in zip(per_class, score(truth, answer, average=None, **options)):
            one[field] = float(value)

    put("precision", sk.precision_score)
    put("recall", sk.recall_score)
    put("f1", sk.f1_score)
    put("fBeta", sk.fbeta_score, beta=2)
    put("fBeta@0.5", sk.fbeta_score, beta=0.5)

    tables = sk.multilabel_confusion_matrix(truth, answer)
    negatives, right = tables[:, 0].sum(-1), tables[:, 0, 0]
    specificity = np.divide(right, negatives, out=np.zeros(classes), where=negatives > 0)
    for one, value in zip(per_class, specificity):
        one["specificity"] = float(value)
    result["macro"]["specificity"] = float(specificity.mean())
    result["micro"]["specificity"] = float(right.sum() / negatives.sum()) if negatives.sum() else 0.0
    result["weighted"]["specificity"] = float((specificity * support).sum() / support.sum()) if support.sum() else 0.0

    ranked = [of_ranking(truth[:, c], scores[:, c]) for c in range(classes)]
    for one, values in zip(per_class, ranked):
        one |= values
    for field in ["rocAuc", "averagePrecision", "precisionAtRecall", "precisionAtRecall@0.9", "recallAtPrecision", "recallAtPrecision@0.6"]:
        pairs = [(values[field], support[c]) for c, values in enumerate(ranked) if field in values]
        total = sum(weight for _, weight in pairs)
        result["macro"][field] = float(np.mean([value for value, _ in pairs])) if pairs else 0.0
        result["weighted"][field] = float(sum(v * w for v, w in pairs) / total) if total else 0.0
    result["micro"] |= of_ranking(truth.ravel(), scores.ravel())
    for c, one in enumerate(per_class):
        one |= {"label": f"class {c}", "support": int(support[c])}
    return {**result, "perClass": per_class}


def case(name, classes, truth, logits, family="single-label"):
    """Outputs are rounded to 4 digits in float32, so that both sides read the same numbers."""
    truth = np.asarray(truth)
    outputs = np.round(np.asarray(logits, dtype=np.float64), 4).astype(np.float32).astype(np.float64)
    logits = np.hstack([np.zeros_like(outputs), outputs]) if family == "binary" else outputs
    predicted = logits.argmax(-1)
    log_p = log_softmax(logits)
    p = np.exp(log_p)
    rows = np.arange(len(truth))
    loss = float(-log_p[rows, truth].mean())
    # log_loss takes probabilities and clips them at 2.2e-16, so it agrees only where no logit is that far off.
    if log_p.min() > -30:
        assert abs(loss - sk.log_loss(truth, p, labels=list(range(classes)))) < 1e-12
    x = np.zeros((len(truth), 1))
    hot = np.eye(classes, dtype=int)[truth]
    chance = (hot.sum(0) * np.bincount(predicted, minlength=classes)).sum() == len(truth) ** 2
    averaged = averages(hot, np.eye(classes, dtype=int)[predicted], log_p)
    present = np.unique(truth)
    if len(present) == classes and classes > 2 and log_p.min() > -30:
        assert abs(averaged["macro"]["rocAuc"] - sk.roc_auc_score(truth, p, multi_class="ovr")) < 1e-12
    pairs = [
        sk.roc_auc_score(truth[np.isin(truth, [a, b])] == a, log_p.astype(np.float32)[np.isin(truth, [a, b]), a])
        for a in present
        for b in present
        if a != b
    ]
    if len(present) == classes > 2 and log_p.min() > -30:
        assert abs(np.mean(pairs) - sk.roc_auc_score(truth, p, multi_class="ovo")) < 1e-12
    errors = {field: calibration_error(p.max(-1), predicted == truth, bins) for field, bins in BINS.items()}
    if name.startswith("six"):
        theirs = torchmetrics.functional.classification.multiclass_calibration_error(
            torch.tensor(p), torch.tensor(truth), num_classes=classes, n_bins=15
        )
        assert abs(theirs.item() - errors["expectedCalibrationError"]) < 1e-6
    report = {
        "family": family,
        "examples": len(truth),
        "loss": loss,
        "accuracy": float(sk.accuracy_score(truth, predicted)),
        "majorityAccuracy": float(DummyClassifier(strategy="most_frequent").fit(x, truth).score(x, truth)),
        "balancedAccuracy": float(sk.balanced_accuracy_score(truth, predicted)),
        "matthews": float(sk.matthews_corrcoef(truth, predicted)),
        "cohenKappa": 0.0 if chance else float(sk.cohen_kappa_score(truth, predicted, labels=list(range(classes)))),
        "rocAucOvo": float(np.mean(pairs)) if pairs else 0.0,
        "brier": float(sk.brier_score_loss(truth, p if classes > 2 else p[:, 1], labels=list(range(classes)))),
        **errors,
        **averaged,
        "confusion": sk.confusion_matrix(truth, predicted, labels=range(classes)).tolist(),
    }
    if family == "binary":
        report["binaryAccuracy"] = report["accuracy"]
    else:
        # Of equal scores scikit-learn takes the last classes, we the first: turned round, they are the same.
        k = {"topKAccuracy": 5, "topKAccuracy@2": 2}
        for field, value in k.items():
            ours = 1.0 if value >= classes else sk.top_k_accuracy_score(
                classes - 1 - truth, p[:, ::-1], k=value, labels=range(classes)
            )
            report[field] = float(ours)
    return {"name": f"{family}: {name}", "family": family, "labels": classes, "targets": truth.tolist(), "outputs": np.round(outputs, 4).ravel().tolist(), "report": report}


def random_case(name, classes, rows, skill, seed, weights=None, digits=4, family="single-label"):
    rng = np.random.default_rng(seed)
    truth = rng.choice(classes, size=rows, p=weights)
    logits = rng.normal(size=(rows, classes)) * 2
    logits[np.arange(rows), truth] += skill
    if family == "binary":
        logits = logits[:, 1:] - logits[:, :1]
    return case(name, classes, truth, np.round(logits, digits), family)


def labels_case(name, truth, logits):
    truth = np.asarray(truth)
    outputs = np.round(np.asarray(logits, dtype=np.float64), 4).astype(np.float32).astype(np.float64)
    answer = (outputs >= 0).astype(int)
    log_p = -np.logaddexp(0, -outputs)
    p = np.exp(log_p)
    losses = np.logaddexp(0, np.where(truth == 1, -outputs, outputs))
    labels = truth.shape[1]
    report = {
        "family": "multi-label",
        "examples": len(truth),
        "loss": float(losses.mean()),
        "accuracy": float(sk.accuracy_score(truth, answer)) if labels > 1 else float((truth == answer).mean()),
        "binaryAccuracy": float((truth == answer).mean()),
        "hammingLoss": float(sk.hamming_loss(truth, answer)),
        "brier": float(np.mean([sk.brier_score_loss(truth[:, c], p[:, c], labels=[0, 1]) for c in range(labels)])),
        **{field: calibration_error(p.ravel(), truth.ravel(), bins) for field, bins in BINS.items()},
        **averages(truth, answer, log_p),
    }
    return {"name": f"multi-label: {name}", "family": "multi-label", "labels": labels, "targets": truth.ravel().tolist(), "outputs": np.round(outputs, 4).ravel().tolist(), "report": report}


def random_labels(name, rows, rates, skill, seed, digits=4):
    rng = np.random.default_rng(seed)
    truth = (rng.random((rows, len(rates))) < rates).astype(int)
    return labels_case(name, truth, np.round(rng.normal(size=truth.shape) * 2 + skill * (truth - 0.5), digits))


def numbers_case(name, truth, predicted):
    truth, predicted = np.asarray(truth, dtype=np.float64), np.asarray(predicted, dtype=np.float64)
    truth, predicted = (np.round(a, 4).astype(np.float32).astype(np.float64) for a in (truth, predicted))
    columns = range(truth.shape[1])
    constant = lambda c: np.ptp(truth[:, c]) == 0 or np.ptp(predicted[:, c]) == 0
    correlations = lambda f: float(np.mean([0 if constant(c) else f(truth[:, c], predicted[:, c])[0] for c in columns]))
    mse = float(sk.mean_squared_error(truth, predicted))
    report = {
        "family": "regression",
        "examples": len(truth),
        "loss": mse,
        "mse": mse,
        "rmse": float(sk.root_mean_squared_error(truth, predicted)),
        "mae": float(sk.mean_absolute_error(truth, predicted)),
        "r2": float(sk.r2_score(truth, predicted)),
        "pearson": correlations(scipy.stats.pearsonr),
        "spearman": correlations(scipy.stats.spearmanr),
    }
    return {"name": f"regression: {name}", "family": "regression", "labels": truth.shape[1], "targets": truth.ravel().tolist(), "outputs": predicted.ravel().tolist(), "report": report}


rng = np.random.default_rng(9)
steps = rng.integers(0, 4, size=(40, 1)) / 2.0
cases = [
    random_case("two balanced classes", 2, 60, 2.0, 1),
    random_case("two classes, one rare", 2, 80, 1.5, 2, [0.9, 0.1]),
    random_case("six classes", 6, 120, 2.5, 3),
    random_case("six classes, scores with ties", 6, 90, 2.0, 13, digits=0),
    random_case("five classes of which one has no row", 5, 60, 1.5, 4, [0.5, 0.3, 0.2, 0.0, 0.0]),
    case("a class never predicted", 3, [0, 1, 2, 2, 0, 1], [[3, 1, 0], [0, 2, 1], [2, 1, 0], [0, 1, -1], [1, 0, 0.5], [0.2, 0.1, 0]]),
    case("one class answered always", 2, [0, 1, 1, 0, 1], [[0, 1]] * 5),
    case("everything right", 3, [0, 1, 2, 1], [[4, 0, 0], [0, 4, 0], [0, 0, 4], [0, 1, 0]]),
    case("everything wrong", 2, [0, 1, 1], [[0, 1], [1, 0], [2, -2]]),
    case("one row", 2, [1], [[0.5, 0.25]]),
    case("equal logits", 3, [0, 1, 2], [[0, 0, 0], [1, 1, 0], [0, 2, 2]]),
    case("large logits", 2, [0, 1, 0], [[900, -900], [-600, 600], [-50, 50]]),
    random_case("two balanced classes", 2, 60, 2.0, 21, family="binary"),
    random_case("one class rare, scores with ties", 2, 80, 2.0, 22, [0.85, 0.15], digits=0, family="binary"),
    random_case("one class only", 2, 12, 1.0, 23, [1.0, 0.0], family="binary"),
    random_labels("four labels", 70, [0.5, 0.2, 0.1, 0.7], 3.0, 31),
    random_labels("scores with ties, a label that no row has", 50, [0.4, 0.0, 0.3], 2.5, 32, digits=0),
    random_labels("a label that all rows have", 30, [1.0, 0.5], 2.0, 33),
    labels_case("no row has a label", np.zeros((3, 2), dtype=int), [[1, -1], [-2, 0.5], [0, 0]]),
    labels_case("large logits", [[1, 0], [0, 1]], [[800, -800], [300, -300]]),
    numbers_case("one number", steps + rng.normal(size=steps.shape), steps),
    numbers_case("many equal numbers", steps, np.round(steps + rng.normal(size=steps.shape))),
    numbers_case("two numbers a row", rng.normal(size=(25, 2)) * [1, 100], rng.normal(size=(25, 2)) * [1, 100] + 5),
    numbers_case("always the same answer", steps, np.full_like(steps, 0.75)),
    numbers_case("always the same truth", np.full_like(steps, 2.0), steps),
]
golden = {
    "source": f"scikit-learn {sklearn.__version__}, scipy {scipy.__version__}, numpy {np.__version__}; scripts/golden/metrics.py",
    "note": "answer = first largest logit, or a probability of at least 0.5; labels = all classes; zero_division at its default, 0; loss = mean of -log p of the truth, checked against log_loss where that does not clip",
    "cases": cases,
}
path = Path(__file__).parents[2] / "tests" / "golden" / "metrics.json"
path.write_text(json.dumps(golden, separators=(",", ":")) + "\n")
print(path, path.stat().st_size, "bytes")
for c in cases:
    print(c["name"], {k: round(v, 4) for k, v in c["report"].items() if isinstance(v, float)})
