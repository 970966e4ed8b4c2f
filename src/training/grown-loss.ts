/** Notices a training that runs away while its loss is still a number. */

/** Steps whose mean loss is that of the beginning. */
const FIRST_STEPS = 10;
const HUNDREDFOLD = 100;
/** A loss that begins near zero may grow a hundredfold and be small. */
const SMALLEST_BEGINNING = 0.01;

/** What to say after the step of the last of `losses`: the first time that one is a hundredfold of the beginning's mean. */
export function grownLoss(losses: readonly number[]): string | undefined {
  const first = losses.slice(0, Math.min(FIRST_STEPS, losses.length - 1));
  const last = losses.at(-1);
  if (first.length === 0 || last === undefined) return undefined;
  // What is a hundredfold while the mean is not yet of all steps must not be part of it.
  const beginning = Math.max(SMALLEST_BEGINNING, Math.min(first[0] as number, mean(first)));
  const isGrown = (loss: number): boolean => loss > HUNDREDFOLD * beginning;
  if (!isGrown(last) || losses.slice(0, -1).some(isGrown)) return undefined;
  return `step ${losses.length}: the loss has grown a hundredfold, from ${short(beginning)} to ${short(last)}`;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function short(loss: number): string {
  return String(Number(loss.toPrecision(3)));
}
