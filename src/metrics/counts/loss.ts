import { defineMetric } from "../define-metric.js";

/** Cross-entropy: the mean negative log-likelihood over all rows, in nats. */
export const loss = defineMetric({
  name: "loss",
  title: "loss",
  aliases: ["log_loss", "crossEntropy", "binary_crossentropy"],
  summary:
    "Mean over all rows of the negative log-probability given to the true class, in nats (cross-entropy); of labels, their mean.",
  families: ["single-label", "binary", "multi-label"],
  shown: "always",
  needs: "counts",
  averaging: "none",
  better: "lower",
  range: [0, Infinity],
  samples: [
    {
      family: "single-label",
      targets: [0, 1],
      outputs: [
        [0, 0],
        [0, Math.log(3)],
      ],
      value: Math.log(8 / 3) / 2,
    },
    { family: "multi-label", targets: [[1, 0]], outputs: [[0, Math.log(3)]], value: Math.log(8) / 2 },
  ],
  source:
    "torch.nn.functional.cross_entropy or binary_cross_entropy_with_logits, reduction=mean, over the whole set; sklearn.metrics.log_loss with labels given",
  value: ({ negativeLogLikelihood, rows }) => negativeLogLikelihood / rows,
});
