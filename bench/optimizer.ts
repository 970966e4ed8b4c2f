/**
 * Speed of the kernels over flat buffers, against copying measured in the same run and against the plain
 * TypeScript loops.
 *
 *   npx tsx bench/optimizer.ts [millions of elements …]
 *
 * The sizes by default are those of BERT L2/H128 without its table, MiniLM L6/H384 and BERT-base. Every kernel
 * is run several times in turn with the others and the fastest run counts, so that a busy machine harms little.
 */
import { dropoutMask, fillDropoutMask, maskKey } from "../src/base/dropout-mask.js";
import { createFlatMemory } from "../src/base/flat-memory.js";
import { type AdamBuffers, type MomentBuffers, simdKernels } from "../src/base/kernels/simd.js";
import { adafactor } from "../src/optimizers/adafactor.js";
import { adamConstants, adamLoop } from "../src/optimizers/adam-step.js";
import { createOptimizer } from "../src/optimizers/create-optimizer.js";
import { addScaledLoop, scaleLoop } from "../src/optimizers/gradient-accumulation.js";
import { sumOfSquares } from "../src/optimizers/gradient-norm.js";
import { lionLoop } from "../src/optimizers/lion.js";
import { sgdLoop } from "../src/optimizers/sgd.js";

interface Row {
  readonly name: string;
  /** Bytes read and written for an element. */
  readonly bytes: number;
  readonly kernel: () => void;
  /** The same on plain buffers, through the scratch memory. */
  readonly staged?: () => void;
  readonly loop?: () => void;
}

const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1.4, 22.7, 110];
if (simdKernels === undefined) throw new Error("this machine has no WebAssembly SIMD");
const kernels = simdKernels;
const constants = adamConstants({
  ...{ step: 3, learningRate: 1e-4, gradientScale: 0.9, weightDecay: 0.01, coupled: false },
  ...{ betas: [0.9, 0.999], epsilon: 1e-8 },
});
const sgdConstants = { gradientScale: 0.9, l2: 0.01, momentum: 0.9, ofGradient: 0, ofMomentum: 1e-4 };
const lionBetas = { beta1: 0.9, oneMinusBeta1: 1 - 0.9, beta2: 0.99, oneMinusBeta2: 1 - 0.99 };
const lionConstants = { gradientScale: 0.9, decay: 1 - 1e-6, ...lionBetas, stepSize: 1e-4 };

for (const millions of sizes) {
  const length = Math.round(millions * 1e6);
  const memory = createFlatMemory(16 * length);
  const flat = buffers(length, memory.allocate);
  const plain = buffers(length, (n) => new Float32Array(n));
  report(`${millions} M elements`, length, repetitions(length), rowsOf(flat, plain));
}

const resident = 65_536;
const mask = createFlatMemory(4 * resident).allocate(resident);
report("dropout mask in the cache, 65,536 elements", resident, 400, [
  { name: "copy", bytes: 8, kernel: copier(mask, mask.slice()) },
  maskRow(mask, new Float32Array(resident)),
]);

function rowsOf(flat: AdamBuffers, plain: AdamBuffers): Row[] {
  const { gradients, firstMoment } = flat;
  const { length } = gradients;
  return [
    { name: "copy", bytes: 8, kernel: copier(gradients, firstMoment) },
    { name: "zero fill (built in)", bytes: 4, kernel: () => void firstMoment.fill(0) },
    {
      name: "AdamW step",
      bytes: 28,
      kernel: () => kernels.adam(flat, 0, length, constants),
      staged: () => kernels.adam(plain, 0, length, constants),
      loop: () => adamLoop(plain, 0, length, constants),
    },
    {
      name: "SGD step",
      bytes: 20,
      kernel: () => kernels.sgd(moment(flat), 0, length, sgdConstants),
      staged: () => kernels.sgd(moment(plain), 0, length, sgdConstants),
      loop: () => sgdLoop(moment(plain), 0, length, sgdConstants),
    },
    {
      name: "Lion step",
      bytes: 20,
      kernel: () => kernels.lion(moment(flat), 0, length, lionConstants),
      staged: () => kernels.lion(moment(plain), 0, length, lionConstants),
      loop: () => lionLoop(moment(plain), 0, length, lionConstants),
    },
    { name: "Adafactor step", bytes: 16, kernel: adafactorStep(flat) },
    {
      name: "sum of squares",
      bytes: 4,
      kernel: () => void kernels.sumOfSquares(gradients),
      staged: () => void kernels.sumOfSquares(plain.gradients),
      loop: () => void sumOfSquares(plain.gradients),
    },
    {
      name: "a += b * s",
      bytes: 12,
      kernel: () => kernels.addScaled(firstMoment, gradients, 0.5),
      staged: () => kernels.addScaled(plain.firstMoment, plain.gradients, 0.5),
      loop: () => addScaledLoop(plain.firstMoment, plain.gradients, 0.5),
    },
    {
      name: "a *= s",
      bytes: 8,
      kernel: () => kernels.scale(gradients, 0.999),
      staged: () => kernels.scale(plain.gradients, 0.999),
      loop: () => scaleLoop(plain.gradients, 0.999),
    },
    maskRow(flat.secondMoment, plain.secondMoment),
  ];
}

