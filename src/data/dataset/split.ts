import { fail } from "../../base/errors.js";
import { createRandom, DEFAULT_SEED } from "../../base/random.js";
import { listed } from "../table/labels.js";

/** The size of a part: a fraction in (0, 1), or a whole number of rows from 1 on. */
export type PartSize = number;

/** How rows are dealt out to parts. */
export interface SplitOptions {
  /** The size of `train`; by default everything that the other parts leave. */
  readonly train?: PartSize;
  /** The size of `validation`; no such part by default. */
  readonly validation?: PartSize;
  /** The size of `test`; no such part by default. */
  readonly test?: PartSize;
  /** Further parts by name, such as `{ calibration: 0.05 }`. */
  readonly parts?: Readonly<Record<string, PartSize>>;
  /**
   * Give every part the same mix of labels (`true`), or of the values of a column. Default: true where
   * the data has labels and neither `group`, `by` nor `order` is given. Where rows have several classes,
   * every class is dealt out by its share (iterative stratification); numbers by ten quantiles.
   */
  readonly stratify?: boolean | string;
  /**
   * A class of fewer rows than parts: `"error"` (default where `stratify` is given), or `"first"`: all of
   * its rows to the first part (default where it is not).
   */
  readonly smallClasses?: "error" | "first";
  /** A column whose equal values must not be torn apart: a customer, a document, a conversation. */
  readonly group?: string;
  /** A column to sort by, such as a date: the first rows become `train`, the last ones `test`. */
  readonly order?: string;
  /** `"hash"` decides each row by its text alone: rows added later move no other row. */
  readonly by?: "hash";
  /** Seed of the dealing; 42 by default. */
  readonly seed?: number;
}

/** A part's name and how many of the rows it takes. */
interface Part {
  readonly name: string;
  readonly rows: number;
  readonly fraction: number;
}

/** The rows of each part, in ascending order, by the part's name. */
export type PartRows = ReadonlyMap<string, Uint32Array>;

/** What a split has to know of the rows. */
export interface SplitRows {
  readonly length: number;
  /** The class of each row, with the classes' names, for a stratified split. */
  readonly strata?: { readonly ids: Int32Array; readonly names: readonly string[] };
  /** The same for bins of numbers, which may hold fewer rows than there are parts. */
  readonly bins?: { readonly ids: Int32Array; readonly names: readonly string[] };
  /** The classes of each row, of any number, for a stratified split. */
  readonly labels?: readonly (readonly number[])[];
  /** The group of each row, numbered from 0. */
  readonly groups?: Int32Array;
  /** The rows in the order in which to cut. */
  readonly order?: Uint32Array;
  /** A number in [0, 1) for each row that depends on its text and `seed` alone. */
  readonly hashes?: Float64Array;
}

/** The parts that `options` asks for out of `length` rows; `train` comes first and takes what is left. */
export function planParts(options: SplitOptions, length: number): readonly Part[] {
  const asked: [string, PartSize | undefined][] = [
    ["train", options.train],
    ["validation", options.validation],
    ["test", options.test],
    ...Object.entries(options.parts ?? {}),
  ];
  const given = asked.filter((entry): entry is [string, PartSize] => entry[1] !== undefined);
  for (const [name, size] of given) {
    if (!(size > 0 && (size < 1 || Number.isInteger(size)))) {
      fail("E_CONFIG", {
        where: `split, ${name}`,
        expected: "a fraction between 0 and 1 or a whole number of rows",
        got: String(size),
        fix: `write for example ${name}: 0.1`,
      });
    }
  }
  const others = given.filter(([name]) => name !== "train");
  if (given.length === 0)
    fail("E_CONFIG", {
      where: "split",
      expected: "at least one part",
      got: "none",
      fix: "write for example { test: 0.2 }",
    });

  const fractions = given.reduce((sum, [, size]) => sum + (size < 1 ? size : size / length), 0);
  if (fractions > 1 + 1e-9) {
    fail("E_CONFIG", {
      where: "split",
      expected: `parts that fit into ${length} rows`,
      got: given.map(([name, size]) => `${name} ${size}`).join(", "),
      fix: "make the parts smaller",
    });
  }
  const count = (size: PartSize): number => (size < 1 ? Math.round(size * length) : size);
  const counts = others.map(([name, size]) => ({ name, rows: count(size) }));
  const taken = counts.reduce((sum, part) => sum + part.rows, 0);
  // With fractions that add up to 1, rounding must not lose or invent a row: train takes the difference.
  const whole = options.train === undefined || (options.train < 1 && Math.abs(fractions - 1) < 1e-9);
  const trainRows = whole ? length - taken : count(options.train);
  const parts = [{ name: "train", rows: trainRows }, ...counts];
  for (const part of parts) {
    if (part.rows < 1) {
      fail("E_DATA", {
        where: `split, ${part.name}`,
        expected: "at least one row",
        got: `${Math.max(0, part.rows)} of ${length}`,
        fix: "make the part larger or bring more rows",
      });
    }
  }
  return parts.map((part) => ({ ...part, fraction: part.rows / length }));
}

