/** What a search method is, and what it may know. */
import type { Random } from "../base/random.js";
import type { Setting, Space } from "./space.js";

/** A trial as a method sees it. */
export interface PastTrial {
  readonly setting: Setting;
  /**
   * What it came to, less is better; undefined while it runs. A trial that failed, or broke a constraint, has
   * `Infinity`.
   */
  readonly cost: number | undefined;
}

export interface Method {
  readonly name: string;
  /** Whether it learns from what trials came to. */
  readonly needsMetric: boolean;
  /** Trials after which there is nothing new; undefined where there always is. */
  size(space: Space): number | undefined;
  /**
   * What to try next.
   *
   * @param number which trial it is, counted from 0
   * @param random of the whole search: what is drawn for a trial comes from `random.fork(number)`
   * @throws E_CONFIG for a space that it cannot search
   */
  suggest(space: Space, number: number, past: readonly PastTrial[], random: Random): Setting;
}
