"""Accuracy of PyTorch + transformers on the tasks of bench/results.ts, by the same recipe: the other column of docs/results.md.

Usage: python bench/peers/torch_results.py trec|cola|banking77|sms|imdb --model FOLDER --data FOLDER [--per-class 64 --epochs 20] [--seed 1]

AdamW with decay 0.01, 10 % warm-up, linear decay, gradients clipped to 1, batches of texts of like length, the weights of
the last epoch. --data is the folder of the data sets, --model one with config.json, tokenizer.json and a safetensors file.
A fifth of sms is held out to test on, and 500 reviews of imdb, both drawn by the seed.
"""
import csv
import os
import re
import time

import torch
from torch_bert import Trainee, arguments, begin, pretrained_bert, read_texts
from transformers.trainer_pt_utils import get_length_grouped_indices

MAX_LENGTH = 128
# Epochs, batch and learning rate as in bench/accuracy-tasks.ts.
TASKS = {
    "trec": (5, 16, 1e-4, "accuracy"),
    "cola": (3, 32, 1e-4, "matthews"),
    "banking77": (5, 16, 2e-4, "macro F1"),
    "sms": (3, 32, 1e-4, "F1 of spam"),
    # As in bench/long-texts.ts.
    "imdb": (2, 32, 1e-4, "accuracy"),
}


def lines(path, encoding="utf-8"):
    with open(path, encoding=encoding) as file:
        return [line.rstrip("\n") for line in file if line.strip()]


def read_trec(path):
    return [re.match(r"^([A-Z]+):\S+ (.*)$", line).groups()[::-1] for line in lines(path, "latin1")]


def read_cola(path):
    return [(cells[3], cells[1]) for cells in (line.split("\t") for line in lines(path))]


def read_banking77(path):
    with open(path, encoding="utf-8", newline="") as file:
        return [(row["text"], row["category"]) for row in csv.DictReader(file)]


def read_sms(path):
    return [(text, label) for label, text in (line.split("\t", 1) for line in lines(path))]


def read_imdb(path):
    return list(zip(*read_texts(path, None)))


# How its files are read, the one to train on, and the one to test on, or the share or number of rows held out to test on.
DATA = {
    "trec": (read_trec, "trec/train_5500.label", "trec/TREC_10.label"),
    "cola": (read_cola, "cola/train.tsv", "cola/dev.tsv"),
    "banking77": (read_banking77, "banking77/train.csv", "banking77/test.csv"),
    "sms": (read_sms, "sms-spam/SMSSpamCollection", 0.2),
    "imdb": (read_imdb, "imdb/aclImdb_train.tar.gz", 500),
}


def read(task, folder, seed):
    """Rows to train on and to test on, each a text and its label."""
    read_rows, path, test = DATA[task]
    rows = read_rows(os.path.join(folder, path))
    if isinstance(test, str):
        return rows, read_rows(os.path.join(folder, test))
    order = torch.randperm(len(rows), generator=torch.Generator().manual_seed(seed)).tolist()
    held = int(test * len(rows)) if test < 1 else test
    return [rows[i] for i in order[held:]], [rows[i] for i in order[:held]]


def f1(truth, answers, label):
    both = ((truth == label) & (answers == label)).sum().item()
    return 2 * both / max(1, (truth == label).sum().item() + (answers == label).sum().item())


def score(metric, truth, answers, names):
    truth, answers = torch.tensor(truth), torch.tensor(answers)
    if metric == "accuracy":
        return (truth == answers).double().mean().item()
    if metric == "matthews":
        return torch.corrcoef(torch.stack([truth, answers]).double())[0, 1].item()
    if metric == "F1 of spam":
        return f1(truth, answers, names.index("spam"))
    return sum(f1(truth, answers, label) for label in range(len(names))) / len(names)


def main():
    parser = arguments(__doc__)
    parser.add_argument("task", choices=TASKS)
    parser.add_argument("--model", required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--per-class", type=int, help="train on so many rows of each class")
    parser.add_argument("--epochs", type=int)
    args = parser.parse_args()
    begin(args)
    epochs, batch_size, rate, metric = TASKS[args.task]
    train, test = read(args.task, args.data, args.seed)
    epochs = args.epochs or epochs
    if args.per_class:
        # Rows of each class in an order that the seed draws.
        order = torch.randperm(len(train), generator=torch.Generator().manual_seed(args.seed)).tolist()
        counts = {}
        train = [train[i] for i in order if counts.setdefault(train[i][1], []).append(i) or len(counts[train[i][1]]) <= args.per_class]
    names = sorted({label for _, label in train})
    model, tokenizer = pretrained_bert(args.model, labels=len(names))
    encode = lambda rows: tokenizer([text for text, _ in rows], truncation=True, max_length=MAX_LENGTH)["input_ids"]
    ids = lambda rows: [names.index(label) for _, label in rows]
    encoded, labels = encode(train), ids(train)
    generator = torch.Generator().manual_seed(args.seed)
    pad = lambda rows, of: tokenizer.pad({"input_ids": [of[i] for i in rows]}, padding=True, return_tensors="pt")
    steps_per_epoch = -(-len(encoded) // batch_size)
    trainee = Trainee(model, epochs * steps_per_epoch, lr=rate)
    started = time.perf_counter()
    for epoch in range(epochs):
        order = get_length_grouped_indices([len(row) for row in encoded], batch_size, generator=generator)
        batches = [order[i : i + batch_size] for i in range(0, len(order), batch_size)]
        for place in torch.randperm(len(batches), generator=generator).tolist():
            rows = batches[place]
            trainee.step({**pad(rows, encoded), "labels": torch.tensor([labels[i] for i in rows])})
    seconds = time.perf_counter() - started
    model.eval()
    held = encode(test)
    answers = []
    with torch.no_grad():
        for start in range(0, len(held), 64):
            rows = range(start, min(start + 64, len(held)))
            answers += model(**pad(rows, held)).logits.argmax(1).tolist()
    print(f"{args.task} seed {args.seed}: {metric} {score(metric, ids(test), answers, names):.4f}, trained in {seconds:.0f} s by PyTorch {torch.__version__}", flush=True)


if __name__ == "__main__":
    main()
