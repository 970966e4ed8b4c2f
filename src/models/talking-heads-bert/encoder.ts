/** BERT whose attention heads talk to each other, and whose feed-forward part has a gate. */
import type { Value } from "../../graph/graph.js";
import type { Encoded } from "../../heads/head.js";
import { HIDDEN_ACTIVATIONS } from "../../nn/activations.js";
import { attentionBias, attentionScores, joinHeads, splitHeads } from "../../nn/attention.js";
import { dense, dropout } from "../../nn/layers.js";
import { firstToken } from "../../nn/pooling.js";
import { addAndNormalize } from "../../nn/post-norm-layer.js";
import type { Scope } from "../../nn/scope.js";
import { tokenEmbeddings } from "../../nn/token-embeddings.js";
import { tanh } from "../../ops/activation.js";
import { add, mul } from "../../ops/arithmetic.js";
import { matMul } from "../../ops/linear.js";
import { mixHeads } from "../../ops/mix-heads.js";
import { softmax } from "../../ops/softmax.js";
import type { BertConfig } from "../bert-config.js";
import type { EncoderInputs } from "../model.js";

/**
 * Attention whose scores are mixed over the heads before the softmax, and whose weights after it: x [B, T, D], bias
 * [B, 1, 1, T]; [B, T, D]. Padding is hidden after the first mixing, for a sum over the heads of what is added to hide it
 * would be anything.
 *
 * @source arXiv:2003.02436 section 3; tensorflow/models talking_heads_attention.py TalkingHeadsAttention
 */
function talkingHeads(scope: Scope, config: BertConfig, x: Value, bias: Value): Value {
  const { hidden_size: width, num_attention_heads: heads, initializer_range: deviation } = config;
  const [query, key, value] = ["query", "key", "value"].map((name) =>
    splitHeads(dense(scope.child(name), x, width, deviation), heads),
  );
  const mix = (name: string, scores: Value): Value =>
    mixHeads(scores, scope.child(name).parameter("weight", [heads, heads], { normal: deviation }));
  const weights = softmax(add(mix("pre_softmax", attentionScores(query, key)), bias));
  const mixed = dropout(scope, mix("post_softmax", weights), config.attention_probs_dropout_prob);
  return joinHeads(matMul(mixed, value));
}

/** @source tensorflow/models gated_feedforward.py GatedFeedforward; arXiv:2002.05202 */
function layer(scope: Scope, config: BertConfig, x: Value, bias: Value): Value {
  const { initializer_range: deviation, layer_norm_eps: epsilon, hidden_dropout_prob: probability } = config;
  const residual = { deviation, epsilon, dropout: probability };
  const attention = scope.child("attention");
  const context = talkingHeads(attention.child("self"), config, x, bias);
  const names = { dense: "dense", norm: "LayerNorm" };
  const attended = addAndNormalize(attention.child("output"), x, context, names, residual);
  const inner = (name: string): Value =>
    dense(scope.child(name).child("dense"), attended, config.intermediate_size, deviation);
  const gated = mul(HIDDEN_ACTIVATIONS[config.hidden_act](inner("intermediate")), inner("gate"));
  return addAndNormalize(scope.child("output"), attended, gated, names, residual);
}

/**
 * The last hidden state of every token, and the pooler's dense layer and tanh on that of the first.
 *
 * @source tensorflow/models encoder_scaffold.py EncoderScaffold with the two layers above
 */
export function encodeWithTalkingHeads(scope: Scope, config: BertConfig, inputs: EncoderInputs): Encoded {
  const { hidden_size: width, initializer_range: deviation } = config;
  const model = scope.child("bert");
  const embedded = tokenEmbeddings(model.child("embeddings").at(0), {
    width,
    words: { ids: inputs.inputIds, rows: config.vocab_size },
    segments: { ids: inputs.tokenTypeIds, rows: config.type_vocab_size },
    positions: { ids: inputs.positionIds, rows: config.max_position_embeddings },
    epsilon: config.layer_norm_eps,
    deviation,
    dropout: config.hidden_dropout_prob,
  });
  const bias = attentionBias(inputs.attentionMask);
  const layers = model.child("encoder").child("layer");
  const sequence = Array.from({ length: config.num_hidden_layers }).reduce<Value>(
    (x, _, index) => layer(layers.child(String(index)).at(index + 1), config, scope.checkpoint(x), bias),
    embedded,
  );
  return {
    sequence,
    pooled: () =>
      tanh(dense(model.child("pooler").at("pooler").child("dense"), firstToken(sequence), width, deviation)),
  };
}
