/** The batches of contrastive training: some classes, and as many texts of each. */
import type { Random } from "../base/random.js";

/**
 * Draws batches without end: `batchSize` rows, as many as can be of each of as many classes as there is room for, two of
 * a class at least where it has two. Of each class every row comes before one comes again.
 *
 * @param classIds [N]
 */
export function* contrastiveBatches(
  classIds: ArrayLike<number>,
  batchSize: number,
  random: Random,
): Generator<Uint32Array, never> {
  const rowsOf = new Map<number, number[]>();
  for (let row = 0; row < classIds.length; row++)
    rowsOf.set(classIds[row], [...(rowsOf.get(classIds[row]) ?? []), row]);
  const classes = endless([...rowsOf.keys()], random.fork("classes"));
  const rows = new Map([...rowsOf].map(([id, own]) => [id, endless(own, random.fork(`rows ${id}`))]));
  const count = Math.max(1, Math.min(rowsOf.size, Math.floor(batchSize / 2)));
  for (;;) {
    const chosen = new Set<number>();
    while (chosen.size < count) chosen.add(classes.next().value);
    const batch = [...chosen].flatMap((id) => {
      const own = rowsOf.get(id) as number[];
      const draws = rows.get(id) as Generator<number, never>;
      return Array.from({ length: Math.min(own.length, Math.floor(batchSize / count)) }, () => draws.next().value);
    });
    // Between two rounds through a class a row may be drawn twice.
    yield Uint32Array.from(new Set(batch));
  }
}

/** `items` in a random order, and then in another, and so on. */
function* endless<T>(items: readonly T[], random: Random): Generator<T, never> {
  for (;;) yield* random.shuffle([...items]);
}