/** Deals the rows out to the parts of `options`. The same rows and seed give the same parts on every machine. */
export function splitRows(rows: SplitRows, options: SplitOptions): PartRows {
  const parts = planParts(options, rows.length);
  if (rows.hashes !== undefined) return byHash(rows.hashes, parts);
  if (rows.order !== undefined) return cut(rows.order, parts);
  const random = createRandom(options.seed ?? DEFAULT_SEED).fork("split");
  if (rows.groups !== undefined) return byGroup(rows.groups, rows.length, parts, random);
  if (rows.labels !== undefined) return byLabels(rows.labels, parts, random);
  if (rows.bins !== undefined) return cut(stratifiedOrder(rows.bins, rows.length, parts, "first", random), parts);
  if (rows.strata !== undefined)
    return cut(
      stratifiedOrder(
        rows.strata,
        rows.length,
        parts,
        options.smallClasses ?? (options.stratify === undefined ? "first" : "error"),
        random,
      ),
      parts,
    );
  return cut(random.shuffle(Uint32Array.from({ length: rows.length }, (_, i) => i)), parts);
}

type SplitRandom = ReturnType<typeof createRandom>;

/** Cuts `order` into consecutive runs, one per part. */
function cut(order: Uint32Array, parts: readonly Part[]): PartRows {
  let from = 0;
  return new Map(
    parts.map((part) => {
      const rows = order.slice(from, from + part.rows).sort();
      from += part.rows;
      return [part.name, rows];
    }),
  );
}

/**
 * An order of the rows of which every run has the mix of classes of the whole: each class is shuffled
 * and spread evenly over [0, 1), then all are merged. Cutting it keeps both the sizes of the parts
 * exact and every class within one row of its share.
 */
function stratifiedOrder(
  strata: NonNullable<SplitRows["strata"]>,
  length: number,
  parts: readonly Part[],
  smallClasses: "error" | "first",
  random: SplitRandom,
): Uint32Array {
  const members: number[][] = strata.names.map(() => []);
  for (let row = 0; row < length; row++) members[strata.ids[row] as number]?.push(row);
  const small = strata.names.filter((_, id) => {
    const count = (members[id] as number[]).length;
    return count > 0 && count < parts.length;
  });
  if (small.length > 0 && smallClasses === "error") {
    const name = small[0] as string;
    fail("E_DATA", {
      where: "split",
      expected: `at least ${parts.length} rows of every class, one for each part`,
      got: `${(members[strata.names.indexOf(name)] as number[]).length} of ${listed(small)}`,
      fix: "bring more rows, leave these classes out, or put them whole into the first part",
      set: { smallClasses: "first" },
    });
  }
  const position = new Float64Array(length);
  const tie = new Uint32Array(length);
  const rank = random.shuffle(Uint32Array.from({ length: strata.names.length }, (_, i) => i));
  members.forEach((rows, id) => {
    random.shuffle(rows);
    // Parts are cut in order, so position 0 belongs to the first.
    const together = rows.length < parts.length;
    rows.forEach((row, j) => {
      position[row] = together ? 0 : (j + 0.5) / rows.length;
      tie[row] = rank[id] as number;
    });
  });
  const order = Uint32Array.from({ length }, (_, i) => i);
  return order.sort(
    (a, b) => (position[a] as number) - (position[b] as number) || (tie[a] as number) - (tie[b] as number) || a - b,
  );
}

/**
 * Deals rows of several classes each, so that every part gets its share of every class: the class of which the fewest
 * rows are left comes next, and each of its rows goes to the part that lacks the class most. Sizes are exact.
 *
 * @source Sechidis, Tsoumakas and Vlahavas 2011, "On the stratification of multi-label data"
 */