function moment({ parameters, gradients, firstMoment }: AdamBuffers): MomentBuffers {
  return { parameters, gradients, moment: firstMoment };
}

/** The whole as one matrix of rows of 384. */
function adafactorStep({ parameters, gradients }: AdamBuffers): () => void {
  const rows = Math.floor(parameters.length / 384);
  const tensors = [{ name: "matrix", shape: [rows, 384], start: 0, length: 384 * rows }];
  const optimizer = createOptimizer(adafactor, { parameters, gradients, groups: [{ tensors, weightDecay: 0.01 }] });
  return () => optimizer.step({ learningRate: 1e-4, gradientScale: 0.9 });
}

function maskRow(flat: Float32Array, plain: Float32Array): Row {
  return {
    name: "dropout mask",
    bytes: 4,
    kernel: () => fillDropoutMask(flat, 0.1, [1, 2], 3),
    staged: () => fillDropoutMask(plain, 0.1, [1, 2], 3),
    loop: () => dropoutMask(plain, maskKey(0.1, [1, 2], 3)),
  };
}

function copier(target: Float32Array, source: Float32Array): () => void {
  return () => target.set(source);
}

function buffers(length: number, allocate: (length: number) => Float32Array): AdamBuffers {
  const filled = () => allocate(length).fill(0.001);
  return { parameters: filled(), gradients: filled(), firstMoment: filled(), secondMoment: filled() };
}

function repetitions(length: number): number {
  return Math.max(5, Math.min(60, Math.round(1e8 / length)));
}

function report(title: string, length: number, rounds: number, rows: readonly Row[]): void {
  const best = new Map<() => void, number>();
  for (let round = 0; round < rounds; round++) {
    for (const { kernel, staged, loop } of rows) {
      // The loops are ten times as long and vary less: a few rounds do.
      for (const run of [kernel, staged, round < 5 ? loop : undefined]) {
        if (run === undefined) continue;
        const start = performance.now();
        run();
        best.set(run, Math.min(best.get(run) ?? Infinity, performance.now() - start));
      }
    }
  }
  const nanoseconds = (run: (() => void) | undefined) =>
    run === undefined ? undefined : ((best.get(run) as number) * 1e6) / length;
  const show = (value: number | undefined, digits: number, unit = "") =>
    value === undefined ? "" : `${value.toFixed(digits)}${unit}`;
  const copyRate = 8 / (nanoseconds(rows[0]?.kernel) as number);

  console.log(`\n${title}`);
  const line = (cells: readonly string[]) =>
    console.log(cells.map((cell, i) => (i === 0 ? cell.padEnd(22) : cell.padStart(13))).join(""));
  line(["", "ms", "ns/element", "GB/s", "of copying", "plain buffers", "plain loop", "times faster"]);
  for (const row of rows) {
    const own = nanoseconds(row.kernel) as number;
    const loop = nanoseconds(row.loop);
    line([
      row.name,
      show((own * length) / 1e6, 3),
      show(own, 3),
      show(row.bytes / own, 1),
      show((row.bytes / own / copyRate) * 100, 0, " %"),
      show(nanoseconds(row.staged), 3, " ns"),
      show(loop, 3, " ns"),
      show(loop === undefined ? undefined : loop / own, 1),
    ]);
  }
}
