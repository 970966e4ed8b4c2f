/**
 * The points of one metric on their way to the store: rows of points, and rows of envelopes as buckets fill.
 *
 * A bucket of level 1 holds 16 points, one of level n 16 of level n - 1. What is not yet a whole bucket is kept here
 * alone; after a resume it is read back from the level below.
 */
import { FANOUT, LEVELS } from "../store/schema.js";

/** A point: `value` may be NaN or infinite. */
export interface Point {
  readonly step: number;
  readonly time: number;
  readonly value: number;
}

/** Points taken together. Extremes and sum are over values that are numbers; undefined where none is. */
export interface Bucket {
  readonly firstStep: number;
  readonly lastStep: number;
  readonly firstTime: number;
  readonly lastTime: number;
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly sum: number;
  readonly nans: number;
}

/** A whole bucket, ready to be written. */
export interface FullBucket extends Bucket {
  readonly level: number;
  readonly bucket: number;
}

/** What has come in of a bucket that is not whole. */
export type OpenBucket = { readonly parts: number; readonly bucket: Bucket } | undefined;

/** The state of a metric. */
export interface Series {
  readonly name: string;
  readonly id: number;
  points: number;
  firstStep: number;
  lastStep: number;
  lastValue: number;
  min: number | undefined;
  max: number | undefined;
  /** By level; the first is of level 1. */
  readonly open: OpenBucket[];
  /** Sum and number of the values that are numbers, for a mean in the summary. */
  sum: number;
  numbers: number;
}

/** A metric without a point. */
export function emptySeries(name: string, id: number): Series {
  return {
    name,
    id,
    points: 0,
    firstStep: 0,
    lastStep: -1,
    lastValue: Number.NaN,
    min: undefined,
    max: undefined,
    open: new Array<OpenBucket>(LEVELS).fill(undefined),
    sum: 0,
    numbers: 0,
  };
}

/** Adds a point to the state, and gives the buckets that it completes to `full`. Returns its place in the order. */
export function addPoint(series: Series, point: Point, full: (bucket: FullBucket) => void): number {
  const { step, time, value } = point;
  const seq = series.points++;
  if (seq === 0) series.firstStep = step;
  series.lastStep = step;
  series.lastValue = value;
  const nan = Number.isNaN(value);
  if (!nan) {
    series.min = series.min === undefined ? value : Math.min(series.min, value);
    series.max = series.max === undefined ? value : Math.max(series.max, value);
    series.sum += value;
    series.numbers++;
  }
  let part: Bucket = {
    firstStep: step,
    lastStep: step,
    firstTime: time,
    lastTime: time,
    min: nan ? undefined : value,
    max: nan ? undefined : value,
    sum: nan ? 0 : value,
    nans: nan ? 1 : 0,
  };
  for (let level = 1; level <= LEVELS; level++) {
    const before = series.open[level - 1];
    const bucket = before === undefined ? part : join(before.bucket, part);
    const parts = (before?.parts ?? 0) + 1;
    if (parts < FANOUT) {
      series.open[level - 1] = { parts, bucket };
      break;
    }
    series.open[level - 1] = undefined;
    full({ ...bucket, level, bucket: Math.floor(seq / FANOUT ** level) });
    part = bucket;
  }
  return seq;
}

/** Two neighbours as one. */
export function join(a: Bucket, b: Bucket): Bucket {
  return {
    firstStep: a.firstStep,
    lastStep: b.lastStep,
    firstTime: a.firstTime,
    lastTime: b.lastTime,
    min: a.min === undefined || b.min === undefined ? (a.min ?? b.min) : Math.min(a.min, b.min),
    max: a.max === undefined || b.max === undefined ? (a.max ?? b.max) : Math.max(a.max, b.max),
    sum: a.sum + b.sum,
    nans: a.nans + b.nans,
  };
}
