/**
 * A training step of BERT L2/H128 in TensorFlow.js on its WebAssembly backend, and the rate of its matrix products:
 * `node tfjs-train.mjs STEPS`, for bench/js-peers.ts. Prints one JSON object.
 *
 * The backend has no kernel for the gradient of a lookup (UnsortedSegmentSum), so the embeddings are given, not trained.
 */
import { createRequire } from "node:module";
import { dirname } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";

const BATCH = 32;
const TOKENS = 128;
const HIDDEN = 128;
const HEADS = 2;
const LAYERS = 2;
const LABELS = 2;

const steps = Number(process.argv[2]);
setWasmPaths(`${dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm"))}/`);
await tf.setBackend("wasm");

const dense = (inputs, outputs) => ({
  weight: tf.variable(tf.randomNormal([inputs, outputs], 0, 0.02)),
  bias: tf.variable(tf.zeros([outputs])),
});
const scale = () => ({ weight: tf.variable(tf.ones([HIDDEN])), bias: tf.variable(tf.zeros([HIDDEN])) });
const layers = Array.from({ length: LAYERS }, () => ({
  query: dense(HIDDEN, HIDDEN),
  key: dense(HIDDEN, HIDDEN),
  value: dense(HIDDEN, HIDDEN),
  output: dense(HIDDEN, HIDDEN),
  attentionNorm: scale(),
  inner: dense(HIDDEN, 4 * HIDDEN),
  outer: dense(4 * HIDDEN, HIDDEN),
  outputNorm: scale(),
}));
const pooler = dense(HIDDEN, HIDDEN);
const head = dense(HIDDEN, LABELS);

const linear = (x, { weight, bias }) => tf.add(tf.matMul(x, weight), bias);
const gelu = (x) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
function norm(x, { weight, bias }) {
  const centred = tf.sub(x, tf.mean(x, -1, true));
  const deviation = tf.sqrt(tf.add(tf.mean(tf.square(centred), -1, true), 1e-12));
  return tf.add(tf.mul(tf.div(centred, deviation), weight), bias);
}
function attention(x, layer) {
  const split = (part) =>
    tf.transpose(tf.reshape(linear(x, part), [BATCH, TOKENS, HEADS, HIDDEN / HEADS]), [0, 2, 1, 3]);
  const scores = tf.div(tf.matMul(split(layer.query), split(layer.key), false, true), Math.sqrt(HIDDEN / HEADS));
  const context = tf.matMul(tf.softmax(scores), split(layer.value));
  return linear(tf.reshape(tf.transpose(context, [0, 2, 1, 3]), [BATCH * TOKENS, HIDDEN]), layer.output);
}
function lossOf(embedded, labels) {
  let x = embedded; // [B T, D]
  for (const layer of layers) {
    x = norm(tf.add(attention(x, layer), x), layer.attentionNorm);
    x = norm(tf.add(linear(gelu(linear(x, layer.inner)), layer.outer), x), layer.outputNorm);
  }
  const first = tf.reshape(tf.slice(tf.reshape(x, [BATCH, TOKENS, HIDDEN]), [0, 0, 0], [BATCH, 1, HIDDEN]), [
    BATCH,
    HIDDEN,
  ]);
  const logits = linear(tf.tanh(linear(first, pooler)), head);
  const probabilities = tf.softmax(logits);
  return tf.neg(tf.mean(tf.log(tf.sum(tf.mul(probabilities, labels), -1))));
}

const optimizer = tf.train.adam(1e-4);
const embedded = tf.randomNormal([BATCH * TOKENS, HIDDEN]);
const labels = tf.oneHot(
  tf.tensor1d(
    Array.from({ length: BATCH }, (_, i) => i % LABELS),
    "int32",
  ),
  LABELS,
);
const seconds = [];
let loss;
for (let step = 0; step < steps + 2; step++) {
  const start = performance.now();
  const result = optimizer.minimize(() => lossOf(embedded, labels), true);
  [loss] = await result.data();
  result.dispose();
  if (step >= 2) seconds.push((performance.now() - start) / 1000);
}
const a = tf.randomNormal([1024, 1024]);
let product = Number.POSITIVE_INFINITY;
for (let run = 0; run < 5; run++) {
  const start = performance.now();
  const result = tf.matMul(a, a);
  await result.data();
  result.dispose();
  product = Math.min(product, (performance.now() - start) / 1000);
}
console.log(
  JSON.stringify({
    secondsPerStep: seconds.sort((x, y) => x - y)[Math.floor(seconds.length / 2)],
    ceiling: (2 * 1024 ** 3) / product,
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
    loss,
  }),
);
