/**
 * Gradient checkpointing: a training step as stages that are run one after the other.
 *
 * A checkpoint is a value that is kept, like the hidden state between two layers. What lies between two checkpoints is
 * computed forward without being kept, and once more when its gradients are due: memory for one layer at a time, for
 * a third more of work. The numbers are the same.
 *
 * @source arXiv:1604.06174; torch.utils.checkpoint
 */
import { fail } from "../base/errors.js";
import { reachableNodes, type Value } from "../graph/graph.js";
import { substitute } from "../graph/substitute.js";
import { differentiate, type GradientAlgebra, pullBack } from "./differentiate.js";

/** What is computed at once. Inputs named as an output of an earlier stage are that output. */
export interface Stage {
  readonly outputs: Readonly<Record<string, Value>>;
  /** The gradient of each trained value that the stage reads. */
  readonly gradients: ReadonlyMap<Value, Value>;
}

export interface StagesInput {
  /** float32 []. */
  readonly loss: Value;
  /** Further outputs of the stage that computes the loss. */
  readonly others: Readonly<Record<string, Value>>;
  /** The values that are kept, each computed from the one before; none makes a single stage. */
  readonly checkpoints: readonly Value[];
  /** The inputs whose gradients are wanted. */
  readonly trained: readonly Value[];
  readonly algebra: GradientAlgebra;
}

/**
 * The stages of a step: forward to each checkpoint, loss and its gradients, and backward from the last checkpoint to
 * the first one that a trained value lies behind. The stage of the loss has the outputs `loss` and `others`.
 *
 * A trained value that several stages read, as layers that share their weights do, has the sum of their gradients: each
 * stage adds its own to what the stages after it hand down.
 *
 * @throws E_GRADIENT where a checkpoint is read in two stages, or a trained value in none
 */
export function differentiateInStages({ loss, others, checkpoints, trained, algebra }: StagesInput): Stage[] {
  const { graph } = loss;
  const kept = checkpoints.map(({ dtype, shape }, index) => graph.input(`checkpoint.${index}`, dtype, shape));
  // A stage starts from the checkpoint before it; the last one ends with the loss.
  const startAt = (outputs: readonly Value[], stage: number): Value[] =>
    substitute(outputs, new Map(checkpoints.slice(0, stage).map((checkpoint, at) => [checkpoint, kept[at]])));
  const [ownLoss, ...ownOthers] = startAt([loss, ...Object.values(others)], checkpoints.length);
  const ends = [...checkpoints.map((checkpoint, stage) => startAt([checkpoint], stage)[0]), ownLoss];
  const readers = ends.map((end) => inputsOf(end));
  for (const value of kept) checkReaders(value, readers, (stages) => stages === 1, "in one stage between checkpoints");
  for (const value of trained) checkReaders(value, readers, (stages) => stages > 0, "in some stage");

  const lowest = readers.findIndex((read) => trained.some((value) => read.has(value)));
  const first = lowest === -1 ? checkpoints.length : lowest;
  const stages: Stage[] = ends
    .slice(0, -1)
    .map((end, index) => ({ outputs: { [`checkpoint.${index}`]: end }, gradients: new Map() }));
  let resultGradient: Value | undefined;
  const handedDown = new Map<Value, Value>();
  for (let index = checkpoints.length; index >= first; index--) {
    const own = trained.filter((value) => readers[index].has(value));
    const before = index > first ? [kept[index - 1]] : [];
    const wrt = [...own, ...before];
    const gradients =
      resultGradient === undefined
        ? differentiate(ends[index], wrt, algebra)
        : pullBack(ends[index], resultGradient, wrt, algebra);
    const outputs: Record<string, Value> =
      index === checkpoints.length
        ? { loss: ownLoss, ...Object.fromEntries(Object.keys(others).map((name, at) => [name, ownOthers[at]])) }
        : {};
    if (before.length > 0) {
      const name = `checkpoint_gradient.${index - 1}`;
      outputs[name] = gradients[own.length];
      resultGradient = graph.input(name, before[0].dtype, before[0].shape);
    }
    const finished = new Map<Value, Value>();
    for (const [at, value] of own.entries()) {
      const later = handedDown.get(value);
      const sum = later === undefined ? gradients[at] : algebra.add(gradients[at], later);
      if (readers.slice(first, index).some((read) => read.has(value))) {
        const name = `shared_gradient.${index}.${trained.indexOf(value)}`;
        outputs[name] = sum;
        handedDown.set(value, graph.input(name, value.dtype, value.shape));
      } else finished.set(value, sum);
    }
    stages.push({ outputs, gradients: finished });
  }
  return stages;
}

function inputsOf(result: Value): ReadonlySet<Value> {
  return new Set(reachableNodes([result]).flatMap(({ inputs }) => inputs));
}

function checkReaders(
  value: Value,
  readers: readonly ReadonlySet<Value>[],
  isRight: (stages: number) => boolean,
  expected: string,
): void {
  const stages = readers.filter((read) => read.has(value)).length;
  if (isRight(stages)) return;
  fail("E_GRADIENT", {
    where: value.origin.kind === "input" ? `"${value.origin.name}"` : "a value",
    expected: `to be read ${expected}`,
    got: `${stages} that read it`,
    fix: stages > 1 ? "train without gradientCheckpointing" : "leave it out of what is trained",
  });
}
