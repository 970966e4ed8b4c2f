/** What two classifiers say of the same held-out rows: where the second is right and the first was wrong, and the other way. */

export interface PredictedRow {
  /** Its place in the rows that were held out. */
  readonly row: string;
  readonly text: string;
  readonly truth: string;
  readonly prediction: string;
}

export interface ChangedRow {
  readonly row: string;
  readonly text: string;
  readonly truth: string;
  /** The label at the time of the first, where it was another. */
  readonly truthBefore: string | undefined;
  readonly before: string;
  readonly after: string;
}

export interface ChangedRows {
  /** Rows that both were asked about. */
  readonly rows: number;
  /** Of these, the first was right about so many by the labels of the second, and the second about so many. */
  readonly rightBefore: number;
  readonly rightAfter: number;
  /** Rows with another label than at the time of the first. */
  readonly relabelled: number;
  /** Wrong before and right now. */
  readonly better: readonly ChangedRow[];
  /** Right before and wrong now. */
  readonly worse: readonly ChangedRow[];
  /** How likely a difference as large as this is by chance (McNemar's exact test). */
  readonly pValue: number;
}

export function changedRows(first: readonly PredictedRow[], second: readonly PredictedRow[]): ChangedRows {
  const keyOf = ({ row, text }: PredictedRow): string => `${row} ${text}`;
  const known = new Map(first.map((one) => [keyOf(one), one]));
  const pairs = second.flatMap((now) => {
    const was = known.get(keyOf(now));
    return was === undefined ? [] : [{ was, now }];
  });
  // By the newer labels: the older may have been wrong.
  const sides = pairs.map(({ was, now }) => ({
    row: changedRow(was, now),
    wasRight: was.prediction === now.truth,
    isRight: now.prediction === now.truth,
  }));
  const better = sides.filter(({ wasRight, isRight }) => !wasRight && isRight).map(({ row }) => row);
  const worse = sides.filter(({ wasRight, isRight }) => wasRight && !isRight).map(({ row }) => row);
  return {
    rows: sides.length,
    rightBefore: sides.filter(({ wasRight }) => wasRight).length,
    rightAfter: sides.filter(({ isRight }) => isRight).length,
    relabelled: sides.filter(({ row }) => row.truthBefore !== undefined).length,
    ...{ better, worse, pValue: mcNemar(better.length, worse.length) },
  };
}

function changedRow(was: PredictedRow, { row, text, truth, prediction }: PredictedRow): ChangedRow {
  const truthBefore = was.truth === truth ? undefined : was.truth;
  return { row, text, truth, truthBefore, before: was.prediction, after: prediction };
}

/**
 * The probability that of `a + b` fair coins as few fall to the rarer side as of `a` and `b`, or to the other as few.
 *
 * @source McNemar 1947, "Note on the sampling error of the difference between correlated proportions or percentages", exact
 */
export function mcNemar(a: number, b: number): number {
  const tosses = a + b;
  let logChoose = -tosses * Math.LN2;
  let sum = 0;
  for (let heads = 0; heads <= Math.min(a, b); heads++) {
    sum += Math.exp(logChoose);
    logChoose += Math.log(tosses - heads) - Math.log(heads + 1);
  }
  return Math.min(1, 2 * sum);
}
