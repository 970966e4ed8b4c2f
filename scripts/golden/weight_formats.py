"""The weights of one very small BERT in every format, as the libraries themselves write them.

All hold the weights of the variant "float32" of tests/golden/transformers-checkpoints.json, so that all give its logits.

Usage: python scripts/golden/weight_formats.py tests/golden/weight-formats
Needs: pip install torch transformers tensorflow keras keras-hub onnx safetensors

With a second argument, the folder of a model in Hugging Face's layout, the same files are made of that model.
"""
import base64
import json
import os
import pathlib
import shutil
import sys
import tarfile
import tempfile

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

HERE = pathlib.Path(__file__).resolve().parent


def unpack_source(folder):
    """The small model of the checkpoints' golden as a folder."""
    golden = json.loads((HERE / "../../tests/golden/transformers-checkpoints.json").read_text())
    variant = next(variant for variant in golden["variants"] if variant["name"] == "float32")
    for name, content in {**golden["tokenizerFiles"], **variant["files"]}.items():
        (folder / name).write_bytes(base64.b64decode(content))


def vocabulary_of(source):
    tokens = json.loads((source / "tokenizer.json").read_text())["model"]["vocab"]
    return "".join(f"{token}\n" for token in sorted(tokens, key=tokens.get))


# PyTorch


def write_pytorch(source, target):
    import torch
    from transformers import AutoModelForSequenceClassification

    state = AutoModelForSequenceClassification.from_pretrained(source).state_dict()
    whole = target / "pytorch"
    whole.mkdir()
    torch.save(state, whole / "pytorch_model.bin")

    legacy = target / "pytorch-legacy"
    legacy.mkdir()
    # A transposed view and a part of a larger storage: what is stored is not the row-major tensor.
    query = "bert.encoder.layer.0.attention.self.query.weight"
    moved = dict(state)
    moved[query] = state[query].T.contiguous().T
    table = torch.cat([torch.zeros(3, 8), state["bert.embeddings.word_embeddings.weight"]]) if len(state[query]) == 8 else None
    if table is not None:
        moved["bert.embeddings.word_embeddings.weight"] = table[3:]
    torch.save(moved, legacy / "pytorch_model.bin", _use_new_zipfile_serialization=False)

    sharded = target / "pytorch-sharded"
    sharded.mkdir()
    half = {name: torch.nn.Parameter(tensor.half()) for name, tensor in state.items() if tensor.is_floating_point()}
    names = list(half)
    shards = {f"pytorch_model-0000{i + 1}-of-00002.bin": names[i::2] for i in range(2)}
    for file, part in shards.items():
        torch.save({name: half[name] for name in part}, sharded / file)
    index = {"metadata": {}, "weight_map": {name: file for file, part in shards.items() for name in part}}
    (sharded / "pytorch_model.bin.index.json").write_text(json.dumps(index))


# ONNX


def write_onnx(source, target):
    import onnx
    import torch
    from transformers import BertForSequenceClassification

    model = BertForSequenceClassification.from_pretrained(source, attn_implementation="eager").eval()
    ids = torch.tensor([[2, 5, 6, 3], [2, 7, 8, 3]])
    inputs = {"input_ids": ids, "attention_mask": torch.ones_like(ids), "token_type_ids": torch.zeros_like(ids)}
    axes = {name: {0: "batch", 1: "tokens"} for name in inputs}

    class Classifier(torch.nn.Module):
        """With the inputs in their places, which the older exporter needs."""

        def __init__(self, inner):
            super().__init__()
            self.bert, self.classifier, self.config = inner.bert, inner.classifier, inner.config

        def forward(self, input_ids, attention_mask, token_type_ids):
            bert = self.bert(input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids)
            return self.classifier(bert.pooler_output)

    def export(name, module, dynamo):
        folder = target / name / "onnx"
        folder.mkdir(parents=True)
        shapes = [{0: torch.export.Dim.DYNAMIC, 1: torch.export.Dim.DYNAMIC} for _ in inputs]
        new = {"dynamo": True, "external_data": True, "dynamic_shapes": shapes}
        options = new if dynamo else {"dynamo": False, "dynamic_axes": axes}
        torch.onnx.export(
            module, tuple(inputs.values()), folder / "model.onnx", input_names=list(inputs), output_names=["logits"], **options
        )
        if dynamo:
            # Where in the source each node comes from makes most of the file.
            exported = onnx.load(folder / "model.onnx")
            for item in [*exported.graph.node, *exported.graph.initializer, *exported.graph.value_info]:
                item.ClearField("metadata_props")
            options = {"save_as_external_data": True, "location": "model.onnx.data", "size_threshold": 64}
            (folder / "model.onnx.data").unlink(missing_ok=True)
            onnx.save(exported, folder / "model.onnx", **options)

    export("onnx", Classifier(model), dynamo=False)
    export("onnx-dynamo", Classifier(model), dynamo=True)
    export("onnx-float16", Classifier(model.half()), dynamo=False)


