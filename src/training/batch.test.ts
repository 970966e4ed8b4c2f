import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { textsOf } from "../../tests/support/tiny-bert.js";
import { lengthOf } from "../tokenizing/tokenized-texts.js";
import { collate, int64Vector } from "./batch.js";

const texts = textsOf([[7, 8, 9], [], [7], [7, 8, 9, 10, 11, 12, 13, 14]]); // 5, 2, 3 and 10 tokens
const numbers = (data: ArrayLike<number | bigint>): number[] => Array.from(data, Number);

describe("collate", () => {
  it("puts the rows in the order asked for, padded at the end, with masks and positions", () => {
    const batch = collate(texts, [2, 0], { padId: 99, padToMultipleOf: 1, maxLength: 16 });
    expect([batch.size, batch.tokens, batch.realTokens]).toEqual([2, 5, 8]);
    const { input_ids, attention_mask, token_type_ids, position_ids } = batch.tensors;
    expect(numbers(input_ids.data)).toEqual([1, 7, 2, 99, 99, 1, 7, 8, 9, 2]);
    expect(numbers(attention_mask.data)).toEqual([1, 1, 1, 0, 0, 1, 1, 1, 1, 1]);
    expect(numbers(token_type_ids.data)).toEqual(new Array(10).fill(0));
    expect(numbers(position_ids.data)).toEqual([0, 1, 2, 3, 4]);
    expect([input_ids.shape, attention_mask.shape, token_type_ids.shape, position_ids.shape]).toEqual([
      [2, 5],
      [2, 5],
      [2, 5],
      [5],
    ]);
  });

  it("marks the second segment of a pair, and no padding", () => {
    const pairs = { ...texts, secondStarts: Int32Array.of(3, 2, 3, 4) };
    const { tensors } = collate(pairs, [2, 0], { padId: 0, padToMultipleOf: 1, maxLength: 16 });
    expect(numbers(tensors.token_type_ids.data)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 1, 1]);
  });

  it.each([
    { rows: [0], padToMultipleOf: 8, maxLength: 16, tokens: 8 },
    { rows: [3], padToMultipleOf: 8, maxLength: 16, tokens: 16 },
    { rows: [3], padToMultipleOf: 8, maxLength: 12, tokens: 12 }, // never beyond the positions that the model has
    { rows: [3, 0], padToMultipleOf: 5, maxLength: 16, tokens: 10 },
    { rows: [1], padToMultipleOf: 1, maxLength: 16, tokens: 2 },
  ])(
    "pads rows $rows to a multiple of $padToMultipleOf up to $maxLength: $tokens tokens",
    ({ rows, tokens, ...options }) => {
      expect(collate(texts, rows, { padId: 0, ...options }).tokens).toBe(tokens);
    },
  );

  it("loses and invents no token", () => {
    const bodies = fc.array(fc.array(fc.integer({ min: 3, max: 100 }), { maxLength: 9 }), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(bodies, fc.integer({ min: 1, max: 8 }), (rows, padToMultipleOf) => {
        const some = textsOf(rows);
        const { tensors, tokens, size, realTokens } = collate(some, [...rows.keys()].reverse(), {
          padId: 0,
          padToMultipleOf,
          maxLength: 64,
        });
        const ids = numbers(tensors.input_ids.data);
        const mask = numbers(tensors.attention_mask.data);
        const kept = Array.from({ length: size }, (_, i) =>
          ids.slice(i * tokens, (i + 1) * tokens).filter((_id, t) => mask[i * tokens + t] === 1),
        );
        expect(kept).toEqual([...rows].reverse().map((body) => [1, ...body, 2]));
        expect(mask.reduce((sum, one) => sum + one, 0)).toBe(realTokens);
        expect(tokens % padToMultipleOf).toBe(0);
      }),
    );
  });
});

it("the length of a text counts [CLS] and [SEP]", () => {
  expect([0, 1, 2, 3].map((row) => lengthOf(texts, row))).toEqual([5, 2, 3, 10]);
});

it("an int64 vector holds its numbers, the largest id included", () => {
  expect(int64Vector([0, 5, 2 ** 31 - 1]).data).toEqual(BigInt64Array.of(0n, 5n, 2n ** 31n - 1n));
});
