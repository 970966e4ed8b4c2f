/** What a head is: one record, which turns what the encoder makes of a text into the outputs of a task. */
import type { z } from "zod";
import { fail } from "../base/errors.js";
import { resolveOptions } from "../base/resolve-options.js";
import type { Value } from "../graph/graph.js";
import type { Scope } from "../nn/scope.js";

/** What an encoder makes of a batch. */
export interface Encoded {
  /** The last hidden state of every token, [B, T, D]. */
  readonly sequence: Value;
  /**
   * What the encoder's own pooler makes of the first token, [B, D]; undefined for an architecture without one. Its
   * parameters belong to the model only when this is called.
   */
  readonly pooled?: () => Value;
}

/** What a head takes from the configuration of its encoder, where its options do not say otherwise. */
export interface HeadDefaults {
  /** Probability with which dropout drops an element. */
  readonly dropout: number;
  /** Standard deviation of new weights. */
  readonly deviation: number;
}

export interface HeadInputs extends Encoded {
  /** 1 on tokens, 0 on padding, [B, T] int64. */
  readonly attentionMask: Value;
}

/** A kind of head. `O` are its options. */
export interface HeadSpec<O> {
  /** Under this name it stands in a saved `config.json`. */
  readonly name: string;
  readonly summary: string;
  /** All options with their defaults; they must survive JSON. */
  readonly options: z.ZodObject<z.ZodRawShape> & z.ZodType<O>;
  /**
   * Logits [B, C] of `outputs` = C outputs. Parameters are named by the scope, the outermost one of the model.
   *
   * @throws E_CONFIG for an option that this encoder cannot serve
   */
  readonly build: (scope: Scope, encoded: HeadInputs, outputs: number, options: O, defaults: HeadDefaults) => Value;
  readonly source: string;
}

/** A head as the rest of the system sees it. */
export type Head = HeadSpec<unknown>;

export function defineHead<O>(spec: HeadSpec<O>): Head {
  return Object.freeze(spec) as unknown as Head;
}

/** A head with its options. */
export interface ChosenHead {
  readonly head: Head;
  readonly options: unknown;
}

/**
 * `head` with `options`, and its defaults for those that are left out.
 *
 * @throws E_CONFIG naming the option that is wrong
 */
export function chooseHead(head: Head, options: Readonly<Record<string, unknown>> = {}): ChosenHead {
  return { head, options: resolveOptions(head.options, options) };
}

/**
 * The encoder's own pooler's output [B, D].
 *
 * @throws E_CONFIG for an encoder without a pooler
 */
export function pooledOutput({ pooled }: Encoded): Value {
  return (
    pooled?.() ??
    fail("E_CONFIG", {
      option: "head",
      expected: "an encoder with a pooler",
      got: "one without",
      fix: "pool otherwise",
    })
  );
}
