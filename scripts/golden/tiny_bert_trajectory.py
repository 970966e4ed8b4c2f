"""Training trajectory of a very small BERT classifier in Hugging Face transformers + PyTorch.

What Textune's own training must reproduce, anywhere: the weights follow from a formula of integers, so that no
weight file is needed, and the token ids stand in the golden file. The recipe is written into the file too.

Usage: python scripts/golden/tiny_bert_trajectory.py tests/golden/tiny-bert-trajectory.json
Needs: pip install torch transformers numpy
"""
import json
import sys

import numpy as np
import torch
import transformers
from transformers import BertConfig, BertForSequenceClassification

CONFIG = {
    "architectures": ["BertForSequenceClassification"],
    "model_type": "bert",
    "vocab_size": 120,
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 32,
    "max_position_embeddings": 40,
    "type_vocab_size": 2,
    "hidden_act": "gelu",
    "layer_norm_eps": 1e-12,
    "pad_token_id": 0,
    "hidden_dropout_prob": 0.0,
    "attention_probs_dropout_prob": 0.0,
    "id2label": {"0": "red", "1": "green", "2": "blue"},
    "label2id": {"red": 0, "green": 1, "blue": 2},
}
STEPS, WARMUP, BATCH, LR, DECAY, MAX_NORM = 12, 2, 6, 2e-3, 0.05, 1.0
PAD, CLS, SEP, FIRST_WORD, WORDS = 0, 1, 2, 3, 90
FULL_GRADIENTS = [
    "bert.embeddings.word_embeddings.weight",
    "bert.embeddings.position_embeddings.weight",
    "bert.embeddings.token_type_embeddings.weight",
    "bert.embeddings.LayerNorm.bias",
    "bert.encoder.layer.0.attention.self.query.weight",
    "bert.encoder.layer.0.attention.output.LayerNorm.weight",
    "bert.encoder.layer.0.intermediate.dense.bias",
    "bert.encoder.layer.1.attention.self.key.weight",
    "bert.encoder.layer.1.attention.self.value.bias",
    "bert.encoder.layer.1.output.dense.weight",
    "bert.pooler.dense.weight",
    "classifier.weight",
    "classifier.bias",
]
FULL_FINAL = ["bert.embeddings.token_type_embeddings.weight", "bert.encoder.layer.1.output.LayerNorm.weight", "bert.pooler.dense.bias", "classifier.weight", "classifier.bias"]
RECIPE = {
    "weights": "Parameters are numbered p = 0, 1, ... in the order of `parameters`, their elements i = 0, 1, ... row by row. "
    "u = ((7919*i*i + 104729*i + 1299709*(p+1)) mod 65521) / 65521 - 0.5 (the numerator is an exact integer below 2^53), "
    "element = float32(offset + scale*u) computed in float64 and rounded once, with offset and scale of the parameter as listed. "
    "initialSumSquares is the sum of their squares, to check the formula by. "
    "The float64 run starts from the same float32 values.",
    "inputs": "`batches` holds the rows of each step: unpadded token ids, token types and labels. A batch is padded to its longest row "
    "with id 0, token type 0 and attention mask 0; positions are 0, 1, ... Ids from 93 on occur nowhere: those rows of the word "
    "embeddings only decay.",
    "model": "BertForSequenceClassification of `config`: gelu with erf, LayerNorm epsilon 1e-12, additive attention mask, dropout 0, "
    "tanh pooler over the first token, classifier; loss = mean cross-entropy over the rows of the batch.",
    "training": "AdamW, betas 0.9 and 0.999, epsilon 1e-8, decoupled weight decay 0.05 on every parameter whose name neither ends in 'bias' nor "
    "contains 'LayerNorm'; lr of step k (0-based) = 0.002*min(k/2, (12-k)/10); the gradient of all parameters together is clipped "
    "to norm 1.0 as torch.nn.utils.clip_grad_norm_ does (factor min(1, 1/(norm + 1e-6))) before each update.",
    "values": "loss and gradNorm (before clipping) of each step; firstStepGradients before clipping; finalSumSquares and finalParameters after "
    "the last update; evalLogits of `evalRows`, padded as one batch, before and after training; evalPooled = the pooler's output before. "
    "The gradient of attention.self.key.bias is zero in exact arithmetic: its sum of squares is rounding noise, which AdamW blows up "
    "to updates that change no logit; finalSumSquares leaves it out.",
    "tolerance": "5e-6 (relative where over 1) on every value: float32 and float64 differ by less than 1e-6, while a LayerNorm epsilon of 1e-5 "
    "moves logits by 1.3e-5, an AdamW epsilon of 1e-6 by 4e-5, the tanh form of GELU by 1.5e-4, decay on biases by 4e-4.",
}


