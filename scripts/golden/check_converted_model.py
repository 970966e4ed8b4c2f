"""Reads what `textune convert` wrote with TensorFlow, KerasHub and transformers, and compares every weight with the source.

Usage: python scripts/golden/check_converted_model.py MODEL
Needs: npm ci; pip install torch transformers tensorflow keras-hub safetensors

MODEL is a folder of Hugging Face's layout. Exit status 1 where anything differs.
"""
import os
import pathlib
import subprocess
import sys
import tempfile

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras_hub
import numpy as np
import tensorflow as tf
from safetensors.numpy import load_file
from transformers import AutoModel
from weight_formats import model_garden_weights

ROOT = pathlib.Path(__file__).resolve().parent / "../.."


def main(model):
    state = {name if name.startswith(("bert.", "classifier.")) else f"bert.{name}": value for name, value in load_file(f"{model}/model.safetensors").items()}
    different = []

    def compare(where, values, wanted):
        """By their values alone: an order of axes of its own would move them."""
        values, wanted = (sorted((tuple(np.shape(value)), np.asarray(value).tobytes()) for value in side) for side in (values, wanted))
        print(f"{where}: {len(values)} weights, {'equal' if values == wanted else 'DIFFERENT'}")
        different.extend([] if values == wanted else [where])

    with tempfile.TemporaryDirectory() as place:
        folders = {}
        for name in ["hugging-face", "keras-hub", "google"]:
            folders[name] = os.path.join(place, name)
            subprocess.run(["npx", "tsx", "src/cli/main.ts", "convert", os.path.abspath(model), "--to", name, "--output", folders[name]], cwd=ROOT, check=True)

        encoder = {name: value for name, value in state.items() if name.startswith("bert.") and "position_ids" not in name}
        loaded = AutoModel.from_pretrained(folders["hugging-face"])
        compare("transformers", [value.numpy() for value in loaded.state_dict().values()], list(encoder.values()))

        backbone = keras_hub.models.BertBackbone.from_preset(folders["keras-hub"])
        wanted = model_garden_weights(state, loaded.config.num_attention_heads)
        compare("KerasHub", [variable.numpy() for variable in backbone.weights], [np.ascontiguousarray(value) for value in wanted.values()])

        reader = tf.train.load_checkpoint(os.path.join(folders["google"], "bert_model.ckpt"))
        read = [reader.get_tensor(name) for name in reader.get_variable_to_shape_map()]
        plain = [np.ascontiguousarray(value.T) if value.ndim == 2 and "embeddings" not in name and not name.startswith("classifier") else value for name, value in state.items() if "position_ids" not in name]
        compare("TensorFlow", read, plain)
    sys.exit(1 if different else 0)


main(*sys.argv[1:])
