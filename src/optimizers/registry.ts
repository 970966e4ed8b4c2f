/** Every optimizer: a line each. */
import { adafactor } from "./adafactor.js";
import { adam } from "./adam.js";
import { adamw } from "./adamw.js";
import type { Optimizer } from "./define-optimizer.js";
import { lion } from "./lion.js";
import { sgd } from "./sgd.js";

const OPTIMIZERS = { adamw, adam, sgd, adafactor, lion } as const satisfies Readonly<Record<string, Optimizer>>;

/** What the option `optim` takes. */
export type OptimizerName = keyof typeof OPTIMIZERS;

/** All names, for option schemas and help texts. */
export const OPTIMIZER_NAMES = Object.keys(OPTIMIZERS) as readonly OptimizerName[];

export const optimizerOf = (name: OptimizerName): Optimizer => OPTIMIZERS[name];

type Union<T> = (T extends unknown ? (one: T) => void : never) extends (all: infer All) => void ? All : never;

/** The options of all optimizers as fields of one schema; those of one name are one option. */
export const optimizerFields = Object.assign(
  {},
  ...Object.values(OPTIMIZERS).map(({ options }) => options.shape),
) as Union<(typeof OPTIMIZERS)[OptimizerName]["options"]["shape"]>;
