"""Checkpoints of a very small BERT classifier as Hugging Face transformers writes them, with its logits.

Every way in which such a model comes: float32, float16, bfloat16, in several files, without the `bert.` prefix,
without pooler, with the parameter names of checkpoints converted from TensorFlow. The files themselves stand in the
golden (base64), so that what is read is what was written.

Usage: python scripts/golden/transformers_checkpoints.py tests/golden/transformers-checkpoints.json
Needs: pip install torch transformers
"""
import base64
import json
import os
import sys
import tempfile

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import torch
import transformers
from safetensors.torch import load_file, save_file
from transformers import AutoModelForSequenceClassification, AutoTokenizer, BertConfig, BertForSequenceClassification, BertModel, BertTokenizer

VOCABULARY = "[PAD] [UNK] [CLS] [SEP] [MASK] . , ! ? ' the a an this film book song is was not very good bad fine dull long short it i we liked hated ##s ##ed ##ing ##ly great boring 7 ##0 é 電 影".split(" ")
TEXTS = [
    "The film was very good.",
    "This book is boring, dull and long!",
    "I liked it; we hated it?",
    "電影 é 70",
    "a",
    "the the the the the the the the the the the the the the the the the the the the the the the the the the",
]
LABELS = ["red", "green", "blue"]


def config():
    return BertConfig(
        vocab_size=len(VOCABULARY),
        hidden_size=8,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=12,
        max_position_embeddings=24,
        id2label=dict(enumerate(LABELS)),
        label2id={label: i for i, label in enumerate(LABELS)},
    )


def new_model():
    """A classifier whose logits differ clearly from text to text: every parameter is drawn, none is zero or one."""
    torch.manual_seed(20)
    model = BertForSequenceClassification(config()).eval()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.normal_(1.0 if name.endswith("LayerNorm.weight") else 0.0, 0.3)
    return model


def files_of(folder, names=None):
    found = sorted(os.listdir(folder)) if names is None else names
    return {name: base64.b64encode(open(os.path.join(folder, name), "rb").read()).decode() for name in found}


def weight_files(folder):
    """What a checkpoint adds to the tokenizer: its configuration and weights."""
    return files_of(folder, sorted(name for name in os.listdir(folder) if name == "config.json" or "safetensors" in name))


def logits_of(folder, tokenizer):
    model = AutoModelForSequenceClassification.from_pretrained(folder, dtype=torch.float32).eval()
    batch = tokenizer(TEXTS, padding=True, truncation=True, max_length=24, return_tensors="pt")
    with torch.no_grad():
        return model(**batch).logits.tolist()


def pairs_of(tokenizer):
    """Every text with the next one, by the model in float32, one batch for each way to cut."""
    first, second = TEXTS, TEXTS[1:] + TEXTS[:1]
    result = {}
    for truncation in ["longest_first", "only_first", "only_second"]:
        # The last text is longer than the model's positions, so that only one of the two texts may be it.
        rows = [i for i in range(len(TEXTS)) if {"only_first": second, "only_second": first}.get(truncation, "")[i : i + 1] != TEXTS[-1:]]
        batch = tokenizer([first[i] for i in rows], [second[i] for i in rows], padding=True, truncation=truncation, max_length=24, return_tensors="pt")
        with torch.no_grad():
            result[truncation] = {"rows": rows, "logits": new_model()(**batch).logits.tolist()}
    return result


def variant(name, write, tokenizer, has_head=True):
    with tempfile.TemporaryDirectory() as folder:
        write(folder)
        return {"name": name, "files": weight_files(folder), **({"logits": logits_of(folder, tokenizer)} if has_head else {})}


def write_old_names(folder):
    """As checkpoints converted from TensorFlow: gamma and beta, heads of pre-training, a buffer of positions."""
    new_model().save_pretrained(folder)
    path = os.path.join(folder, "model.safetensors")
    state = {name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta"): tensor for name, tensor in load_file(path).items()}
    state["bert.embeddings.position_ids"] = torch.arange(24).unsqueeze(0)
    state["cls.seq_relationship.weight"] = torch.zeros(2, 8)
    save_file(state, path, metadata={"format": "pt"})


def main():
    transformers.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    with tempfile.TemporaryDirectory() as folder:
        vocabulary = os.path.join(folder, "vocab.txt")
        with open(vocabulary, "w", encoding="utf-8") as file:
            file.write("".join(f"{token}\n" for token in VOCABULARY))
        BertTokenizer(vocab={token: i for i, token in enumerate(VOCABULARY)}, do_lower_case=True, model_max_length=24).save_pretrained(folder)
        os.remove(vocabulary)
        tokenizer = AutoTokenizer.from_pretrained(folder)
        tokenizer_files = files_of(folder)
        bare = new_model().bert
        without_pooler = BertModel(config(), add_pooling_layer=False)
        without_pooler.load_state_dict({name: tensor for name, tensor in bare.state_dict().items() if not name.startswith("pooler.")})
        variants = [
            variant("float32", lambda place: new_model().save_pretrained(place), tokenizer),
            variant("float16", lambda place: new_model().half().save_pretrained(place), tokenizer),
            variant("bfloat16", lambda place: new_model().bfloat16().save_pretrained(place), tokenizer),
            variant("several files", lambda place: new_model().save_pretrained(place, max_shard_size="3KB"), tokenizer),
            variant("names of TensorFlow", write_old_names, tokenizer),
            variant("without prefix and head", lambda place: bare.save_pretrained(place), tokenizer, has_head=False),
            variant("without pooler", lambda place: without_pooler.save_pretrained(place), tokenizer, has_head=False),
        ]
        pairs = pairs_of(tokenizer)
        encoded = [ids for ids in tokenizer(TEXTS, truncation=True, max_length=24)["input_ids"]]
    golden = {
        "about": "Written by scripts/golden/transformers_checkpoints.py. The variants with a head differ from one another by the rounding of their weights only; "
        "`logits` are computed in float32 from the weights as stored, of `texts` as one padded batch, and in `pairs` of every text with the next one.",
        "transformers": transformers.__version__,
        "torch": torch.__version__,
        "labels": LABELS,
        "texts": TEXTS,
        "tokenIds": encoded,
        "tokenizerFiles": tokenizer_files,
        "pairs": pairs,
        "variants": variants,
    }
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        json.dump(golden, file, ensure_ascii=False, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
