import type { z } from "zod";
import { checked } from "../http/read-body.js";

/** The query of a request as `schema` has it: a field that is a list takes every value of its name, another the last. */
export function readQuery<Q extends z.ZodObject>(given: Readonly<Record<string, string[]>>, schema: Q): z.output<Q> {
  const values = Object.entries(given).map(([name, all]) => [name, isList(schema.shape[name]) ? all : all.at(-1)]);
  return checked("query", schema.strict(), Object.fromEntries(values)) as z.output<Q>;
}

function isList(field: z.ZodType | undefined): boolean {
  const { type, innerType } = (field?.def ?? {}) as { readonly type?: string; readonly innerType?: z.ZodType };
  return type === "array" || (innerType !== undefined && isList(innerType));
}
