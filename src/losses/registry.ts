/** All losses by name. A new one is a file beside this one and a word here. */
import { fail } from "../base/errors.js";
import { didYouMean } from "../base/nearest.js";
import { failForIssue } from "../base/resolve-options.js";
import type { Value } from "../graph/graph.js";
import { binaryCrossEntropy } from "./binary-cross-entropy.js";
import { crossEntropy } from "./cross-entropy.js";
import type { Loss, TargetKind } from "./define-loss.js";
import { focal } from "./focal.js";
import { meanSquaredError } from "./mean-squared-error.js";

export const LOSSES: readonly Loss[] = [crossEntropy, binaryCrossEntropy, focal, meanSquaredError];

/** A loss for one kind of targets, its options filled in and checked. */
export interface ChosenLoss {
  readonly name: string;
  /** Σ_i exampleWeights_i loss_i, float32 []: logits [B, C], targets of the kind, exampleWeights float32 [B]. */
  readonly build: (logits: Value, targets: Value, exampleWeights: Value) => Value;
  /** What a mean over these rows divides by; that of a whole is the sum of those of its parts. Targets [B] or [B, C]. */
  readonly totalWeight: (targets: ArrayLike<number>, rows: number) => number;
}

/**
 * The loss called `name` (or by an alias; case, hyphens and underscores do not count) for `targets`.
 *
 * @param outputs number of outputs of the model, C
 * @throws E_CONFIG when there is no such loss, when it does not take such targets, or when an option does not fit
 */
export function chooseLoss(
  name: string,
  targets: TargetKind,
  outputs: number,
  options: Readonly<Record<string, unknown>> = {},
): ChosenLoss {
  const loss =
    LOSSES.find((one) => [one.name, ...one.aliases].some((spelling) => keyOf(spelling) === keyOf(name))) ??
    fail("E_CONFIG", {
      where: `loss "${name}"`,
      expected: "the name of a loss",
      got: "an unknown one",
      fix: didYouMean(
        name,
        LOSSES.map((one) => one.name),
      ),
    });
  const form =
    loss.forms[targets] ??
    fail("E_CONFIG", {
      where: `loss "${name}"`,
      expected: `a loss for targets of the kind "${targets}"`,
      got: `one for ${Object.keys(loss.forms).join(", ")}`,
      fix: `choose one of ${LOSSES.filter(({ forms }) => forms[targets] !== undefined)
        .map((one) => one.name)
        .join(", ")}`,
    });
  const parsed = form.options(outputs).safeParse(options);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const option = issue.path.join(".");
    return failForIssue({ where: `loss "${loss.name}"${option && `, ${option}`}` }, issue, options[option]);
  }
  return {
    name: loss.name,
    build: (logits, values, exampleWeights) => form.build(logits, values, exampleWeights, parsed.data),
    totalWeight: (values, rows) => form.totalWeight(values, rows, parsed.data),
  };
}

const keyOf = (name: string): string => name.toLowerCase().replace(/[\s_-]/g, "");
