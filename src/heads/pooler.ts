/** The head of BERT's own sequence classifier: the pooler's output, dropout, one dense layer. */
import { z } from "zod";
import { dense, dropout } from "../nn/layers.js";
import { defineHead, type Head, pooledOutput } from "./head.js";

const options = z.strictObject({});

/** Parameters `classifier.weight` [C, D] and `classifier.bias` [C]. */
export const poolerHead: Head = defineHead<z.output<typeof options>>({
  name: "pooler",
  summary: "the encoder's pooler, dropout and a dense layer",
  options,
  build: (scope, encoded, outputs, _, { dropout: probability, deviation }) =>
    dense(scope.child("classifier"), dropout(scope, pooledOutput(encoded), probability), outputs, deviation),
  source: "transformers modeling_bert.py BertForSequenceClassification",
});
