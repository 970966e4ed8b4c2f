"""Training speed of PyTorch + transformers on texts of their natural lengths, padded to the longest of each batch.

Usage: python bench/peers/torch_natural.py train.tsv --model FOLDER [--order random|grouped] [--trainer] [--bf16] --json

--order random is the default of Hugging Face's Trainer, grouped its train_sampling_strategy="group_by_length". --trainer
runs the Trainer itself (pip install accelerate); otherwise a bare loop does the same steps. Tokenizing is not in the time.
"""
import sys
import tempfile
import time

import torch
from torch_bert import Clock, Trainee, arguments, begin, pretrained_bert, read_texts, report
from transformers.trainer_pt_utils import get_length_grouped_indices


def main():
    parser = arguments(__doc__)
    parser.add_argument("data", help="TSV with header (text, label), a folder of class folders, or a .tar.gz with neg/ and pos/")
    parser.add_argument("--model", required=True, help="folder with config.json, tokenizer.json and a safetensors file")
    parser.add_argument("--max-examples", type=int, default=2048, help="rows, evenly spread over the file")
    parser.add_argument("--max-length", type=int, default=128)
    parser.add_argument("--order", default="random", choices=["random", "grouped"])
    parser.add_argument("--pad-to-multiple-of", type=int)
    parser.add_argument("--learning-rate", type=float, default=5e-5)
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--warmup", type=int, default=2, help="batches left out of the figures of the bare loop")
    parser.add_argument("--trainer", action="store_true", help="run transformers.Trainer instead of the bare loop")
    args = parser.parse_args()
    begin(args)

    texts, labels = read_texts(args.data, args.max_examples)
    model, tokenizer = pretrained_bert(args.model, dropout=args.dropout, attention=args.attention)
    started = time.perf_counter()
    encoded = tokenizer(texts, truncation=True, max_length=args.max_length)["input_ids"]
    tokenizing = time.perf_counter() - started
    lengths = [len(ids) for ids in encoded]
    facts = dict(order=args.order, batch=args.batch, examples=len(texts), maxLength=args.max_length, meanTokens=sum(lengths) / len(lengths), tokenizingSeconds=tokenizing)
    run = with_trainer if args.trainer else with_loop
    figures = run(args, model, tokenizer, encoded, labels, lengths)
    report(args, "torch-trainer" if args.trainer else "torch-natural", f"{args.data}, {args.order}, batches of {args.batch}", **facts, **figures)


def with_loop(args, model, tokenizer, encoded, labels, lengths):
    generator = torch.Generator().manual_seed(args.seed)
    if args.order == "grouped":
        order = get_length_grouped_indices(lengths, args.batch, generator=generator)
    else:
        order = torch.randperm(len(encoded), generator=generator).tolist()
    batches = [order[i : i + args.batch] for i in range(0, len(order), args.batch)]
    trainee = Trainee(model, len(batches), lr=args.learning_rate, bf16=args.bf16)
    clock = Clock(args.warmup)
    tokens = []
    for rows in batches:
        def work():
            batch = tokenizer.pad({"input_ids": [encoded[i] for i in rows]}, padding=True, pad_to_multiple_of=args.pad_to_multiple_of, return_tensors="pt")
            tokens.append(batch["input_ids"].numel())
            return trainee.step({**batch, "labels": torch.tensor([labels[i] for i in rows])})
        clock.time(work)
    # Batches differ in length, so the rate is that of all measured batches together, not of a median one.
    seconds, rows = sum(clock.measured), sum(len(b) for b in batches[-len(clock.measured) :])
    return dict(
        examplesPerSecond=rows / seconds, realTokensPerSecond=sum(lengths[i] for b in batches[-len(clock.measured) :] for i in b) / seconds,
        paddedTokenShare=1 - sum(lengths) / sum(tokens), batches=len(batches), fusedAdamW=trainee.fused,
    )


def with_trainer(args, model, tokenizer, encoded, labels, lengths):
    try:
        import accelerate  # noqa: F401
    except ImportError:
        sys.exit("--trainer needs accelerate: pip install accelerate")
    from transformers import DataCollatorWithPadding, Trainer, TrainingArguments

    rows = [{"input_ids": ids, "labels": label, "length": length} for ids, label, length in zip(encoded, labels, lengths)]
    with tempfile.TemporaryDirectory() as folder:
        settings = TrainingArguments(
            output_dir=folder, use_cpu=True, per_device_train_batch_size=args.batch, num_train_epochs=1, learning_rate=args.learning_rate, weight_decay=0.01, bf16=args.bf16, seed=args.seed,
            train_sampling_strategy="group_by_length" if args.order == "grouped" else "random", report_to="none", save_strategy="no", disable_tqdm=True, logging_strategy="no",
        )
        collate = DataCollatorWithPadding(tokenizer, pad_to_multiple_of=args.pad_to_multiple_of)
        strip = lambda features: collate([{k: v for k, v in f.items() if k != "length"} for f in features])
        trainer = Trainer(model=model, args=settings, train_dataset=rows, data_collator=strip)
        started = time.perf_counter()
        trainer.train()
        seconds = time.perf_counter() - started
    return dict(examplesPerSecond=len(rows) / seconds, realTokensPerSecond=sum(lengths) / seconds)


if __name__ == "__main__":
    main()
