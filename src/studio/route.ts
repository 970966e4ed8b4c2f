/** One path of the Studio's interface: what it takes, what it gives, what it does. */
import type { z } from "zod";
import type { Store } from "../tracking/store/node/open-store.js";
import type { CorrectionDesk } from "./node/correction-desk.js";
import type { LabelDesk } from "./node/label-desk.js";
import type { ModelCounter } from "./node/model-counter.js";
import type { Trainings } from "./node/trainings.js";
import type { RunWatch } from "./run-watch.js";
import type { Frozen } from "./wire/frozen.js";

/** What every path has at hand. */
export interface Studio {
  readonly store: Store;
  readonly readOnly: boolean;
  readonly watch: RunWatch;
  /** Where trainings are started from the page; undefined where they are not. */
  readonly trainings: Trainings | undefined;
  /** Files that are labelled. */
  readonly labels: LabelDesk;
  /** Labels that are corrected. */
  readonly corrections: CorrectionDesk;
  /** Classifiers to try. */
  readonly models: ModelCounter;
  /** Aborts when the Studio ends. */
  readonly signal: AbortSignal;
}

/** A request, checked. */
export interface Asked<P extends string, Q extends z.ZodObject, B extends z.ZodType> {
  readonly params: Readonly<Record<ParamsOf<P>, string>>;
  readonly query: z.output<Q>;
  readonly body: z.output<B>;
}

/** "/api/runs/{id}" has the parameter `id`. */
export type ParamsOf<P extends string> = P extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParamsOf<Rest>
  : never;

export interface RouteSpec<P extends string, Q extends z.ZodObject, B extends z.ZodType, R extends z.ZodType> {
  readonly method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  /** Begins with "/api/"; parameters stand in braces. */
  readonly path: P;
  readonly summary: string;
  /** Fields are texts in the address: numbers are coerced. A field that is a list may be given more than once. */
  readonly query?: Q;
  readonly body?: B;
  /** Bytes of a body, at most; a mebibyte by default. */
  readonly maxBody?: number;
  /** Left out where the answer is a file. */
  readonly response?: R;
  /** A question that has a body and changes nothing: answered with `--read-only` too. */
  readonly changesNothing?: true;
  /**
   * Does it. A TextuneError or Problem that is thrown is shown as it stands. NaN and infinities become null.
   *
   * @param signal aborts when who asked is gone
   */
  handle(studio: Studio, asked: Asked<P, Q, B>, signal: AbortSignal): Promise<Frozen<z.input<R>> | Response>;
}

/** A path whose types are forgotten, as the server and the description take it. */
export type Route = RouteSpec<string, z.ZodObject, z.ZodType, z.ZodType>;

/** A path of the interface, for a list in src/studio/api. */
export function defineRoute<
  P extends `/api/${string}`,
  R extends z.ZodType,
  Q extends z.ZodObject = z.ZodObject<Record<never, never>>,
  B extends z.ZodType = z.ZodUndefined,
>(spec: RouteSpec<P, Q, B, R>): Route {
  return spec as unknown as Route;
}

/** Whether a request to `route` may change something. */
export function changes({ method, changesNothing }: Route): boolean {
  return method !== "GET" && changesNothing !== true;
}
