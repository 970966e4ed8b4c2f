import type { SchemaModule } from "kysely";

/** What a store runs on. */
export type Engine = "sqlite" | "postgres";

/** One step of the schema. It is never changed once released: a later one corrects it. */
export interface Migration {
  /** Counted from 1 without a gap. */
  readonly version: number;
  /**
   * Runs inside a transaction of its own that no other process shares.
   *
   * @param execute runs a statement for which `schema` has no word
   */
  up(schema: SchemaModule, engine: Engine, execute: (statement: string) => Promise<unknown>): Promise<void>;
}
