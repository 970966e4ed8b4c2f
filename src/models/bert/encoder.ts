/** The BERT encoder and its pooler. */
import type { Value } from "../../graph/graph.js";
import type { Encoded } from "../../heads/head.js";
import { attentionBias, selfAttention } from "../../nn/attention.js";
import { dense, dropout, embedding, normalization } from "../../nn/layers.js";
import { firstToken } from "../../nn/pooling.js";
import type { Scope } from "../../nn/scope.js";
import { gelu, tanh } from "../../ops/activation.js";
import { add } from "../../ops/arithmetic.js";
import type { EncoderInputs } from "../model.js";
import type { BertConfig } from "./config.js";

/** Sum of word, segment and position embeddings, normalised; [B, T, D]. */
function embeddings(scope: Scope, config: BertConfig, inputs: EncoderInputs): Value {
  const table = (name: string, ids: Value, rows: number) =>
    embedding(scope.child(name), ids, rows, config.hidden_size, config.initializer_range);
  const words = table("word_embeddings", inputs.inputIds, config.vocab_size);
  const segments = table("token_type_embeddings", inputs.tokenTypeIds, config.type_vocab_size);
  const positions = table("position_embeddings", inputs.positionIds, config.max_position_embeddings);
  const sum = add(add(words, segments), positions);
  return dropout(
    scope,
    normalization(scope.child("LayerNorm"), sum, config.layer_norm_eps),
    config.hidden_dropout_prob,
  );
}

/** A dense layer, dropout, the residual, and normalisation after it (post-norm): x [B, T, I], residual [B, T, D]. */
function residualOutput(scope: Scope, config: BertConfig, x: Value, residual: Value): Value {
  const projected = dense(scope.child("dense"), x, config.hidden_size, config.initializer_range);
  return normalization(
    scope.child("LayerNorm"),
    add(dropout(scope, projected, config.hidden_dropout_prob), residual),
    config.layer_norm_eps,
  );
}

/** One transformer layer; x [B, T, D], bias [B, 1, 1, T]. */
function layer(scope: Scope, config: BertConfig, x: Value, bias: Value): Value {
  const attention = scope.child("attention");
  const context = selfAttention(attention.child("self"), x, bias, {
    heads: config.num_attention_heads,
    dropout: config.attention_probs_dropout_prob,
    deviation: config.initializer_range,
  });
  const attended = residualOutput(attention.child("output"), config, context, x);
  const inner = gelu(
    dense(scope.child("intermediate").child("dense"), attended, config.intermediate_size, config.initializer_range),
  );
  return residualOutput(scope.child("output"), config, inner, attended);
}

/**
 * The encoder: the last hidden state of every token, and the pooler's dense layer and tanh on that of the first.
 *
 * @source arXiv:1810.04805; google-research/bert modeling.py; transformers modeling_bert.py BertModel
 */
export function encodeWithBert(scope: Scope, config: BertConfig, inputs: EncoderInputs): Encoded {
  const bert = scope.child("bert");
  const bias = attentionBias(inputs.attentionMask);
  const layers = bert.child("encoder").child("layer");
  const sequence = Array.from({ length: config.num_hidden_layers }).reduce<Value>(
    (x, _, index) => layer(layers.child(String(index)).at(index + 1), config, scope.checkpoint(x), bias),
    embeddings(bert.child("embeddings").at(0), config, inputs),
  );
  return {
    sequence,
    pooled: () => {
      const pooler = bert.child("pooler").at("pooler");
      return tanh(dense(pooler.child("dense"), firstToken(sequence), config.hidden_size, config.initializer_range));
    },
  };
}