def kind(name):
    """(offset, scale) of a parameter."""
    if name.endswith("LayerNorm.weight"):
        return 1.0, 0.25
    if name.endswith("bias"):
        return 0.0, 0.25
    return 0.0, 0.75


def weights(p, shape, offset, scale):
    i = np.arange(int(np.prod(shape)), dtype=np.int64)
    u = ((7919 * i * i + 104729 * i + 1299709 * (p + 1)) % 65521).astype(np.float64) / 65521 - 0.5
    return torch.from_numpy((offset + scale * u).astype(np.float32).reshape(shape))


def make_row(number, length):
    """A row whose label can be learnt from its words; every third row has a second segment."""
    rng = np.random.default_rng(1000 + number)
    label = int(rng.integers(3))
    words = (FIRST_WORD + rng.integers(WORDS, size=length - 2)).tolist()
    for at in range(0, len(words), 3):
        words[at] = FIRST_WORD + label * 7 + int(rng.integers(7))
    ids, types = [CLS, *words, SEP], [0] * length
    if number % 3 == 1 and length > 6:
        cut = length // 2
        ids[cut] = SEP
        types = [0] * (cut + 1) + [1] * (length - cut - 1)
    return {"ids": ids, "types": types, "label": label}


def make_batch(rows):
    longest = max(len(row["ids"]) for row in rows)
    fill = lambda key, value: torch.tensor([row[key] + [value] * (longest - len(row[key])) for row in rows])
    mask = torch.tensor([[1] * len(row["ids"]) + [0] * (longest - len(row["ids"])) for row in rows])
    return {"input_ids": fill("ids", PAD), "token_type_ids": fill("types", 0), "attention_mask": mask}, torch.tensor([row["label"] for row in rows])


def compact(values, digits):
    """Nested lists of numbers with `digits` significant digits."""
    return [compact(v, digits) for v in values] if isinstance(values, list) else float(f"{values:.{digits}g}")


