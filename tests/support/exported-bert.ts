/** A random BERT just wide enough to be quantized, as ONNX models of every dtype and both sets of operators. */
import { createRandom } from "../../src/base/random.js";
import { ONNX_DTYPES } from "../../src/checkpoints/onnx-files.js";
import { EXPORT_DTYPES } from "../../src/export/dtypes.js";
import { interchangeModel, OPERATOR_SETS } from "../../src/export/interchange-model.js";
import { bert } from "../../src/models/bert/index.js";
import { encodeMessage } from "../../src/onnx/wire.js";
import { buildInferenceGraph } from "../../src/training/classifier-graph.js";

const CONFIG = {
  model_type: "bert",
  vocab_size: 150,
  hidden_size: 128,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  intermediate_size: 160,
  max_position_embeddings: 130,
  initializer_range: 0.1,
};

/** Token ids of two texts, the second of which is padded with 0. */
export const EXPORTED_IDS = [
  [2, 17, 149, 33, 5, 3],
  [2, 90, 3, 0, 0, 0],
] as const;

/** The models by `DTYPE OPERATORS`. */
export function exportedBert(): Map<string, Uint8Array> {
  const graph = buildInferenceGraph({ model: bert, config: bert.readConfig(CONFIG), outputs: 3 });
  const random = createRandom(4);
  const weights = new Map(
    graph.parameters.map(({ name, shape }) => {
      const own = random.fork(name);
      // Layer normalisation scales around one.
      const centre = name.endsWith("LayerNorm.weight") ? 1 : 0;
      const size = shape.reduce((product, dim) => product * dim, 1);
      return [name, Float32Array.from({ length: size }, () => centre + 0.1 * own.normal())] as const;
    }),
  );
  const metadata = { task: "text-classification" };
  return new Map(
    OPERATOR_SETS.flatMap((operators) => {
      const model = interchangeModel({ graph, weights, metadata, producerVersion: "golden" }, operators);
      return ONNX_DTYPES.map((dtype) => {
        const converted = EXPORT_DTYPES[dtype].convert(model, operators);
        return [`${dtype} ${operators}`, encodeMessage("ModelProto", converted)] as const;
      });
    }),
  );
}
