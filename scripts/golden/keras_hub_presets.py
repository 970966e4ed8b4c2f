"""The small random classifiers of tests/golden/architectures as presets of KerasHub, as KerasHub itself saves them.

Weights by the formula of their golden (see architectures.py), with the head in task.weights.h5 where KerasHub has a
classifier of the kind; of one of them the whole classifier in one file besides; compressed. The files of tokenizers, which need TensorFlow Text
to be made, are those of tests/golden/tokenizers, under KerasHub's names; the test puts them there.

Usage: python scripts/golden/keras_hub_presets.py tests/golden/keras-hub
Needs: pip install keras-hub tensorflow h5py numpy
"""
import gzip
import json
import os
import pathlib
import sys

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras_hub
import numpy as np

GOLDEN = pathlib.Path(__file__).resolve().parents[2] / "tests/golden/architectures"
CASES = {"distilbert": "DistilBert", "roberta": "Roberta", "xlm-roberta": "XLMRoberta", "electra": "Electra", "electra-as-wide": "Electra", "albert-v2": "Albert", "deberta-v3": "DebertaV3"}
WHOLE = "roberta"


def values(p, parameter):
    i = np.arange(int(np.prod(parameter["shape"])), dtype=np.int64)
    u = ((7919 * i * i + 104729 * i + 1299709 * (p + 1)) % 65521).astype(np.float64) / 65521 - 0.5
    return (parameter["offset"] + parameter["scale"] * u).astype(np.float32).reshape(parameter["shape"])


def sizes(kind, config):
    """The arguments of the backbone."""
    if kind == "DistilBert":
        names = {"num_layers": "n_layers", "num_heads": "n_heads", "hidden_dim": "dim", "intermediate_dim": "hidden_dim"}
    else:
        names = {"num_layers": "num_hidden_layers", "num_heads": "num_attention_heads", "hidden_dim": "hidden_size", "intermediate_dim": "intermediate_size"}
    result = {ours: config[theirs] for ours, theirs in names.items()}
    result["vocab_size" if kind == "Electra" else "vocabulary_size"] = config["vocab_size"]
    # RoBERTa's first two positions are those of padding and of what stands before it, which no token ever has.
    result["max_sequence_length"] = config["max_position_embeddings"] - (2 if "Roberta" in kind else 0)
    if kind in ("Electra", "Albert"):
        result["embedding_dim"] = config["embedding_size"]
    if kind == "DebertaV3":
        result["bucket_size"] = config["position_buckets"]
    return {**result, "dropout": 0.0}


# The last parts of Hugging Face's names, by those of Keras' layers.
ENCODER = {
    "DistilBert": ("transformer.layer.{n}", ["attention.q_lin", "attention.k_lin", "attention.v_lin", "attention.out_lin", "sa_layer_norm", "ffn.lin1", "ffn.lin2", "output_layer_norm"]),
    "Albert": ("encoder.albert_layer_groups.{n}.albert_layers.0", ["attention.query", "attention.key", "attention.value", "attention.dense", "attention.LayerNorm", "ffn", "ffn_output", "full_layer_layer_norm"]),
    "DebertaV3": ("encoder.layer.{n}", ["attention.self.query_proj", "attention.self.key_proj", "attention.self.value_proj", "attention.output.dense", "attention.output.LayerNorm", "intermediate.dense", "output.dense", "output.LayerNorm"]),
}
BERT = ("encoder.layer.{n}", ["attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense", "attention.output.LayerNorm", "intermediate.dense", "output.dense", "output.LayerNorm"])


def fill(layer, state, name):
    """Sets the weights of a layer of Keras from those of a layer of PyTorch."""
    for variable in layer.weights:
        if variable.name in ("embeddings", "position_embeddings", "gamma"):
            value = state.pop(f"{name}.weight")
        elif variable.name == "kernel":
            kernel = state.pop(f"{name}.weight")
            value = kernel.T.reshape(variable.shape)
        else:
            value = state.pop(f"{name}.bias").reshape(variable.shape)
        variable.assign(value)


