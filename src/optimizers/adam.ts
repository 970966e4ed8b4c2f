/** Adam, whose weight decay is a term of the gradient. */
import { adamOptions, adamState, adamStep } from "./adam-step.js";
import { defineOptimizer } from "./define-optimizer.js";

export const adam = defineOptimizer({
  name: "adam",
  summary: "Adam; weight decay is an L2 term of the gradient",
  options: adamOptions,
  state: adamState,
  // The L2 term alone moves a row by the learning rate.
  idleRows: (_, weightDecay) => (weightDecay === 0 ? "stay" : "involved"),
  update: (update) => adamStep(update, true),
  source: "Kingma and Ba, arXiv:1412.6980; torch.optim.Adam",
});