# TensorFlow

def write_google(source, target):
    """As google-research/bert: transformers' names with slashes, dense kernels transposed, and what an optimizer leaves."""
    import numpy as np
    import tensorflow as tf
    from safetensors.numpy import load_file

    folder = target / "google-bert"
    folder.mkdir()
    state = load_file(source / "model.safetensors")
    values = {"global_step": np.int64(7)}
    for name, value in state.items():
        is_head = name.startswith("classifier.")
        name = name.removeprefix("bert.").replace("encoder.layer.", "encoder.layer_").replace(".", "/")
        if is_head:
            values["output_weights" if name.endswith("weight") else "output_bias"] = value
            continue
        if "LayerNorm" in name:
            name = name.replace("/weight", "/gamma").replace("/bias", "/beta")
        elif name.endswith("_embeddings/weight"):
            name = name.removesuffix("/weight")
        elif name.endswith("/weight"):
            name, value = name.replace("/weight", "/kernel"), value.T
        values[f"bert/{name}"] = value
    values["bert/pooler/dense/bias/adam_m"] = np.zeros_like(values["bert/pooler/dense/bias"])
    values["cls/predictions/output_bias"] = np.zeros(3, np.float32)
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        variables = [tf.compat.v1.get_variable(name, initializer=value) for name, value in values.items()]
        session.run(tf.compat.v1.global_variables_initializer())
        tf.compat.v1.train.Saver(variables).save(session, str(folder / "bert_model.ckpt"), write_state=False, write_meta_graph=False)
    config = json.loads((source / "config.json").read_text())
    keys = "attention_probs_dropout_prob hidden_act hidden_dropout_prob hidden_size initializer_range intermediate_size max_position_embeddings num_attention_heads num_hidden_layers type_vocab_size vocab_size"
    (folder / "bert_config.json").write_text(json.dumps({key: config[key] for key in keys.split()}, indent=2))
    (folder / "vocab.txt").write_text(vocabulary_of(source))


