/** Heads that read the first token through a dense layer, as the sequence classifiers of RoBERTa and others have. */
import { z } from "zod";
import { ACTIVATIONS, type ActivationName } from "../nn/activations.js";
import { dense, dropout } from "../nn/layers.js";
import { firstToken } from "../nn/pooling.js";
import { defineHead, type Head } from "./head.js";

const options = z.strictObject({});

interface FirstTokenHead {
  readonly name: string;
  readonly summary: string;
  readonly activation: ActivationName;
  /** What the two dense layers are called. */
  readonly dense: string;
  readonly output: string;
  /** Whether dropout is applied before the first of them too. */
  readonly dropsFirst: boolean;
  readonly source: string;
}

/** The first token, a dense layer D to D, an activation, dropout, and a dense layer D to C. */
function firstTokenHead({ activation, dropsFirst, dense: inner, output, ...record }: FirstTokenHead): Head {
  return defineHead<z.output<typeof options>>({
    ...record,
    options,
    build(scope, { sequence }, outputs, _, { dropout: probability, deviation }) {
      const first = firstToken(sequence);
      const dropped = dropsFirst ? dropout(scope, first, probability) : first;
      const width = first.shape[1] as number;
      const hidden = ACTIVATIONS[activation](dense(scope.child(inner), dropped, width, deviation));
      return dense(scope.child(output), dropout(scope, hidden, probability), outputs, deviation);
    },
  });
}

const IN_CLASSIFIER = { dense: "classifier.dense", output: "classifier.out_proj", dropsFirst: true };

export const denseTanhHead: Head = firstTokenHead({
  ...IN_CLASSIFIER,
  name: "dense-tanh",
  summary: "the first token, a dense layer with tanh, and a dense layer, dropout before each",
  activation: "tanh",
  source: "transformers modeling_roberta.py RobertaClassificationHead",
});

export const denseGeluHead: Head = firstTokenHead({
  ...IN_CLASSIFIER,
  name: "dense-gelu",
  summary: "the first token, a dense layer with GELU, and a dense layer, dropout before each",
  activation: "gelu",
  source: "transformers modeling_electra.py ElectraClassificationHead",
});

export const denseReluHead: Head = firstTokenHead({
  name: "dense-relu",
  summary: "the first token, a dense layer with ReLU, dropout, and a dense layer",
  activation: "relu",
  dense: "pre_classifier",
  output: "classifier",
  dropsFirst: false,
  source: "transformers modeling_distilbert.py DistilBertForSequenceClassification",
});
