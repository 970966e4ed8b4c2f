/**
 * A training step of BERT L2/H128 in jax-js on its WebAssembly backend, and the rate of its matrix products:
 * `node jax-js-train.mjs STEPS`, for bench/js-peers.ts. Prints one JSON object.
 *
 * As in tfjs-train.mjs the embeddings are given, not trained; the update is plain gradient descent.
 */
import { blockUntilReady, defaultDevice, init, jit, nn, numpy as np, random, tree, valueAndGrad } from "@jax-js/jax";

const BATCH = 32;
const TOKENS = 128;
const HIDDEN = 128;
const HEADS = 2;
const LAYERS = 2;
const LABELS = 2;

const steps = Number(process.argv[2]);
await init("wasm");
defaultDevice("wasm");

let seed = 0;
const normal = (shape, deviation) => random.normal(random.key(seed++), shape).mul(deviation);
const dense = (inputs, outputs) => ({ weight: normal([inputs, outputs], 0.02), bias: np.zeros([outputs]) });
const scale = () => ({ weight: np.ones([HIDDEN]), bias: np.zeros([HIDDEN]) });
let parameters = {
  layers: Array.from({ length: LAYERS }, () => ({
    query: dense(HIDDEN, HIDDEN),
    key: dense(HIDDEN, HIDDEN),
    value: dense(HIDDEN, HIDDEN),
    output: dense(HIDDEN, HIDDEN),
    attentionNorm: scale(),
    inner: dense(HIDDEN, 4 * HIDDEN),
    outer: dense(4 * HIDDEN, HIDDEN),
    outputNorm: scale(),
  })),
  pooler: dense(HIDDEN, HIDDEN),
  head: dense(HIDDEN, LABELS),
};

// Passing an array gives it away; `.ref` keeps it.
const linear = (x, { weight, bias }) => np.matmul(x, weight).add(bias);
const norm = (x, { weight, bias }) => nn.standardize(x, -1, { epsilon: 1e-12 }).mul(weight).add(bias);
function attention(x, layer) {
  const split = (part) =>
    np.transpose(linear(x.ref, part).reshape([BATCH, TOKENS, HEADS, HIDDEN / HEADS]), [0, 2, 1, 3]);
  const keys = np.transpose(split(layer.key), [0, 1, 3, 2]);
  const weights = nn.softmax(np.matmul(split(layer.query), keys).mul(1 / Math.sqrt(HIDDEN / HEADS)), -1);
  const context = np.matmul(weights, split(layer.value));
  x.dispose();
  return linear(np.transpose(context, [0, 2, 1, 3]).reshape([BATCH * TOKENS, HIDDEN]), layer.output);
}
function lossOf({ layers, pooler, head }, embedded, labels) {
  let x = embedded; // [B T, D]
  for (const layer of layers) {
    x = norm(attention(x.ref, layer).add(x), layer.attentionNorm);
    x = norm(linear(nn.gelu(linear(x.ref, layer.inner), { approximate: false }), layer.outer).add(x), layer.outputNorm);
  }
  const [first, rest] = np.split(x.reshape([BATCH, TOKENS, HIDDEN]), [1], 1);
  rest.dispose();
  const logits = linear(np.tanh(linear(first.reshape([BATCH, HIDDEN]), pooler)), head);
  return nn
    .logSoftmax(logits, -1)
    .mul(labels)
    .sum()
    .mul(-1 / BATCH);
}
const step = jit((current, embedded, labels) => {
  const [loss, gradients] = valueAndGrad(lossOf)(tree.ref(current), embedded, labels);
  return [loss, tree.map((value, gradient) => value.sub(gradient.mul(1e-3)), current, gradients)];
});

const embedded = normal([BATCH * TOKENS, HIDDEN], 1);
const labels = nn.oneHot(
  np.array(
    Array.from({ length: BATCH }, (_, i) => i % LABELS),
    { dtype: np.int32 },
  ),
  LABELS,
);
const seconds = [];
let last;
for (let i = 0; i < steps + 2; i++) {
  const start = performance.now();
  const [loss, updated] = step(parameters, embedded.ref, labels.ref);
  parameters = await blockUntilReady(updated);
  last = await loss.jsAsync();
  if (i >= 2) seconds.push((performance.now() - start) / 1000);
}
const a = normal([1024, 1024], 1);
let product = Number.POSITIVE_INFINITY;
for (let run = 0; run < 5; run++) {
  const start = performance.now();
  const result = await blockUntilReady(np.matmul(a.ref, a.ref));
  product = Math.min(product, (performance.now() - start) / 1000);
  result.dispose();
}
console.log(
  JSON.stringify({
    secondsPerStep: seconds.sort((x, y) => x - y)[Math.floor(seconds.length / 2)],
    ceiling: (2 * 1024 ** 3) / product,
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
    loss: last,
  }),
);
