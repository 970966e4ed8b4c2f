/** How far two models agree on rows: Cohen's kappa. @source Cohen 1960; sklearn.metrics.cohen_kappa_score */
export function agreement(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [inA, inB] = [new Map<number, number>(), new Map<number, number>()];
  let same = 0;
  for (let i = 0; i < a.length; i++) {
    if (a[i] === b[i]) same++;
    inA.set(a[i], (inA.get(a[i]) ?? 0) + 1);
    inB.set(b[i], (inB.get(b[i]) ?? 0) + 1);
  }
  const observed = same / a.length;
  const expected = [...inA].reduce((sum, [c, count]) => sum + (count / a.length) * ((inB.get(c) ?? 0) / a.length), 0);
  return expected === 1 ? 1 : (observed - expected) / (1 - expected);
}
