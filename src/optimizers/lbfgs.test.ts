import { expect, it } from "vitest";
import { minimize } from "./lbfgs.js";

const OPTIONS = { maxIterations: 500, tolerance: 1e-9 };

it("finds the minimum of a long valley", async () => {
  // Curvatures from 1 to 10⁴: gradient descent would take some ten thousand steps.
  const curvatures = [1, 10, 100, 1000, 10_000];
  const { at, iterations } = await minimize(
    async (x) => ({
      value: curvatures.reduce((sum, c, i) => sum + (c / 2) * ((x[i] as number) - i) ** 2, 0),
      gradient: Float64Array.from(curvatures, (c, i) => c * ((x[i] as number) - i)),
    }),
    new Float64Array(5),
    OPTIONS,
  );
  for (const [i, value] of at.entries()) expect(value).toBeCloseTo(i, 8);
  expect(iterations).toBeLessThan(60);
});

it("never goes up, and stops where rounding hides the way", async () => {
  const values: number[] = [];
  const { gradient } = await minimize(
    async (x) => {
      const value = Math.fround(Math.cosh((x[0] as number) - 3) + Math.cosh(x[1] as number));
      values.push(value);
      return { value, gradient: Float64Array.of(Math.sinh((x[0] as number) - 3), Math.sinh(x[1] as number)) };
    },
    Float64Array.of(-5, 7),
    { ...OPTIONS, tolerance: 0 },
  );
  expect(Math.min(...values)).toBeCloseTo(2, 6);
  expect(Math.max(...gradient.map(Math.abs))).toBeLessThan(1e-3);
});