def train(dtype, digits, batches, eval_rows):
    config = BertConfig(**CONFIG)
    config._attn_implementation = "eager"
    model = BertForSequenceClassification(config).to(dtype)
    named = list(model.named_parameters())
    with torch.no_grad():
        for p, (name, parameter) in enumerate(named):
            parameter.copy_(weights(p, tuple(parameter.shape), *kind(name)).to(dtype))
    no_decay = lambda name: name.endswith("bias") or "LayerNorm" in name
    groups = [
        {"params": [q for n, q in named if not no_decay(n)], "weight_decay": DECAY},
        {"params": [q for n, q in named if no_decay(n)], "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, lr=LR, betas=(0.9, 0.999), eps=1e-8)
    inputs, _ = make_batch(eval_rows)

    def evaluate():
        model.eval()
        with torch.no_grad():
            logits = model(**inputs).logits.double()
            # Padding must not matter: each row alone gives the same.
            for row, expected in zip(eval_rows, logits):
                alone, _ = make_batch([row])
                assert (model(**alone).logits.double() - expected).abs().max() < 1e-5
            pooled = model.bert(**inputs).pooler_output.double()
        model.train()
        return compact(logits.tolist(), digits), compact(pooled.tolist(), digits)

    out = {"loss": [], "gradNorm": [], "learningRate": []}
    out["evalLogitsBefore"], out["evalPooledBefore"] = evaluate()
    for k, rows in enumerate(batches):
        lr = LR * min(k / WARMUP, (STEPS - k) / (STEPS - WARMUP))
        for group in optimizer.param_groups:
            group["lr"] = lr
        features, labels = make_batch(rows)
        loss = model(**features, labels=labels).loss
        optimizer.zero_grad()
        loss.backward()
        if k == 0:
            gradients = {n: q.grad.double() for n, q in named}
            out["firstStepGradSumSquares"] = {n: float(f"{(g**2).sum():.{digits}g}") for n, g in gradients.items()}
            out["firstStepGradients"] = {n: compact(gradients[n].flatten().tolist(), digits) for n in FULL_GRADIENTS}
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), MAX_NORM)
        optimizer.step()
        out["loss"].append(loss.item())
        out["gradNorm"].append(norm.item())
        out["learningRate"].append(lr)
    out["evalLogitsAfter"], _ = evaluate()
    out["finalSumSquares"] = {n: float(f"{(q.detach().double() ** 2).sum():.{digits}g}") for n, q in named if not n.endswith("key.bias")}
    out["finalParameters"] = {n: compact(q.detach().double().flatten().tolist(), digits) for n, q in named if n in FULL_FINAL}
    initial = lambda p, n, q: float(f"{(weights(p, tuple(q.shape), *kind(n)).double() ** 2).sum():.12g}")
    return out, [{"name": n, "shape": list(q.shape), "offset": kind(n)[0], "scale": kind(n)[1], "initialSumSquares": initial(p, n, q)} for p, (n, q) in enumerate(named)]


def difference(a, b):
    """Largest difference of two results, relative where over 1."""
    if isinstance(a, dict):
        return max((difference(a[k], b[k]) for k in a), default=0.0)
    if isinstance(a, list):
        return max((difference(x, y) for x, y in zip(a, b)), default=0.0)
    return abs(a - b) / max(1.0, abs(b))


def main():
    torch.set_num_threads(1)
    batches = [[make_row(k * BATCH + r, 3 + (11 * k + 7 * r * (k + 1)) % 19) for r in range(BATCH)] for k in range(STEPS)]
    eval_rows = [make_row(5000 + r, length) for r, length in enumerate([40, 3, 9, 17, 4, 26, 12, 8])]
    # Nine significant digits tell any float32 from its neighbours; the float64 run keeps a few more.
    float32, parameters = train(torch.float32, 9, batches, eval_rows)
    float64, _ = train(torch.float64, 12, batches, eval_rows)
    result = {
        "source": f"transformers {transformers.__version__}, torch {torch.__version__}; scripts/golden/tiny_bert_trajectory.py",
        "recipe": RECIPE,
        "config": CONFIG,
        "training": {"steps": STEPS, "batchSize": BATCH, "warmupSteps": WARMUP, "learningRate": LR, "weightDecay": DECAY, "maxGradNorm": MAX_NORM, "betas": [0.9, 0.999], "epsilon": 1e-8},
        "parameters": parameters,
        "batches": batches,
        "evalRows": eval_rows,
        "float32": float32,
        "float64": float64,
        "float32VsFloat64": {key: difference(float32[key], float64[key]) for key in float32},
    }
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        json.dump(result, file, separators=(",", ":"))
        file.write("\n")
    print("loss", float64["loss"])
    print("gradient norm", float64["gradNorm"])
    print("float32 against float64", result["float32VsFloat64"])
    print("lengths of the first steps", [[len(r["ids"]) for r in b] for b in batches[:3]], "labels", [[r["label"] for r in b] for b in batches])
    print("before", float64["evalLogitsBefore"][:2], "after", float64["evalLogitsAfter"][:2])


if __name__ == "__main__":
    main()
