/** How the outputs of a classifier change with the embeddings of its tokens. */
import { differentiate } from "../autodiff/differentiate.js";
import { sliceEarly } from "../autodiff/slice-early.js";
import { reachableNodes, type Value } from "../graph/graph.js";
import { substitute } from "../graph/substitute.js";
import { gradientAlgebra } from "../ops/algebra.js";
import { mul } from "../ops/arithmetic.js";
import { Lookup } from "../ops/lookup.js";
import { reshape, Slice, slice } from "../ops/movement.js";
import { reduceSum } from "../ops/reduction.js";
import type { Runtime, Tensor } from "../runtime/session.js";
import type { Batch } from "./batch.js";
import { buildLogits, type ClassifierGraphOptions } from "./classifier-graph.js";
import { createStages } from "./stages.js";

export interface TokenGradients {
  /**
   * The logits [B, C] of a batch whose tokens have the embeddings [B, T, E], and the gradients [B, T, E] of the sum of these
   * logits, each times its weight [C].
   */
  compute(batch: Batch, embeddings: Float32Array, weights: Float32Array): Promise<LogitsAndGradients>;
  close(): Promise<void>;
}

export interface LogitsAndGradients {
  readonly logits: Float32Array;
  readonly gradients: Float32Array;
}

export interface TokenGradientsOptions {
  readonly runtime: Runtime;
  readonly graph: ClassifierGraphOptions;
  /** The values of every parameter by name. */
  readonly weights: ReadonlyMap<string, Float32Array>;
  readonly threads?: number | undefined;
}

export async function openTokenGradients(options: TokenGradientsOptions): Promise<TokenGradients> {
  const { runtime, graph, weights, threads } = options;
  const { outputs, parameters, width } = buildTokenGradients(graph);
  const stages = await createStages(runtime, [outputs], threads === undefined ? {} : { threads });
  const parameterTensors: Record<string, Tensor> = Object.fromEntries(
    parameters.map(({ name, shape }) => {
      return [name, { dtype: "float32", shape, data: weights.get(name) as Float32Array }];
    }),
  );
  return {
    async compute(batch, embeddings, outputWeights) {
      const feeds: Record<string, Tensor> = {
        ...parameterTensors,
        ...batch.tensors,
        token_embeddings: { dtype: "float32", shape: [batch.size, batch.tokens, width], data: embeddings },
        output_weights: { dtype: "float32", shape: [outputWeights.length], data: outputWeights },
      };
      const { logits, gradients } = await stages.run(() => feeds, {});
      return { logits: logits.data as Float32Array, gradients: gradients.data as Float32Array };
    },
    close: () => stages.close(),
  };
}

/** The graph of prediction with the embeddings of the tokens as an input of its own, and the gradient for it. */
function buildTokenGradients(options: ClassifierGraphOptions) {
  const { logits, parameters } = buildLogits(options, false);
  const table = parameters.find(({ name }) => name === options.model.wordEmbeddings)?.value;
  const read = reachableNodes([logits]).find(({ op, inputs }) => op === Lookup && inputs[0] === table);
  if (read === undefined) throw new Error("no embeddings of tokens are read");
  const [embedded] = read.outputs;
  const { graph } = logits;
  const embeddings = graph.input("token_embeddings", "float32", embedded.shape);
  const outputWeights = graph.input("output_weights", "float32", [options.outputs]);
  const [free] = substitute([logits], new Map([[embedded, embeddings]]));
  const [early] = sliceEarly([free], { operator: Slice.name, slice });
  const sum: Value = reshape(reduceSum(mul(early, outputWeights), [0, 1]), []);
  const [gradients] = differentiate(sum, [embeddings], gradientAlgebra);
  const width = embedded.shape[embedded.shape.length - 1] as number;
  return { outputs: { logits: early, gradients }, parameters, width };
}
