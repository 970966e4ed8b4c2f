/** How far each row is from what is labelled. */
import type { Features } from "../classifier/features.js";
import { cosine } from "./nearest.js";

export interface Coverage {
  /** Of each row, 1 less the cosine of the added row that is most like it; 2 before one is added. */
  readonly distances: Float32Array;
  add(row: number): void;
}

export function createCoverage(features: Features): Coverage {
  const rows = features.values.length / features.width;
  const distances = new Float32Array(rows).fill(2);
  return {
    distances,
    add(row) {
      for (let other = 0; other < rows; other++)
        distances[other] = Math.min(distances[other], 1 - cosine(features, other, features, row));
    },
  };
}