def model_garden_weights(state, heads):
    """The weights of Model Garden's BertEncoder by its variables' names: attention has an axis for the heads."""
    layers = sum(name.endswith("intermediate.dense.weight") for name in state)

    def dense(stored, name):
        return {f"{stored}/kernel": state[f"{name}.weight"].T, f"{stored}/bias": state[f"{name}.bias"]}

    def norm(stored, name):
        return {f"{stored}/gamma": state[f"{name}.weight"], f"{stored}/beta": state[f"{name}.bias"]}

    weights = {
        "word_embeddings/embeddings": state["bert.embeddings.word_embeddings.weight"],
        "position_embedding/embeddings": state["bert.embeddings.position_embeddings.weight"],
        "type_embeddings/embeddings": state["bert.embeddings.token_type_embeddings.weight"],
        **norm("embeddings/layer_norm", "bert.embeddings.LayerNorm"),
        **dense("pooler_transform", "bert.pooler.dense"),
    }
    for i in range(layers):
        stored, name = f"transformer/layer_{i}", f"bert.encoder.layer.{i}"
        for part in ["query", "key", "value"]:
            whole = dense(f"{stored}/self_attention/{part}", f"{name}.attention.self.{part}")
            for key, value in whole.items():
                weights[key] = value.reshape(*value.shape[:-1], heads, -1)
        out = dense(f"{stored}/self_attention/attention_output", f"{name}.attention.output.dense")
        for key, value in out.items():
            weights[key] = value.reshape(heads, -1, value.shape[-1]) if key.endswith("kernel") else value
        weights |= norm(f"{stored}/self_attention_layer_norm", f"{name}.attention.output.LayerNorm")
        weights |= dense(f"{stored}/intermediate", f"{name}.intermediate.dense")
        weights |= dense(f"{stored}/output", f"{name}.output.dense")
        weights |= norm(f"{stored}/output_layer_norm", f"{name}.output.LayerNorm")
    return weights


def write_saved_model(source, target):
    """As the BERT modules of TensorFlow Hub: a SavedModel whose variables are named as those of Model Garden's encoder."""
    import tensorflow as tf
    from safetensors.numpy import load_file

    config = json.loads((source / "config.json").read_text())
    weights = model_garden_weights(load_file(source / "model.safetensors"), config["num_attention_heads"])

    class Encoder(tf.Module):
        def __init__(self):
            super().__init__()
            # Not in their order, so that only their names tell them apart.
            self.encoder_variables = [tf.Variable(value, name=name) for name, value in reversed(weights.items())]
            self.vocab_file = tf.saved_model.Asset(str(vocabulary))
            self.do_lower_case = tf.Variable(True, trainable=False)

    folder = target / "saved-model"
    with tempfile.TemporaryDirectory() as temporary:
        vocabulary = pathlib.Path(temporary) / "vocab.txt"
        vocabulary.write_text(vocabulary_of(source))
        tf.saved_model.save(Encoder(), str(folder))
    for unread in ["fingerprint.pb", "saved_model.pb"]:
        (folder / unread).unlink()


# Keras


def write_keras(source, target):
    import keras_hub
    from safetensors.numpy import load_file

    config = json.loads((source / "config.json").read_text())
    state = load_file(source / "model.safetensors")
    backbone = keras_hub.models.BertBackbone(
        vocabulary_size=config["vocab_size"],
        num_layers=config["num_hidden_layers"],
        num_heads=config["num_attention_heads"],
        hidden_dim=config["hidden_size"],
        intermediate_dim=config["intermediate_size"],
        dropout=config["hidden_dropout_prob"],
        max_sequence_length=config["max_position_embeddings"],
        num_segments=config["type_vocab_size"],
    )
    layer_names = [
        ("pooler_transform", "pooled_dense"),
        ("word_embeddings", "token_embedding"),
        ("type_embeddings", "segment_embedding"),
        ("embeddings/layer_norm", "embeddings_layer_norm"),
        ("transformer/layer_", "transformer_layer_"),
        ("/self_attention_layer_norm", "/self_attention_layer_norm"),
        ("/self_attention/", "/self_attention_layer/"),
        ("/intermediate/", "/feedforward_intermediate_dense/"),
        ("/output/", "/feedforward_output_dense/"),
        ("/output_layer_norm", "/feedforward_layer_norm"),
    ]
    weights = {}
    for name, value in model_garden_weights(state, config["num_attention_heads"]).items():
        for old, new in layer_names:
            name = name.replace(old, new)
        weights[name] = value
    for variable in backbone.weights:
        variable.assign(weights.pop(variable.path))
    assert not weights, weights.keys()

    preset = target / "keras-hub"
    backbone.save_to_preset(str(preset))
    # KerasHub's tokenizer needs tensorflow-text to be made; these are the files that it saves.
    (preset / "assets/tokenizer").mkdir(parents=True)
    (preset / "assets/tokenizer/vocabulary.txt").write_text(vocabulary_of(source))
    tokenizer = {
        "module": "keras_hub.src.models.bert.bert_tokenizer",
        "class_name": "BertTokenizer",
        "config": {
            "name": "bert_tokenizer",
            "trainable": True,
            "config_file": "tokenizer.json",
            "vocabulary": None,
            "sequence_length": None,
            "lowercase": True,
            "strip_accents": True,
            "split": True,
            "suffix_indicator": "##",
            "oov_token": "[UNK]",
        },
        "registered_name": "keras_hub>BertTokenizer",
    }
    (preset / "tokenizer.json").write_text(json.dumps(tokenizer, indent=4))

    classifier = keras_hub.models.BertTextClassifier(backbone=backbone, num_classes=len(config.get("id2label", {0: "", 1: ""})))
    if "classifier.weight" in state:
        classifier.output_dense.kernel.assign(state["classifier.weight"].T)
        classifier.output_dense.bias.assign(state["classifier.bias"])
    # A preset of the whole task: the head stands in a file of its own.
    task = target / "keras-hub-task"
    classifier.save_to_preset(str(task))
    shutil.copytree(preset / "assets", task / "assets")
    shutil.copy(preset / "tokenizer.json", task)
    whole = target / "keras"
    whole.mkdir()
    classifier.save(str(whole / "classifier.keras"))
    (whole / "vocab.txt").write_text(vocabulary_of(source))


