/** The encoder of ModernBERT: rotary positions, local attention in most layers, gated feed-forward, no biases. */
import type { Value } from "../../graph/graph.js";
import type { Encoded } from "../../heads/head.js";
import { HIDDEN_ACTIVATIONS } from "../../nn/activations.js";
import { attend, attentionBias, localAttentionBias } from "../../nn/attention.js";
import { dropout, embedding, project, scaleNormalization } from "../../nn/layers.js";
import { firstToken, meanOverTokens } from "../../nn/pooling.js";
import { rotaryAngles } from "../../nn/rotary-angles.js";
import type { Scope } from "../../nn/scope.js";
import { add, mul } from "../../ops/arithmetic.js";
import { splitEvenly } from "../../ops/joining.js";
import { rotary } from "../../ops/rotary.js";
import type { EncoderInputs } from "../model.js";
import type { AttentionKind, ModernBertConfig } from "./config.js";

/** What all layers of one kind of attention share. */
interface Surroundings {
  /** Added to the scores, stretches to [B, H, T, T]. */
  readonly bias: Value;
  /** Of the angle of each position, [T, K / 2]. */
  readonly cos: Value;
  readonly sin: Value;
}

/** The equal parts of one product: x [B, T, D], `count` results [B, T, features]. */
function projectParts(scope: Scope, x: Value, count: number, features: number, deviation: number): readonly Value[] {
  return splitEvenly(project(scope, x, count * features, deviation), 2, count);
}

function attention(scope: Scope, config: ModernBertConfig, x: Value, { bias, cos, sin }: Surroundings): Value {
  const { hidden_size: width, initializer_range: deviation, attention_dropout: probability } = config;
  const [query, key, value] = projectParts(scope.child("Wqkv"), x, 3, width, deviation);
  const context = attend(scope, { query: rotary(query, cos, sin), key: rotary(key, cos, sin), value }, bias, {
    heads: config.num_attention_heads,
    dropout: probability,
  });
  return dropout(scope, project(scope.child("Wo"), context, width, outputDeviation(config)), probability);
}

/** The feed-forward part, one half of whose inner layer gates the other: GeGLU with the usual activation. */
function feedForward(scope: Scope, config: ModernBertConfig, x: Value): Value {
  const [inner, gate] = projectParts(scope.child("Wi"), x, 2, config.intermediate_size, config.initializer_range);
  const gated = mul(HIDDEN_ACTIVATIONS[config.hidden_activation](inner), gate);
  const dropped = dropout(scope, gated, config.mlp_dropout);
  return project(scope.child("Wo"), dropped, config.hidden_size, outputDeviation(config));
}

/** What a residual is added to starts smaller the more layers there are. */
function outputDeviation({ initializer_range, num_hidden_layers }: ModernBertConfig): number {
  return initializer_range / Math.sqrt(2 * num_hidden_layers);
}

/**
 * The last hidden state of every token; and, of the first token or the mean over all, the prediction head, which both
 * pre-training and the classifier have.
 *
 * @source arXiv:2412.13663; transformers modeling_modernbert.py ModernBertModel, ModernBertPredictionHead
 */
export function encodeWithModernBert(scope: Scope, config: ModernBertConfig, inputs: EncoderInputs): Encoded {
  const { hidden_size: width, norm_eps: epsilon, initializer_range: deviation } = config;
  const model = scope.child("model");
  const normalized = (place: Scope, name: string, x: Value): Value => scaleNormalization(place.child(name), x, epsilon);
  const surroundings = (kind: AttentionKind): Surroundings => ({
    bias:
      kind === "full_attention"
        ? attentionBias(inputs.attentionMask)
        : localAttentionBias(inputs.attentionMask, inputs.positionIds, Math.floor(config.local_attention / 2)),
    ...rotaryAngles(inputs.positionIds, width / config.num_attention_heads, config.theta[kind]),
  });

  const table = model.child("embeddings").at(0);
  const words = embedding(table.child("tok_embeddings"), inputs.inputIds, config.vocab_size, width, deviation);
  const embedded = dropout(table, normalized(table, "norm", words), config.embedding_dropout);
  const hidden = config.attentions.reduce<Value>((before, kind, index) => {
    const layer = model
      .child("layers")
      .child(String(index))
      .at(index + 1);
    const x = scope.checkpoint(before);
    // The embeddings are normalised already.
    const own = index === 0 ? x : normalized(layer, "attn_norm", x);
    const attended = add(x, attention(layer.child("attn"), config, own, surroundings(kind)));
    return add(attended, feedForward(layer.child("mlp"), config, normalized(layer, "mlp_norm", attended)));
  }, embedded);
  const sequence = normalized(model.at(config.num_hidden_layers), "final_norm", hidden);

  return {
    sequence,
    pooled: () => {
      const head = scope.child("head").at("pooler");
      const one =
        config.classifier_pooling === "cls" ? firstToken(sequence) : meanOverTokens(sequence, inputs.attentionMask);
      const transformed = project(head.child("dense"), one, width, outputDeviation(config));
      return normalized(head, "norm", HIDDEN_ACTIVATIONS[config.classifier_activation](transformed));
    },
  };
}
