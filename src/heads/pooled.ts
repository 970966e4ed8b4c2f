/** A head chosen by options: pool the tokens, dense layers, dropout, one more dense layer. */
import { z } from "zod";
import type { Value } from "../graph/graph.js";
import { ACTIVATION_NAMES, ACTIVATIONS } from "../nn/activations.js";
import { dense, dropout, glorotDeviation } from "../nn/layers.js";
import { firstToken, maxOverTokens, meanOverTokens } from "../nn/pooling.js";
import { defineHead, type Head, type HeadInputs, pooledOutput } from "./head.js";

const POOLINGS = {
  cls: ({ sequence }: HeadInputs) => firstToken(sequence),
  pooler: pooledOutput,
  mean: ({ sequence, attentionMask }: HeadInputs) => meanOverTokens(sequence, attentionMask),
  max: ({ sequence, attentionMask }: HeadInputs) => maxOverTokens(sequence, attentionMask),
} satisfies Record<string, (inputs: HeadInputs) => Value>;
type Pooling = keyof typeof POOLINGS;

/** Each may be left out. */
export const pooledHeadOptions = z.strictObject({
  pooling: z
    .enum(Object.keys(POOLINGS) as [Pooling, ...Pooling[]])
    .optional()
    .describe(
      "what stands for a text: its first token (by default), the encoder's pooler, or the mean or maximum over its tokens",
    ),
  hiddenLayers: z
    .array(z.number().int().positive())
    .optional()
    .describe("widths of dense layers between the pooled text and the outputs; none by default"),
  headActivation: z.enum(ACTIVATION_NAMES).optional().describe("activation of these layers; relu by default"),
  headDropout: z
    .number()
    .min(0)
    .lt(1)
    .optional()
    .describe("dropout probability before each dense layer of the head; by default that of the model"),
});

type Options = z.output<typeof pooledHeadOptions>;

/** Parameters `head.0.weight`, `head.0.bias`, … of the hidden layers, and `classifier.weight`, `classifier.bias`. */
export const pooledHead: Head = defineHead<Options>({
  name: "pooled",
  summary: "pooling over the tokens, dense layers with an activation, dropout before each",
  options: pooledHeadOptions,
  build(scope, inputs, outputs, options, defaults) {
    const { pooling = "cls", hiddenLayers = [], headActivation = "relu", headDropout = defaults.dropout } = options;
    const drop = (x: Value): Value => dropout(scope, x, headDropout);
    const activate = ACTIVATIONS[headActivation];
    const hidden = hiddenLayers.reduce(
      (x, width, index) =>
        activate(dense(scope.child("head").child(String(index)), drop(x), width, glorotDeviation(x, width))),
      POOLINGS[pooling](inputs),
    );
    return dense(scope.child("classifier"), drop(hidden), outputs, defaults.deviation);
  },
  source: "Keras functional models over BERT; sentence-transformers models/Pooling.py",
});