def write_tf_model(source, target):
    """tf_model.h5 as transformers saved it for TensorFlow until version 4: Keras 2's layout, names of variables with ":0"."""
    import h5py
    from safetensors.numpy import load_file

    folder = target / "tf-model"
    folder.mkdir()
    model = "tf_bert_for_sequence_classification"
    layers = {}
    for name, value in load_file(source / "model.safetensors").items():
        layer, *rest = name.replace("encoder.layer.", "encoder.layer_._").split(".")
        if "_._" in name.replace("encoder.layer.", "encoder.layer_._"):
            rest = "/".join(rest).replace("layer_/_", "layer_._").split("/")
        *place, kind = rest
        if "LayerNorm" in place:
            kind = {"weight": "gamma", "bias": "beta"}[kind]
        elif place and place[-1] in ["position_embeddings", "token_type_embeddings"]:
            kind = "embeddings"
        elif kind == "weight" and not (place and place[-1] == "word_embeddings"):
            kind, value = "kernel", value.T
        layers.setdefault(layer, {})["/".join([model, layer, *place, f"{kind}:0"])] = value
    with h5py.File(folder / "tf_model.h5", "w") as file:
        file.attrs["layer_names"] = [name.encode() for name in layers]
        file.attrs["backend"], file.attrs["keras_version"] = b"tensorflow", b"2.4.0"
        for layer, weights in layers.items():
            group = file.create_group(layer)
            group.attrs["weight_names"] = [name.encode() for name in weights]
            for name, value in weights.items():
                group.create_dataset(name, data=value)


# Archives


def write_archives(source, target):
    """As they are offered: Google's zip archives hold one folder, the modules of TensorFlow Hub are packed without one."""
    archives = target / "archives"
    archives.mkdir(exist_ok=True)
    shutil.make_archive(str(archives / "uncased_L-2_H-8_A-2"), "zip", target, "google-bert")
    with tarfile.open(archives / "small_bert_1.tar.gz", "w:gz") as archive:
        for path in sorted((target / "saved-model").rglob("*")):
            archive.add(path, f"./{path.relative_to(target / 'saved-model')}", recursive=False)


def main(target, source=None):
    target = pathlib.Path(target)
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as temporary:
        if source is None:
            source = temporary
            unpack_source(pathlib.Path(temporary))
        for write in [write_pytorch, write_onnx, write_google, write_saved_model, write_keras, write_tf_model, write_archives]:
            write(pathlib.Path(source), target)


if __name__ == "__main__":
    main(*sys.argv[1:])
