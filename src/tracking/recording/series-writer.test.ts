import fc from "fast-check";
import { expect, it } from "vitest";
import { FANOUT } from "../store/schema.js";
import { addPoint, emptySeries, type FullBucket } from "./series-writer.js";

const values = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }) },
    { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY) },
  ),
  { minLength: 1, maxLength: 700 },
);

it("gives each bucket once it is whole, with what its points come to", () => {
  fc.assert(
    fc.property(values, (all) => {
      const series = emptySeries("loss", 1);
      const buckets: FullBucket[] = [];
      all.forEach((value, i) => {
        const seq = addPoint(series, { step: 3 * i, time: 10 * i, value }, (bucket) => buckets.push(bucket));
        expect(seq).toBe(i);
      });
      const expected = [1, 2].flatMap((level) => {
        const size = FANOUT ** level;
        return Array.from({ length: Math.floor(all.length / size) }, (_, bucket) => ({ level, bucket, size }));
      });
      expect(buckets.map(({ level, bucket }) => `${level}/${bucket}`).sort()).toEqual(
        expected.map(({ level, bucket }) => `${level}/${bucket}`).sort(),
      );
      for (const { level, bucket, size } of expected) {
        const part = all.slice(bucket * size, (bucket + 1) * size);
        const numbers = part.filter((value) => !Number.isNaN(value));
        const found = buckets.find((one) => one.level === level && one.bucket === bucket);
        expect(found).toMatchObject({
          firstStep: 3 * bucket * size,
          lastStep: 3 * ((bucket + 1) * size - 1),
          firstTime: 10 * bucket * size,
          nans: part.length - numbers.length,
          min: numbers.length === 0 ? undefined : Math.min(...numbers),
          max: numbers.length === 0 ? undefined : Math.max(...numbers),
        });
        const sum = numbers.reduce((total, value) => total + value, 0);
        if (Number.isFinite(sum)) expect(found?.sum).toBeCloseTo(sum, 3);
        else expect(found?.sum).toBe(sum);
      }
    }),
    { numRuns: 60 },
  );
});
