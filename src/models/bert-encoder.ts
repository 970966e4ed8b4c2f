/** The encoder of BERT, and of its descendants with what they changed. */
import type { Value } from "../graph/graph.js";
import type { Encoded } from "../heads/head.js";
import { HIDDEN_ACTIVATIONS } from "../nn/activations.js";
import { attentionBias } from "../nn/attention.js";
import { dense } from "../nn/layers.js";
import { firstToken } from "../nn/pooling.js";
import { type LayerNames, postNormLayer } from "../nn/post-norm-layer.js";
import { relativePositionBias } from "../nn/relative-position-bias.js";
import type { Scope } from "../nn/scope.js";
import { tokenEmbeddings } from "../nn/token-embeddings.js";
import { tanh } from "../ops/activation.js";
import { add } from "../ops/arithmetic.js";
import type { CoreConfig } from "./bert-config.js";
import type { EncoderInputs } from "./model.js";

/** How BERT calls the parts of a layer. */
const BERT_LAYER: LayerNames = {
  query: "attention.self.query",
  key: "attention.self.key",
  value: "attention.self.value",
  attended: "attention.output.dense",
  attendedNorm: "attention.output.LayerNorm",
  inner: "intermediate.dense",
  output: "output.dense",
  outputNorm: "output.LayerNorm",
};

/** What an encoder has otherwise than BERT. */
export interface BertVariant {
  /** Before the names of all its parameters, as "bert". */
  readonly prefix: string;
  /** How the parts of its layers are called. */
  readonly names?: LayerNames;
  /** The width of the embeddings, and the dense layer that makes them as wide as the layers where they are not. */
  readonly embeddings?: { readonly width: number; readonly projection: string };
  /** The first rows of the table of positions, which have none. */
  readonly skippedPositions?: number;
  /** The segments of the tokens, as BERT has them; the first segment alone; or no table of segments at all. */
  readonly segments?: "of tokens" | "first" | "none";
  /** The table of a bias of attention by the distance between two tokens. */
  readonly relativeBias?: { readonly buckets: number; readonly maxDistance: number };
}

/**
 * The last hidden state of every token, and the pooler's dense layer and tanh on that of the first.
 *
 * @source arXiv:1810.04805; google-research/bert modeling.py; transformers modeling_bert.py BertModel
 */
export function encodeAsBert(scope: Scope, config: CoreConfig, inputs: EncoderInputs, variant: BertVariant): Encoded {
  const { hidden_size: width, initializer_range: deviation, layer_norm_eps: epsilon } = config;
  const { names = BERT_LAYER, embeddings, segments = "of tokens", relativeBias } = variant;
  const model = scope.child(variant.prefix);
  const types = segments === "of tokens" ? inputs.tokenTypeIds : segments;
  const embedded = tokenEmbeddings(model.child("embeddings").at(0), {
    width: embeddings?.width ?? width,
    words: { ids: inputs.inputIds, rows: config.vocab_size },
    segments: types === "none" ? undefined : { ids: types, rows: config.type_vocab_size ?? 1 },
    positions: {
      ids: inputs.positionIds,
      rows: config.max_position_embeddings,
      skipped: variant.skippedPositions,
    },
    epsilon,
    deviation,
    dropout: config.hidden_dropout_prob,
  });
  const projected =
    embeddings === undefined || embeddings.width === width
      ? embedded
      : dense(model.child(embeddings.projection).at(0), embedded, width, deviation);
  const encoder = model.child("encoder");
  const masked = attentionBias(inputs.attentionMask);
  const bias =
    relativeBias === undefined
      ? masked
      : add(
          relativePositionBias(encoder.child("relative_attention_bias").at(1), inputs.inputIds, {
            ...relativeBias,
            heads: config.num_attention_heads,
            deviation,
          }),
          masked,
        );
  const layers = encoder.child("layer");
  const options = {
    names,
    heads: config.num_attention_heads,
    innerSize: config.intermediate_size,
    activation: HIDDEN_ACTIVATIONS[config.hidden_act],
    epsilon,
    deviation,
    dropout: {
      weights: config.attention_probs_dropout_prob,
      attended: config.hidden_dropout_prob,
      output: config.hidden_dropout_prob,
    },
  };
  const sequence = Array.from({ length: config.num_hidden_layers }).reduce<Value>(
    (x, _, index) => postNormLayer(layers.child(String(index)).at(index + 1), scope.checkpoint(x), bias, options),
    projected,
  );
  const pooled = (): Value => {
    const pooler = model.child("pooler").at("pooler");
    return tanh(dense(pooler.child("dense"), firstToken(sequence), width, deviation));
  };
  return { sequence, pooled };
}
