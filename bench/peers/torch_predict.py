"""Prediction speed of PyTorch + transformers: texts in, logits out, tokenizing included.

Usage: python bench/peers/torch_predict.py dev.tsv --model FOLDER --batch 32 [--sorted] [--bf16] --json

--passes makes it a worker of bench/predict.ts: each line on standard input asks for one pass over the texts.
"""
import json
import sys
import time

import torch
from torch_bert import arguments, autocast, begin, peak_memory, pretrained_bert, read_texts, report


def main():
    parser = arguments(__doc__)
    parser.add_argument("data", help="TSV with header (text, label), a folder of class folders, or a .tar.gz with neg/ and pos/; with --passes a JSON list of texts")
    parser.add_argument("--model", required=True, help="folder with config.json, tokenizer.json and a safetensors file")
    parser.add_argument("--max-examples", type=int, default=872, help="rows, evenly spread over the file")
    parser.add_argument("--max-length", type=int, default=512)
    parser.add_argument("--sorted", action="store_true", help="batches by length, order restored")
    parser.add_argument("--rounds", type=int, default=3, help="whole passes; the fastest counts, after one that does not")
    parser.add_argument("--passes", action="store_true", help="a pass for each line on standard input")
    args = parser.parse_args()
    begin(args)

    texts = json.load(open(args.data, encoding="utf-8")) if args.passes else read_texts(args.data, args.max_examples)[0]
    model, tokenizer = pretrained_bert(args.model, attention=args.attention)
    model.eval()

    def predict():
        encoded = tokenizer(texts, truncation=True, max_length=args.max_length)["input_ids"]
        order = sorted(range(len(texts)), key=lambda i: len(encoded[i])) if args.sorted else range(len(texts))
        logits = [None] * len(texts)
        tokens = 0
        with torch.inference_mode(), autocast(args.bf16):
            for start in range(0, len(texts), args.batch):
                rows = order[start : start + args.batch]
                batch = tokenizer.pad({"input_ids": [encoded[i] for i in rows]}, padding=True, return_tensors="pt")
                tokens += batch["input_ids"].numel()
                for i, row in zip(rows, model(**batch).logits.float()):
                    logits[i] = row
        return torch.stack(logits), tokens, sum(map(len, encoded))

    if args.passes:
        print(json.dumps({"ready": True}), flush=True)
        for line in sys.stdin:
            request = json.loads(line)
            args.batch, args.sorted = request["batch"], request["byLength"]
            started, processor = time.perf_counter(), time.process_time()
            logits, _, _ = predict()
            seconds, processor = time.perf_counter() - started, time.process_time() - processor
            answer = {"seconds": seconds, "processorSeconds": processor, "logProbabilities": logits.double().log_softmax(-1).tolist(), "peakMemoryBytes": peak_memory()}
            print(json.dumps(answer), flush=True)
        return

    seconds = []
    for _ in range(1 + args.rounds):
        started = time.perf_counter()
        logits, padded, real = predict()
        seconds.append(time.perf_counter() - started)
    best = min(seconds[1:])
    report(
        args, "torch-predict", f"{args.data}, batches of {args.batch}{' by length' if args.sorted else ''}",
        batch=args.batch, examples=len(texts), maxLength=args.max_length, examplesPerSecond=len(texts) / best, realTokensPerSecond=real / best, paddedTokenShare=1 - real / padded,
        seconds=[round(s, 3) for s in seconds[1:]], logitSum=float(logits.double().sum()),
    )


if __name__ == "__main__":
    main()
