import { describe, expect, it } from "vitest";
import { distanceBuckets } from "./distance-buckets.js";

/** The distances at which make_log_bucket_position of transformers goes on to the next bucket, behind the first half. */
const STEPS = {
  "32 of 128": [17, 19, 22, 25, 28, 32, 37, 43, 49, 56, 64, 74, 84, 97, 111, 128],
  "256 of 512": [
    129, 130, 131, 133, 134, 136, 137, 139, 140, 142, 143, 145, 146, 148, 150, 151, 153, 155, 156, 158, 160, 161, 163,
    165, 167, 169, 170, 172, 174, 176, 178, 180, 182, 184, 186, 188, 190, 192, 194, 196, 198, 201, 203, 205, 207, 210,
    212, 214, 216, 219, 221, 224, 226, 229, 231, 234, 236, 239, 241, 244, 247, 249, 252, 255, 258, 260, 263, 266, 269,
    272, 275, 278, 281, 284, 287, 290, 294, 297, 300, 303, 307, 310, 313, 317, 320, 324, 327, 331, 335, 338, 342, 346,
    349, 353, 357, 361, 365, 369, 373, 377, 381, 385, 390, 394, 398, 403, 407, 411, 416, 420, 425, 430, 434, 439, 444,
    449, 454, 459, 464, 469, 474, 479, 484, 490, 495, 500, 506, 512,
  ],
};

describe("distanceBuckets", () => {
  it.each(Object.entries(STEPS))("tells apart what transformers does, with %s", (name, steps) => {
    const [buckets, farthest] = name.split(" of ").map(Number);
    const rows = distanceBuckets(buckets, farthest, farthest);
    const bucket = (distance: number): number =>
      distance <= buckets / 2 ? distance : buckets / 2 + steps.filter((step) => step <= distance).length;
    for (let distance = 0; distance < farthest; distance++) {
      expect(rows[farthest + distance], String(distance)).toBe(buckets + bucket(distance));
      expect(rows[farthest - distance], String(-distance)).toBe(buckets - bucket(distance));
    }
  });

  it("ends with the last row, however far apart", () => {
    expect(distanceBuckets(4, 8, 100).at(-1)).toBe(7);
    expect(distanceBuckets(4, 8, 100)[0]).toBe(0);
  });
});
