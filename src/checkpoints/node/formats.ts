/**
 * All weight formats, the preferred one first: a folder may hold the same weights in several. The readers of the others are
 * loaded when they are needed, as most programs never meet one.
 */
import { WEIGHT_SHARD } from "../checkpoint.js";
import type { OpenedWeights, WeightFormat } from "./format.js";
import { openSafetensors } from "./safetensors-file.js";

const isIndex = (file: string): boolean => file.endsWith(".index.json");

const safetensors: WeightFormat = {
  name: "safetensors",
  files: [/^model\.safetensors$/, /^model\.safetensors\.index\.json$/],
  parts: (file, paths) => (isIndex(file) ? paths.filter((path) => WEIGHT_SHARD.test(path)) : []),
  endings: [".safetensors", ".safetensors.index.json"],
  open: async (path) => ({ weights: await openSafetensors(path) }),
  source: "github.com/huggingface/safetensors",
};

const pytorch: WeightFormat = {
  name: "PyTorch",
  files: [/^pytorch_model\.bin$/, /^pytorch_model\.bin\.index\.json$/],
  parts: (file, paths) => (isIndex(file) ? paths.filter((path) => /^pytorch_model-\d+-of-\d+\.bin$/.test(path)) : []),
  endings: [".bin", ".bin.index.json", ".pt", ".pth"],
  open: async (path) => ({ weights: await (await import("./pytorch-file.js")).openPytorch(path) }),
  source: "torch.save: torch/serialization.py",
};

const tensorflow: WeightFormat = {
  name: "TensorFlow",
  files: [
    /^bert_model\.ckpt\.index$/,
    /^variables\/variables\.index$/,
    /^[^/]*ckpt[^/]*\.index$/,
    // ELECTRA's authors call the file as the model.
    /^electra_\w+\.index$/,
  ],
  parts: (file, paths) => paths.filter((path) => path.startsWith(file.replace(/index$/, "data-"))),
  endings: [".index"],
  open: async (path) => (await import("./tensorflow-file.js")).openTensorflow(path),
  source: "tf.train.Saver, tf.train.Checkpoint, tf.saved_model.save: tensorflow/core/util/tensor_bundle",
};

const keras: WeightFormat = {
  name: "Keras",
  files: [/^model\.weights\.h5$/, /^(?!task\.)[^/]*\.weights\.h5$/, /^[^/]*\.keras$/, /^tf_model\.h5$/],
  parts: (file, paths) => (file === "model.weights.h5" ? paths.filter((path) => path === "task.weights.h5") : []),
  endings: [".weights.h5", ".keras", "tf_model.h5"],
  open: async (path) => (await import("./keras-file.js")).openKeras(path),
  source:
    "keras.Model.save: keras/src/saving/saving_lib.py; of transformers' tf_model.h5 keras/src/legacy/saving/legacy_h5_format.py",
};

const onnx: WeightFormat = {
  name: "ONNX",
  files: [/^(?:onnx\/)?model\.onnx$/, /^(?:onnx\/)?model_fp16\.onnx$/],
  parts: (file, paths) => paths.filter((path) => path.startsWith(`${file}_data`) || path.startsWith(`${file}.data`)),
  endings: [".onnx"],
  open: async (path) => ({ weights: await (await import("./onnx-file.js")).openOnnx(path) }),
  source: "torch.onnx.export, optimum: onnx/onnx.proto",
};

export const WEIGHT_FORMATS: readonly WeightFormat[] = [safetensors, pytorch, tensorflow, keras, onnx];

/** The file with the weights among `files`, the paths in a model folder, the others that belong to it, and its format. */
export function findWeights(
  files: readonly string[],
): { file: string; parts: readonly string[]; format: WeightFormat } | undefined {
  for (const format of WEIGHT_FORMATS) {
    for (const pattern of format.files) {
      const file = files.find((path) => pattern.test(path));
      if (file !== undefined) return { file, parts: format.parts?.(file, files) ?? [], format };
    }
  }
  return undefined;
}

/** Opens the file of weights at `path`. Undefined for a name that no format has. */
export function openWeights(path: string): Promise<OpenedWeights> | undefined {
  return WEIGHT_FORMATS.find(({ endings }) => endings.some((ending) => path.endsWith(ending)))?.open(path);
}
