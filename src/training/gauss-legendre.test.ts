import { expect, it } from "vitest";
import { gaussLegendre } from "./gauss-legendre.js";

it("is exact for polynomials up to degree 2 count - 1, and for none above", () => {
  for (const count of [1, 2, 5, 32]) {
    const { points, weights } = gaussLegendre(count);
    const mean = (degree: number): number => points.reduce((sum, x, i) => sum + weights[i] * x ** degree, 0);
    for (let degree = 0; degree < 2 * count; degree++) expect(mean(degree)).toBeCloseTo(1 / (degree + 1), 13);
    if (count <= 5) expect(Math.abs(mean(2 * count) - 1 / (2 * count + 1))).toBeGreaterThan(1e-8);
  }
});
