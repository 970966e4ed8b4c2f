import { expect, it } from "vitest";
import { openRing, ringMemory } from "./points-ring.js";

it("gives records in order and whole, round and round, past the end of its counters", () => {
  const memory = ringMemory();
  // As after 2^31 numbers: the counters are about to change their sign.
  new Int32Array(memory, 0, 2).fill(2 ** 31 - 20_000);
  const [writer, reader] = [openRing(memory), openRing(memory)];
  let put = 0;
  let taken = 0;
  while (put < 10_000) {
    for (let i = 0; i < 1 + (put % 7); i++) {
      const record = Array.from({ length: 3 + (put % 5) }, (_, n) => put + n / 8);
      if (!writer.put(record)) expect.fail("there was room");
      put++;
    }
    for (const record of reader.take()) {
      if (record.length !== 3 + (taken % 5) || record.some((value, n) => value !== taken + n / 8))
        expect.fail(`record ${taken}: ${record}`);
      taken++;
    }
  }
  expect(taken).toBe(put);
});

it("keeps NaN, leaves out what has no room, and gives only what was there at a moment", () => {
  const ring = openRing(ringMemory());
  ring.put([Number.NaN, Number.NEGATIVE_INFINITY]);
  const moment = ring.end();
  let more = 0;
  while (ring.put([more])) more++;
  expect(more).toBe((2 ** 16 - 3) / 2 - 0.5);
  expect(ring.put([])).toBe(true);
  expect(ring.take(moment)).toEqual([[Number.NaN, Number.NEGATIVE_INFINITY]]);
  expect(ring.take(moment)).toEqual([]);
  expect(ring.put([1, 2])).toBe(true);
  expect(ring.take()).toHaveLength(more + 2);
});
