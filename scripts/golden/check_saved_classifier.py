"""Loads a classifier that Textune saved into Hugging Face transformers, and prints what it says.

The folder is read as a Python user would read it: AutoTokenizer and AutoModelForSequenceClassification, with no
option that helps. One JSON object goes to standard output; with --expect the logits (and token ids, where given)
are compared with those that Textune computed, and the exit status is 1 when they differ.

Usage: python scripts/golden/check_saved_classifier.py FOLDER TEXTS.jsonl [--expect] [--tolerance 1e-5] [--max-length N]

TEXTS.jsonl has a JSON string, or an object {"text", "logits"?, "tokenIds"?} a line.
Needs: pip install torch transformers
"""
import argparse
import json
import os
import sys

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import torch
import transformers
from transformers import AutoModelForSequenceClassification, AutoTokenizer

SLOT = 32


def read_rows(path):
    with open(path, encoding="utf-8") as file:
        rows = [json.loads(line) for line in file if line.strip()]
    return [{"text": row} if isinstance(row, str) else row for row in rows]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder")
    parser.add_argument("texts", help="JSON lines file")
    parser.add_argument("--max-length", type=int, help="truncate at this many tokens; by default at what the tokenizer says, or the model's positions")
    parser.add_argument("--expect", action="store_true", help="compare with the logits (and tokenIds) of each line")
    parser.add_argument("--tolerance", type=float, default=1e-5, help="largest difference of a logit, relative where over 1 (default 1e-5)")
    args = parser.parse_args()

    torch.set_num_threads(2)
    transformers.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    tokenizer = AutoTokenizer.from_pretrained(args.folder)
    model, loading = AutoModelForSequenceClassification.from_pretrained(args.folder, output_loading_info=True, dtype=torch.float32)
    model.eval()
    longest = args.max_length or min(tokenizer.model_max_length, model.config.max_position_embeddings)

    rows = read_rows(args.texts)
    texts = [row["text"] for row in rows]
    token_ids, logits = [], []
    with torch.no_grad():
        for start in range(0, len(texts), SLOT):
            batch = tokenizer(texts[start : start + SLOT], padding=True, truncation=True, max_length=longest, return_tensors="pt")
            for ids, mask in zip(batch["input_ids"].tolist(), batch["attention_mask"].tolist()):
                token_ids.append([i for i, real in zip(ids, mask) if real])
            logits.extend(model(**batch).logits.tolist())

    listed = lambda key: sorted(str(k) for k in loading[key])
    result = {
        "transformers": transformers.__version__,
        "torch": torch.__version__,
        "model": type(model).__name__,
        "tokenizer": type(tokenizer).__name__,
        "labels": [model.config.id2label[k] for k in range(model.config.num_labels)],
        "maxLength": longest,
        "missingKeys": listed("missing_keys"),
        "unexpectedKeys": listed("unexpected_keys"),
        "mismatchedKeys": listed("mismatched_keys"),
        "texts": texts,
        "tokenIds": token_ids,
        "logits": logits,
    }
    problems = [f"{key}: {result[key]}" for key in ("missingKeys", "unexpectedKeys", "mismatchedKeys") if result[key]]
    if args.expect:
        result["maxLogitDifference"], found = compare(rows, token_ids, logits, args.tolerance)
        problems += found
    result["problems"] = problems
    json.dump(result, sys.stdout, ensure_ascii=False)
    print()
    for problem in problems:
        print(problem, file=sys.stderr)
    sys.exit(1 if problems and args.expect else 0)


def compare(rows, token_ids, logits, tolerance):
    """The largest difference of a logit (relative where over 1) and a line for each row that differs."""
    worst, problems = 0.0, []
    for number, (row, ids, found) in enumerate(zip(rows, token_ids, logits), 1):
        if "tokenIds" in row and row["tokenIds"] != ids:
            problems.append(f"line {number}: token ids are {ids}, expected {row['tokenIds']}")
        if "logits" not in row or len(row["logits"]) != len(found):
            problems.append(f"line {number}: expected {len(found)} logits to compare with, got {row.get('logits')}")
            continue
        # A NaN on either side must fail, so the test is for closeness, not for distance.
        difference = max(abs(a - b) / max(1.0, abs(a)) for a, b in zip(row["logits"], found))
        worst = max(worst, difference)
        if not difference <= tolerance:
            problems.append(f"line {number}: logits are {found}, expected {row['logits']}")
    return worst, problems


if __name__ == "__main__":
    main()
