/** Mistakes in reading and writing weights. */
import { inFile, type SourceMutation } from "./source-mutation.js";

const PARITY = "tests/parity/weight-formats.test.ts";
const FORMATS = "src/checkpoints/node/formats.test.ts";
const PYTORCH = "src/checkpoints/node/pytorch-file.test.ts";
const SAVE = "src/checkpoints/node/save-checkpoint.test.ts";
const CONVERSION = "src/checkpoints/conversions/conversion.test.ts";
const SAFETENSORS = "src/checkpoints/node/safetensors-file.test.ts";

export const CHECKPOINT_MUTATIONS: readonly SourceMutation[] = [
  ...inFile(
    "src/checkpoints/safetensors.ts",
    [SAFETENSORS],
    [
      ["tensors may overlap", "if (start !== end) {", "if (start > end) {"],
      ["a tensor may have another size than its shape", "if (end - start !== expected)", "if (end < start)"],
      ["data after the last tensor are passed over", "if (end !== dataBytes)", "if (end > dataBytes)"],
    ],
  ),
  ...inFile(
    "src/checkpoints/weight-reader.ts",
    [SAFETENSORS],
    [["bfloat16 is taken for float16", '(type === "float16" ? halfToFloat : bfloatToFloat)', "halfToFloat"]],
  ),
  ...inFile(
    "src/checkpoints/conversions/conversion.ts",
    [CONVERSION],
    [
      ["dense weights are not transposed", 'layout === undefined || layout === "heads"', "layout !== null"],
      ["heads are counted among the inputs", '"to-heads": 1', '"to-heads": 2'],
      ["names are known in the middle of words", '"^(?:.*/)?"', '"^.*"'],
      ["Keras counts layers from 1", "Number(match[1] ?? 0)", "Number(match[1] ?? 1)"],
      ["of two weights the last is taken", "if (before !== undefined) {", "if (before === null) {"],
    ],
  ),
  ...inFile(
    "src/checkpoints/pytorch/unpickle.ts",
    [PYTORCH],
    [["any name may be called", "return found ?? refuse(", "return found ?? String("]],
  ),
  ...inFile(
    "src/checkpoints/pytorch/state-dict.ts",
    [PYTORCH, PARITY],
    [
      ["a tensor may claim any size", "reach > storage.count || count > storage.count", "reach > storage.count"],
      [
        "a tensor may reach beyond its storage",
        "reach > storage.count || count > storage.count",
        "count > storage.count",
      ],
      [
        "a tensor begins where its storage does",
        "source.read(offset * size, reach * size)",
        "source.read(0, reach * size)",
      ],
      ["strides are ignored", "if (isRowMajor(shape, strides)) return values", "if (count > 0) return values"],
    ],
  ),
  ...inFile(
    "src/checkpoints/node/zip-entries.ts",
    [PYTORCH],
    [["checksums are not compared", "crc32(bytes) !== checksum", "checksum < 0"]],
  ),
  ...inFile(
    "src/checkpoints/tensorflow/table.ts",
    ["src/checkpoints/tensorflow/table.test.ts", PARITY],
    [
      [
        "keys do not share their beginnings",
        "next.set(key.subarray(0, shared))",
        "next.set(key.subarray(shared, shared))",
      ],
      ["blocks are not checked", "if (checksum !== actual)", "if (checksum < 0)"],
      ["keys may be of any length", "shared + own > MAX_KEY_BYTES", "own > MAX_KEY_BYTES"],
    ],
  ),
  ...inFile(
    "src/checkpoints/tensorflow/bundle.ts",
    [PARITY, "src/checkpoints/tensorflow/bundle.test.ts"],
    [
      ["variables keep the keys of their objects", "own ? name : key.replace", "key.replace"],
      ["a weight may have another size than its shape", "size !== count * type.bytes", "size < 0"],
    ],
  ),
  ...inFile(
    "src/checkpoints/onnx/parameter-names.ts",
    [PARITY],
    [
      [
        "weights keep the numbers of the exporter",
        "parameter === undefined || stored.has(parameter)",
        "stored.has(name)",
      ],
    ],
  ),
  ...inFile(
    "src/checkpoints/node/hdf5-library.ts",
    [FORMATS, PARITY],
    [["a file in an archive begins at the archive's beginning", "start + position", "position"]],
  ),
  ...inFile(
    "src/checkpoints/node/model-folder.ts",
    [PARITY],
    [["every vocabulary is uncased", "!isCased(vocabulary)", "true"]],
  ),
  ...inFile(
    "src/checkpoints/node/unpack-archive.ts",
    [PARITY, "src/checkpoints/node/unpack-archive.test.ts"],
    [
      ["what was unpacked stays", "rm(place, { recursive: true, force: true })", "Promise.resolve()"],
      ["archives may grow without end", "UNSUSPICIOUS_BYTES + MOST_RATIO * size", "Number.MAX_SAFE_INTEGER"],
    ],
  ),
  ...inFile(
    "src/checkpoints/node/replace-folder.ts",
    [SAVE],
    [
      ["the old model goes before the new one is on the disk", "await syncFolder(dirname(target));", ""],
      [
        "the configuration is not on the disk",
        "await file.writeFile(piece); await file.sync();",
        "await file.writeFile(piece);",
      ],
      ["what killed saves left stays", "await removeOldSaves(target);", ""],
      ["the only whole model is removed", "if (existsSync(join(target, CONFIG_FILE)))", ""],
    ],
  ),
  ...inFile(
    "src/checkpoints/conversions/outgoing.ts",
    ["src/checkpoints/node/convert-model.test.ts"],
    [
      ["kernels are written as they are", 'layout === undefined || layout === "heads"', "layout !== null"],
      ["a missing pooler is passed over", 'name.startsWith("classifier.")', "n >= 0"],
      ["old names are not known", '.replace(/LayerNorm\\.weight$/, "LayerNorm.gamma")', ""],
    ],
  ),
  ...inFile(
    "src/base/node/processes.ts",
    ["src/base/node/processes.test.ts"],
    [["what running processes work on is removed", "pid > 0 && !isRunning(pid)", "pid > 0"]],
  ),
];