def fill_encoder(backbone, kind, state, prefix):
    embeddings = f"{prefix}.embeddings"
    if hasattr(backbone, "embeddings"):
        if "Roberta" in kind:
            positions = f"{embeddings}.position_embeddings.weight"
            state[positions] = state[positions][2:]
            del state[f"{embeddings}.token_type_embeddings.weight"]
        fill(backbone.embeddings.token_embedding, state, f"{embeddings}.word_embeddings")
        fill(backbone.embeddings.position_embedding, state, f"{embeddings}.position_embeddings")
    else:
        fill(backbone.token_embedding, state, f"{embeddings}.word_embeddings")
        if kind == "DebertaV3":
            backbone.relative_embeddings.rel_embeddings.assign(state.pop(f"{prefix}.encoder.rel_embeddings.weight"))
            fill(backbone.relative_embeddings.layer_norm, state, f"{prefix}.encoder.LayerNorm")
        else:
            fill(backbone.position_embedding, state, f"{embeddings}.position_embeddings")
            fill(backbone.segment_embedding, state, f"{embeddings}.token_type_embeddings")
    fill(backbone.embeddings_layer_norm, state, f"{embeddings}.LayerNorm")
    if hasattr(backbone, "embeddings_projection"):
        fill(backbone.embeddings_projection, state, f"{prefix}.encoder.embedding_hidden_mapping_in" if kind == "Albert" else f"{prefix}.embeddings_project")
    if kind == "Albert":
        fill(backbone.pooled_dense, state, f"{prefix}.pooler")
    layer_name, names = ENCODER.get(kind, BERT)
    layers = [group[0] for group in backbone.transformer_layers] if kind == "Albert" else backbone.transformer_layers
    for n, layer in enumerate(layers):
        attention = layer._self_attention_layer
        parts = [attention._query_dense, attention._key_dense, attention._value_dense, attention._output_dense, layer._self_attention_layer_norm]
        parts += [layer._feedforward_intermediate_dense, layer._feedforward_output_dense, layer._feedforward_layer_norm]
        for part, name in zip(parts, names):
            fill(part, state, f"{prefix}.{layer_name.format(n=n)}.{name}")


def main():
    target = pathlib.Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    for case, kind in CASES.items():
        golden = json.loads((GOLDEN / f"{case}.json").read_text())
        state = {parameter["name"]: values(p, parameter) for p, parameter in enumerate(golden["parameters"])}
        prefix = next(name for name in state if ".embeddings." in name).split(".")[0]
        backbone = getattr(keras_hub.models, f"{kind}Backbone")(**sizes(kind, golden["config"]))
        fill_encoder(backbone, kind, state, prefix)
        if kind == "Electra":
            state = {}
            backbone.save_to_preset(str(target / case))
        else:
            classifier = getattr(keras_hub.models, f"{kind}TextClassifier")(backbone=backbone, num_classes=3)
            hidden, last = {"DistilBert": ("pre_classifier", "classifier"), "DebertaV3": ("pooler.dense", "classifier"), "Albert": (None, "classifier")}.get(kind, ("classifier.dense", "classifier.out_proj"))
            if hidden:
                fill(classifier.pooled_dense, state, hidden)
            fill(classifier.output_dense, state, last)
            classifier.save_to_preset(str(target / case))
            if case == WHOLE:
                (target / f"{case}-whole").mkdir(exist_ok=True)
                classifier.save(str(target / f"{case}-whole/classifier.keras"))
        assert not state, state.keys()
    # HDF5 of so little is mostly empty; and a few files are read by nobody here.
    for path in list(target.rglob("*.*")):
        if path.name in ("task.json", "metadata.json"):
            path.unlink()
        elif path.suffix in (".h5", ".keras"):
            pathlib.Path(f"{path}.gz").write_bytes(gzip.compress(path.read_bytes(), mtime=0))
            path.unlink()
    print(sum(path.stat().st_size for path in target.rglob("*.*") if path.is_file()), "bytes")


if __name__ == "__main__":
    main()
