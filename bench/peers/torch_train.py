"""Training speed of PyTorch + transformers on batches of one fixed length.

A randomly initialised BertForSequenceClassification, or the classifier of a config.json; every batch has `--tokens` tokens a row, none of them padding.
Usage: python bench/peers/torch_train.py --layers 4 --hidden 512 --heads 8 --intermediate 2048 --steps 8 --json
"""
import json

import torch
from torch_bert import Clock, Trainee, arguments, begin, random_bert, random_model, report

VOCABULARY = 30522


def main():
    parser = arguments(__doc__)
    parser.add_argument("--config", type=json.loads, help="the config.json of any architecture, instead of the sizes of a BERT")
    parser.add_argument("--layers", type=int, default=4)
    parser.add_argument("--hidden", type=int, default=512)
    parser.add_argument("--heads", type=int, help="hidden / 64 by default")
    parser.add_argument("--intermediate", type=int, help="4 x hidden by default")
    parser.add_argument("--tokens", type=int, default=128)
    parser.add_argument("--labels", type=int, default=2)
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--steps", type=int, default=8, help="measured steps")
    parser.add_argument("--warmup", type=int, default=2, help="steps before that")
    args = parser.parse_args()
    begin(args)
    heads, intermediate = args.heads or max(1, args.hidden // 64), args.intermediate or 4 * args.hidden

    model = random_model(args.config, args.labels) if args.config else random_bert(args.layers, args.hidden, heads, intermediate, labels=args.labels, dropout=args.dropout, attention=args.attention)
    trainee = Trainee(model, args.steps + args.warmup, bf16=args.bf16)
    shape = (args.batch, args.tokens)
    clock = Clock(args.warmup)
    losses = []
    for _ in range(args.warmup + args.steps):
        batch = {
            "input_ids": torch.randint(1000, VOCABULARY, shape),
            "token_type_ids": torch.zeros(shape, dtype=torch.long),
            "attention_mask": torch.ones(shape, dtype=torch.long),
            "labels": torch.randint(args.labels, (args.batch,)),
        }
        losses.append(clock.time(lambda: trainee.step(batch)))
    report(
        args, "torch-train", f"{model.config.model_type} L{model.config.num_hidden_layers}/H{model.config.hidden_size}, {args.batch} x {args.tokens} tokens",
        batch=args.batch, tokens=args.tokens,
        parameters=sum(p.numel() for p in model.parameters()), fusedAdamW=trainee.fused, steps=args.steps,
        secondsPerStep=clock.median, fastestStepSeconds=min(clock.measured), processorSecondsPerStep=clock.processor_median,
        examplesPerSecond=args.batch / clock.median, tokensPerSecond=args.batch * args.tokens / clock.median,
        lastLoss=losses[-1],
    )


if __name__ == "__main__":
    main()
