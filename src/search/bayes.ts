/**
 * Bayesian optimisation: a Gaussian process says what is known of the cost of each setting, and the one whose expected
 * improvement over the best is greatest is tried next.
 *
 * @source Jones, Schonlau, Welch, "Efficient Global Optimization of Expensive Black-Box Functions", 1998
 */
import type { Random } from "../base/random.js";
import { fitGaussianProcess, type GaussianProcess, type Point } from "./gaussian-process.js";
import type { Method, PastTrial } from "./method.js";
import { normalCdf, normalDensity } from "./quantiles.js";
import { type Setting, type Space, settingAt } from "./space.js";

/** Candidates drawn from the whole space. */
const DRAWN = 1000;
/** The best of them that are looked around, how often, and at how many points each time. */
const KEPT = 5;
const ROUNDS = 6;
const NEIGHBOURS = 20;

export const bayes: Method = {
  name: "bayes",
  needsMetric: true,
  size: () => undefined,
  suggest(space, number, past, random) {
    const searched = space.filter(({ dimension: { choices } }) => choices === undefined || choices.length > 1);
    const known = past.filter(({ cost }) => cost !== undefined);
    // As many as there are dimensions, and two more, tell a process the first of what it needs.
    if (known.filter(({ cost }) => Number.isFinite(cost)).length < searched.length + 2)
      return spread(space, number, random);
    const encode = (setting: Setting): Point => pointOf(searched, setting);
    const process = knowledge(searched, known, past, encode);
    const tried = new Set(past.map(({ setting }) => JSON.stringify(setting)));
    const incumbent = Math.min(...known.map(({ setting }) => process.at(encode(setting)).mean));
    const gain = (setting: Setting): number =>
      tried.has(JSON.stringify(setting)) ? 0 : expectedImprovement(process, encode(setting), incumbent);
    return best(
      space,
      gain,
      [...known].sort((a, b) => Number(a.cost) - Number(b.cost)),
      random.fork(number),
    );
  },
};

/** A trial before anything is known: spread over the space by a sequence that leaves no hole, R. Roberts 2018. */
function spread(space: Space, number: number, random: Random): Setting {
  let root = 2;
  for (let i = 0; i < 50; i++) root = (1 + root) ** (1 / (space.length + 1));
  const shifts = random.fork("spread");
  const start = space.map(() => shifts.float());
  return settingAt(space, (_, i) => ((start[i] as number) + (number + 1) * root ** -(i + 1)) % 1);
}

function pointOf(space: Space, setting: Setting): Point {
  return Float64Array.from(space, ({ name, dimension }) =>
    name in setting ? dimension.rank(setting[name] as never) : Number.NaN,
  );
}

/** What is known: trials that ended, those that failed as bad as the worst, those that run as good as is expected. */
function knowledge(
  space: Space,
  known: readonly PastTrial[],
  past: readonly PastTrial[],
  encode: (setting: Setting) => Point,
): GaussianProcess {
  const ordered = space.map(({ dimension }) => dimension.ordered);
  const costs = known.map(({ cost }) => cost as number);
  const finite = costs.filter(Number.isFinite).sort((a, b) => a - b);
  // A training that diverged would flatten all that is told apart near the best.
  const [lowest, middle] = [finite[0] as number, finite[finite.length >> 1] as number];
  const limit = Math.min(finite[finite.length - 1] as number, middle + 4 * (middle - lowest) + 1e-12);
  const points = known.map(({ setting }) => encode(setting));
  const values = costs.map((cost) => Math.min(cost, limit));
  const running = past.filter(({ cost }) => cost === undefined);
  const process = fitGaussianProcess(points, values, ordered);
  if (running.length === 0) return process;
  for (const { setting } of running) {
    const point = encode(setting);
    points.push(point);
    values.push(process.at(point).mean);
  }
  return fitGaussianProcess(points, values, ordered);
}

function expectedImprovement(process: GaussianProcess, point: Point, incumbent: number): number {
  const { mean, deviation } = process.at(point);
  const z = (incumbent - mean) / deviation;
  return deviation * (z * normalCdf(z) + normalDensity(z));
}

/** The setting of the greatest gain: of many drawn ones and what is near to the best of these and of the past. */
function best(space: Space, gain: (setting: Setting) => number, past: readonly PastTrial[], random: Random): Setting {
  interface Candidate {
    readonly at: readonly number[];
    readonly setting: Setting;
    readonly gain: number;
  }
  const candidate = (at: readonly number[]): Candidate => {
    const setting = settingAt(space, (_, i) => at[i] as number);
    return { at, setting, gain: gain(setting) };
  };
  const drawn = Array.from({ length: DRAWN }, () => candidate(space.map(() => random.float())));
  drawn.sort((a, b) => b.gain - a.gain);
  const near = past
    .slice(0, KEPT)
    .map(({ setting }) =>
      candidate(
        space.map(({ name, dimension }) =>
          name in setting ? Math.min(dimension.rank(setting[name] as never), 1 - 1e-9) : random.float(),
        ),
      ),
    );
  let kept = [...drawn.slice(0, KEPT), ...near];
  let width = 0.2;
  for (let round = 0; round < ROUNDS; round++, width /= 2.2) {
    kept = kept.map((start) => {
      let found = start;
      for (let i = 0; i < NEIGHBOURS; i++) {
        const only = random.float() < 0.5 ? random.integer(space.length) : -1;
        const moved = candidate(
          found.at.map((one, d) => (only >= 0 && only !== d ? one : move(space, d, one, width, random))),
        );
        if (moved.gain > found.gain) found = moved;
      }
      return found;
    });
  }
  return kept.reduce((a, b) => (b.gain > a.gain ? b : a)).setting;
}

/** A step of a dimension: to a value nearby, or to any where nearby means nothing. */
function move(space: Space, dimension: number, from: number, width: number, random: Random): number {
  if (space[dimension]?.dimension.ordered !== true) return random.float() < 0.3 ? random.float() : from;
  return Math.min(1 - 1e-9, Math.max(0, from + width * random.normal()));
}
