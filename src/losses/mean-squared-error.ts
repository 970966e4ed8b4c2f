import { z } from "zod";
import { mul, scalar, sub } from "../ops/arithmetic.js";
import { defineForm, defineLoss } from "./define-loss.js";
import { countRows, weightedSum } from "./weighted-sum.js";

/** The squared distance of numbers from their targets. */
export const meanSquaredError = defineLoss({
  name: "mse",
  aliases: ["mean_squared_error", "mse_loss"],
  summary: "Squared difference of prediction and target, averaged over the numbers of a row.",
  forms: {
    numbers: defineForm<Record<string, never>>({
      options: () => z.strictObject({}),
      build: (logits, numbers, exampleWeights) => {
        const difference = sub(logits, numbers);
        const share = scalar(logits, 1 / (logits.shape[1] as number));
        return weightedSum(mul(mul(difference, difference), share), exampleWeights);
      },
      totalWeight: countRows,
    }),
  },
  source: "torch.nn.functional.mse_loss",
});
