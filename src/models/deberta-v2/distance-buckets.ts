/** Which distances between two tokens DeBERTa tells apart. */

/**
 * The row of the table of distances for the distances -count … count - 1, of a table with `buckets` rows for each
 * direction. Distances up to half of the buckets have a row each; those up to `farthest` share rows by their logarithm.
 *
 * @source arXiv:2006.03654 section 3.1; transformers modeling_deberta_v2.py make_log_bucket_position, in float32 as there
 */
export function distanceBuckets(buckets: number, farthest: number, count: number): number[] {
  const middle = Math.floor(buckets / 2);
  const { fround, log } = Math;
  const whole = fround(log(fround((farthest - 1) / middle)));
  const bucketOf = (distance: number): number => {
    if (distance <= middle) return distance;
    const share = fround(fround(log(fround(distance / middle))) / whole);
    return Math.ceil(fround(share * (middle - 1))) + middle;
  };
  return Array.from({ length: 2 * count }, (_, index) => {
    const distance = index - count;
    const row = buckets + Math.sign(distance) * bucketOf(Math.abs(distance));
    return Math.min(Math.max(row, 0), 2 * buckets - 1);
  });
}
