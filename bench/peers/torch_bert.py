"""What the PyTorch peers share: a BERT classifier as Hugging Face builds it, one training step, time and memory."""
import argparse
import contextlib
import json
import os
import platform
import resource
import statistics
import sys
import tarfile
import time

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

import torch
import transformers
from transformers import AutoConfig, AutoModelForSequenceClassification, BertConfig, BertForSequenceClassification, BertTokenizerFast

transformers.logging.set_verbosity_error()


def arguments(description, **defaults):
    """A parser with the options that every peer has."""
    parser = argparse.ArgumentParser(description=description.strip().split("\n")[0])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--bf16", action="store_true", help="bfloat16 autocast")
    parser.add_argument("--attention", default="sdpa", choices=["sdpa", "eager"], help="sdpa is what transformers takes by default")
    parser.add_argument("--batch", type=int, default=defaults.get("batch", 32))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a line of text")
    return parser


def begin(args):
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    args.memory_at_start = peak_memory()


def random_bert(layers, hidden, heads, intermediate, *, labels=2, dropout=0.1, positions=512, vocabulary=30522, attention="sdpa"):
    config = BertConfig(
        vocab_size=vocabulary, hidden_size=hidden, num_hidden_layers=layers, num_attention_heads=heads, intermediate_size=intermediate,
        max_position_embeddings=positions, num_labels=labels, hidden_dropout_prob=dropout, attention_probs_dropout_prob=dropout,
    )
    config._attn_implementation = attention
    return BertForSequenceClassification(config)


def random_model(config, labels=2):
    """The classifier that the fields of a config.json describe, with the attention that transformers takes by default; talking heads, which it lacks, as written out for their golden."""
    if config["model_type"] == "talking_heads_bert":
        sys.path.append(os.path.join(os.path.dirname(__file__), "../../scripts/golden"))
        from talking_heads_bert import Classifier

        model = Classifier({**config, "num_labels": labels, "layer_norm_eps": 1e-12})
        for parameter in model.parameters():
            if parameter.dim() > 1:
                torch.nn.init.normal_(parameter, std=0.02)
        return model
    return AutoModelForSequenceClassification.from_config(AutoConfig.for_model(**config, num_labels=labels))


def pretrained_bert(folder, *, labels=2, dropout=0.1, attention="sdpa"):
    """The classifier and tokenizer of a folder with config.json, tokenizer.json and one safetensors file."""
    from safetensors.torch import load_file

    config = BertConfig.from_json_file(f"{folder}/config.json")
    config.num_labels = labels
    config.hidden_dropout_prob = config.attention_probs_dropout_prob = dropout
    config._attn_implementation = attention
    model = BertForSequenceClassification(config)
    weights = next(name for name in sorted(os.listdir(folder)) if name.endswith(".safetensors"))
    state = {(k if k.startswith(("bert.", "classifier.")) else f"bert.{k}"): v.float() for k, v in load_file(f"{folder}/{weights}").items()}
    missing, unexpected = model.load_state_dict(state, strict=False)
    wrong = [k for k in [*missing, *unexpected] if not k.startswith("classifier.") and "position_ids" not in k]
    if wrong:
        sys.exit(f"{folder}: weights do not fit: {wrong[:5]}")
    tokenizer = BertTokenizerFast(tokenizer_file=f"{folder}/tokenizer.json")
    tokenizer.model_max_length = config.max_position_embeddings
    return model, tokenizer


