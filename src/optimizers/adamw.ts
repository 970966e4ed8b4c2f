/** AdamW: Adam with decoupled weight decay. */
import { adamOptions, adamState, adamStep } from "./adam-step.js";
import { defineOptimizer } from "./define-optimizer.js";

export const adamw = defineOptimizer({
  name: "adamw",
  summary: "Adam with decoupled weight decay",
  options: adamOptions,
  state: adamState,
  // Both moments of such a row are zero, and zero over epsilon is zero.
  idleRows: () => "decay",
  update: (update) => adamStep(update, false),
  source: "Loshchilov and Hutter, arXiv:1711.05101; torch.optim.AdamW",
});