function byLabels(labels: readonly (readonly number[])[], parts: readonly Part[], random: SplitRandom): PartRows {
  const { length } = labels;
  const total = parts.reduce((sum, part) => sum + part.rows, 0);
  const bins = [
    ...parts,
    ...(total < length ? [{ name: "", rows: length - total, fraction: 1 - total / length }] : []),
  ];
  const classes = labels.reduce((most, ids) => ids.reduce((a, b) => Math.max(a, b), most), -1) + 1;
  const left = new Int32Array(classes);
  for (const ids of labels) for (const id of ids) left[id] = (left[id] as number) + 1;
  const lacking = bins.map((bin) => Float64Array.from(left, (count) => count * bin.fraction));
  const room = bins.map((bin) => bin.rows);
  const order = random.shuffle(Uint32Array.from({ length }, (_, i) => i));
  const members: number[][] = Array.from({ length: classes }, () => []);
  for (const row of order) for (const id of labels[row] as readonly number[]) members[id]?.push(row);
  const lists = bins.map((): number[] => []);
  const dealt = new Uint8Array(length);
  const deal = (row: number, lack: (bin: number) => number): void => {
    let best = -1;
    for (let bin = 0; bin < bins.length; bin++) {
      if (room[bin] === 0) continue;
      const better = best < 0 ? 1 : lack(bin) - lack(best) || (room[bin] as number) - (room[best] as number);
      if (better > 0) best = bin;
    }
    dealt[row] = 1;
    (lists[best] as number[]).push(row);
    room[best] = (room[best] as number) - 1;
    for (const id of labels[row] as readonly number[]) {
      left[id] = (left[id] as number) - 1;
      (lacking[best] as Float64Array)[id] = ((lacking[best] as Float64Array)[id] as number) - 1;
    }
  };
  for (;;) {
    let rarest = -1;
    for (let id = 0; id < classes; id++)
      if ((left[id] as number) > 0 && (rarest < 0 || (left[id] as number) < (left[rarest] as number))) rarest = id;
    if (rarest < 0) break;
    for (const row of members[rarest] as number[])
      if (dealt[row] === 0) deal(row, (bin) => (lacking[bin] as Float64Array)[rarest] as number);
  }
  // Rows of no class fill what room is left, by the parts' shares.
  for (const row of order) if (dealt[row] === 0) deal(row, (bin) => (room[bin] as number) / (bins[bin] as Part).rows);
  return new Map(parts.map((part, i) => [part.name, Uint32Array.from(lists[i] as number[]).sort()]));
}

/** Deals whole groups: the largest remaining need takes the next group, groups coming in random order, large ones first. */
function byGroup(groups: Int32Array, length: number, parts: readonly Part[], random: SplitRandom): PartRows {
  const members = new Map<number, number[]>();
  for (let row = 0; row < length; row++) {
    const group = groups[row] as number;
    const known = members.get(group);
    if (known === undefined) members.set(group, [row]);
    else known.push(row);
  }
  if (members.size < parts.length) {
    fail("E_DATA", {
      where: "split",
      expected: `at least ${parts.length} groups, one for each part`,
      got: String(members.size),
      fix: "ask for fewer parts or choose another group column",
    });
  }
  const wanted = parts.reduce((sum, part) => sum + part.rows, 0);
  const leftOver = wanted < length ? [{ name: "", rows: length - wanted, fraction: 1 - wanted / length }] : [];
  const bins = [...parts, ...leftOver].map((part) => ({ ...part, need: part.rows, list: [] as number[] }));
  const order = random.shuffle([...members.values()]).sort((a, b) => b.length - a.length);
  order.forEach((rows, i) => {
    // No part may stay empty: the last groups go to the parts that have none.
    const empty = bins.filter((bin) => bin.list.length === 0);
    const open = order.length - i <= empty.length ? empty : bins;
    const bin = open.reduce((best, other) => (other.need > best.need ? other : best));
    for (const row of rows) bin.list.push(row);
    bin.need -= rows.length;
  });
  return new Map(bins.filter((bin) => bin.name !== "").map((bin) => [bin.name, Uint32Array.from(bin.list).sort()]));
}

/** Each row goes where its own number falls, whatever the other rows are; sizes hold only on average. */
function byHash(hashes: Float64Array, parts: readonly Part[]): PartRows {
  const lists = parts.map(() => [] as number[]);
  // Later parts are cut off the lower end, so that making train smaller moves no row between the others.
  const bounds: { readonly upTo: number; readonly list: number[] }[] = [];
  let edge = 0;
  for (let i = 1; i < parts.length; i++) {
    edge += (parts[i] as Part).fraction;
    bounds.push({ upTo: edge, list: lists[i] as number[] });
  }
  bounds.push({ upTo: edge + (parts[0] as Part).fraction, list: lists[0] as number[] });
  for (let row = 0; row < hashes.length; row++) {
    const bound = bounds.find(
      (b, i) => (hashes[row] as number) < b.upTo || (i === bounds.length - 1 && b.upTo > 1 - 1e-9),
    );
    bound?.list.push(row);
  }
  return new Map(parts.map((part, i) => [part.name, Uint32Array.from(lists[i] as number[])]));
}
