/**
 * Whether one product for query, key and value, of weights joined beforehand, is faster than three: forward to the heads,
 * and backward from a joined gradient that is taken for granted, so that the joined form is shown at its best.
 *
 *   npx tsx bench/joined-projections.ts [--runs 100] [--json]
 */
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { createRandom } from "../src/base/random.js";
import { createGraph, type Value } from "../src/graph/graph.js";
import { sizeOf } from "../src/graph/shape.js";
import { writeModel } from "../src/onnx/write-model.js";
import { add } from "../src/ops/arithmetic.js";
import { linear, matMul, outerProduct } from "../src/ops/linear.js";
import { reshape, transpose } from "../src/ops/movement.js";
import { nodeRuntime } from "../src/runtime/node/onnxruntime.js";
import type { Tensor } from "../src/runtime/session.js";
import { median } from "./median.js";

const { values: options } = parseArgs({
  options: { runs: { type: "string", default: "100" }, json: { type: "boolean", default: false } },
});

type Build = (input: (name: string, ...shape: number[]) => Value) => Record<string, Value>;
interface Run {
  (): Promise<number>;
  close(): Promise<void>;
}

/** A function that runs what `build` makes once and tells the milliseconds. */
async function prepare(build: Build): Promise<Run> {
  const graph = createGraph();
  const known = new Map<string, Value>();
  const outputs = build((name, ...shape) => {
    const value = known.get(name) ?? graph.input(name, "float32", shape);
    known.set(name, value);
    return value;
  });
  const random = createRandom(1);
  const filled = (shape: readonly number[]): Tensor => ({
    dtype: "float32",
    shape,
    data: Float32Array.from({ length: sizeOf(shape) }, () => random.float() - 0.5),
  });
  const named = (entries: [string, Value][]) =>
    Object.fromEntries(entries.map(([name, { shape }]) => [name, filled(shape as number[])]));
  const session = await nodeRuntime.createSession(writeModel(outputs), { threads: availableParallelism() });
  const feeds = named([...known]);
  const results = named(Object.entries(outputs));
  const once = async (): Promise<number> => {
    const start = performance.now();
    await session.run(feeds, results);
    return performance.now() - start;
  };
  return Object.assign(once, { close: () => session.close() });
}

/** Medians of two in turn. */
async function inTurn(builds: readonly [Build, Build]): Promise<[number, number]> {
  const [a, b] = [await prepare(builds[0]), await prepare(builds[1])];
  const times: [number, number][] = [];
  for (let run = 0; run < Number(options.runs); run++) times.push([await a(), await b()]);
  await Promise.all([a.close(), b.close()]);
  return [median(times.map(([first]) => first)), median(times.map(([, second]) => second))];
}

const rows: Record<string, string | number>[] = [];
for (const [batch, tokens] of [
  [32, 13],
  [8, 128],
]) {
  for (const hidden of [384, 768]) {
    const heads = 12;
    const x = ["x", batch, tokens, hidden] as const;
    const split = (projected: Value): Value =>
      transpose(reshape(projected, [batch, tokens, heads, hidden / heads]), [0, 2, 1, 3]);
    const forward = await inTurn([
      (input) =>
        Object.fromEntries(
          ["q", "k", "v"].map((name) => [
            `${name}_heads`,
            split(linear(input(...x), input(`w${name}`, hidden, hidden), input(`b${name}`, hidden))),
          ]),
        ),
      (input) => ({
        heads: transpose(
          reshape(linear(input(...x), input("w", 3 * hidden, hidden), input("b", 3 * hidden)), [
            ...[batch, tokens, 3, heads, hidden / heads],
          ]),
          [2, 0, 3, 1, 4],
        ),
      }),
    ]);
    const backward = await inTurn([
      (input) => {
        const parts = ["q", "k", "v"].map((name) => {
          const gradient = input(`d${name}`, batch, tokens, hidden);
          return {
            dx: matMul(gradient, input(`w${name}`, hidden, hidden)),
            dw: outerProduct(gradient, input(...x)),
          };
        });
        return {
          dx: add(add(parts[0].dx, parts[1].dx), parts[2].dx),
          ...Object.fromEntries(parts.map(({ dw }, index) => [`dw${index}`, dw])),
        };
      },
      (input) => {
        const gradient = input("d", batch, tokens, 3 * hidden);
        return { dx: matMul(gradient, input("w", 3 * hidden, hidden)), dw: outerProduct(gradient, input(...x)) };
      },
    ]);
    const row = (what: string, [separate, joined]: [number, number]) => ({
      shape: `${batch} x ${tokens} x ${hidden}`,
      what,
      "three products, ms": separate.toFixed(2),
      "joined, ms": joined.toFixed(2),
      "joined is faster by": (separate / joined).toFixed(2),
    });
    rows.push(row("forward", forward), row("backward", backward));
  }
}
if (options.json) console.log(JSON.stringify(rows));
else console.table(rows);
