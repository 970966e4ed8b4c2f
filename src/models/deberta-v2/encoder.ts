/** The encoder of DeBERTa-v3: BERT's layers around attention that knows distances, and no positions in the embeddings. */
import type { Value } from "../../graph/graph.js";
import type { Encoded } from "../../heads/head.js";
import { HIDDEN_ACTIVATIONS } from "../../nn/activations.js";
import { attentionBias } from "../../nn/attention.js";
import { dense, dropout, embedding, normalization } from "../../nn/layers.js";
import { firstToken } from "../../nn/pooling.js";
import { addAndNormalize, postNormFeedForward } from "../../nn/post-norm-layer.js";
import type { Scope } from "../../nn/scope.js";
import { ofDistances } from "../../ops/distance.js";
import type { EncoderInputs } from "../model.js";
import { disentangledAttention } from "./attention.js";
import type { DebertaConfig } from "./config.js";
import { distanceBuckets } from "./distance-buckets.js";

/**
 * The last hidden state of every token; and, of the first one, the pooler of the sequence classifier.
 *
 * @source arXiv:2111.09543; transformers modeling_deberta_v2.py DebertaV2Model, ContextPooler
 */
export function encodeWithDeberta(scope: Scope, config: DebertaConfig, inputs: EncoderInputs): Encoded {
  const { hidden_size: width, initializer_range: deviation, layer_norm_eps: epsilon, position_buckets } = config;
  const { hidden_dropout_prob: dropped, num_attention_heads: heads } = config;
  const model = scope.child("deberta");
  const words = model.child("embeddings").at(0);
  const rows = embedding(words.child("word_embeddings"), inputs.inputIds, config.vocab_size, width, deviation);
  const embedded = dropout(words, normalization(words.child("LayerNorm"), rows, epsilon), dropped);

  // The embeddings of distances are one table for all layers, with a row for each bucket of both directions.
  const encoder = model.child("encoder").at(0);
  const table = encoder
    .child("rel_embeddings")
    .parameter("weight", [2 * position_buckets, width], { normal: deviation });
  const ascending = distanceBuckets(position_buckets, config.farthest, config.max_position_embeddings);
  const descending = distanceBuckets(position_buckets, config.farthest, config.max_position_embeddings + 1)
    .slice(2)
    .reverse();
  const distances = {
    table: normalization(encoder.child("LayerNorm"), table, epsilon),
    ascending: ofDistances(inputs.inputIds, ascending),
    descending: ofDistances(inputs.inputIds, descending),
  };

  const bias = attentionBias(inputs.attentionMask);
  const residual = { epsilon, deviation, dropout: dropped };
  const sequence = Array.from({ length: config.num_hidden_layers }).reduce<Value>((before, _, index) => {
    const layer = model
      .child("encoder")
      .child("layer")
      .child(String(index))
      .at(index + 1);
    const x = scope.checkpoint(before);
    const context = disentangledAttention(layer.child("attention").child("self"), x, bias, {
      ...{ heads, deviation, distances },
      dropout: { weights: config.attention_probs_dropout_prob, distances: dropped },
    });
    const names = { dense: "attention.output.dense", norm: "attention.output.LayerNorm" };
    const attended = addAndNormalize(layer, x, context, names, residual);
    return postNormFeedForward(layer, attended, {
      ...residual,
      innerSize: config.intermediate_size,
      activation: HIDDEN_ACTIVATIONS[config.hidden_act],
      names: { inner: "intermediate.dense", dense: "output.dense", norm: "output.LayerNorm" },
    });
  }, embedded);

  return {
    sequence,
    pooled: () => {
      const pooler = scope.child("pooler").at("pooler");
      const first = dropout(pooler, firstToken(sequence), config.pooler_dropout);
      return HIDDEN_ACTIVATIONS[config.pooler_hidden_act](dense(pooler.child("dense"), first, width, deviation));
    },
  };
}