class Trainee:
    """Model, AdamW (fused, as Hugging Face's Trainer has it), clipping and linear decay: one training step."""

    def __init__(self, model, steps, *, lr=5e-5, warmup_ratio=0.1, weight_decay=0.01, max_norm=1.0, bf16=False):
        self.model = model.train()
        self.max_norm = max_norm
        self.bf16 = bf16
        undecayed = lambda name: name.endswith("bias") or "LayerNorm" in name
        groups = [
            {"params": [p for n, p in model.named_parameters() if not undecayed(n)], "weight_decay": weight_decay},
            {"params": [p for n, p in model.named_parameters() if undecayed(n)], "weight_decay": 0.0},
        ]
        self.fused = True
        try:
            self.optimizer = torch.optim.AdamW(groups, lr=lr, fused=True)
        except RuntimeError:  # a PyTorch whose CPU build has no fused AdamW
            self.optimizer, self.fused = torch.optim.AdamW(groups, lr=lr), False
        self.schedule = transformers.get_linear_schedule_with_warmup(self.optimizer, int(warmup_ratio * steps), steps)

    def step(self, batch):
        with autocast(self.bf16):
            loss = self.model(**batch).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), self.max_norm)
        self.optimizer.step()
        self.schedule.step()
        self.optimizer.zero_grad(set_to_none=True)
        return loss.item()


def autocast(bf16):
    return torch.autocast("cpu", dtype=torch.bfloat16) if bf16 else contextlib.nullcontext()


def read_texts(path, limit):
    """Texts and 0/1 labels of a TSV with header (text, label), or of class folders of text files, plain or in a .tar.gz; `limit` rows or all."""
    if path.endswith((".tar.gz", ".tgz")):
        with tarfile.open(path) as archive:
            files = [(m.name, archive.extractfile(m).read()) for m in archive if m.isfile() and m.name.endswith(".txt") and m.name.split("/")[-2] in ("neg", "pos")]
        rows = [(data.decode("utf-8"), int(name.split("/")[-2] == "pos")) for name, data in sorted(files)]
    elif os.path.isdir(path):
        rows = []
        for label, folder in enumerate(sorted(f for f in os.listdir(path) if os.path.isdir(os.path.join(path, f)))):
            for name in sorted(os.listdir(os.path.join(path, folder))):
                with open(os.path.join(path, folder, name), encoding="utf-8") as file:
                    rows.append((file.read(), label))
    else:
        with open(path, encoding="utf-8") as file:
            cells = [line.rstrip("\n").split("\t") for line in file][1:]
        rows = [(row[0], int(row[1])) for row in cells]
    # Rows evenly spread over the file stand for the whole: class folders come one after the other.
    if limit and limit < len(rows):
        rows = [rows[i * len(rows) // limit] for i in range(limit)]
    return [text for text, _ in rows], [label for _, label in rows]


def peak_memory():
    """Largest resident size of this process so far, in bytes (ru_maxrss counts KiB on Linux, bytes on macOS)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if platform.system() == "Darwin" else 1024)


class Clock:
    """Seconds of each step; the first `warmup` steps are left out of what is reported."""

    def __init__(self, warmup):
        self.warmup = warmup
        self.seconds = []
        self.processor_seconds = []

    def time(self, work):
        start, used = time.perf_counter(), time.process_time()
        result = work()
        self.seconds.append(time.perf_counter() - start)
        self.processor_seconds.append(time.process_time() - used)
        return result

    @property
    def measured(self):
        return self.seconds[self.warmup :] or self.seconds

    @property
    def median(self):
        return statistics.median(self.measured)

    @property
    def processor_median(self):
        """Of all threads together: on a machine that others use as well it tells more than the time that passed."""
        return statistics.median(self.processor_seconds[self.warmup :] or self.processor_seconds)


def report(args, peer, work, **figures):
    result = {
        "peer": peer,
        "work": work,
        "precision": "bfloat16 autocast" if args.bf16 else "float32",
        "threads": args.threads,
        "attention": args.attention,
        **figures,
        "peakMemoryBytes": peak_memory(),
        "importMemoryBytes": args.memory_at_start,
        "versions": {"torch": torch.__version__, "transformers": transformers.__version__, "python": platform.python_version()},
        "cpuCapability": torch.backends.cpu.get_cpu_capability(),
    }
    if args.json:
        print(json.dumps(result))
        return
    shown = [f"{key} {value:,.4g}" if isinstance(value, float) else f"{key} {value}" for key, value in figures.items()]
    print(f"{peer} {work}, {result['precision']}, {args.threads} threads: {', '.join(shown)}, peak memory {peak_memory() / 2**20:,.0f} MiB")
