/** What a form or a command line has to know of an option, read from its schema. */
import { z } from "zod";

type Kind = "number" | "boolean" | "string" | "list";

export interface FieldFacts {
  readonly kind: Kind;
  /** Whether a value, or each of a list, is a number. */
  readonly numeric: boolean;
  readonly choices: readonly string[] | undefined;
  readonly fallback: unknown;
  readonly description: string;
  /** What `--no-…` means: of a boolean the word "no" of its metadata, of others the description of `false`. */
  readonly off: string | undefined;
}

/** The parts of a field's JSON Schema that are read; `no` is metadata of Textune's. */
interface FieldSchema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly description?: string;
  readonly no?: string;
  readonly items?: FieldSchema;
  readonly anyOf?: readonly FieldSchema[];
}

/** What the schema of an option says of it; what it does not say is left out. */
export function factsOf(field: z.ZodType): FieldFacts {
  const schema: FieldSchema = z.toJSONSchema(field, { io: "input", unrepresentable: "any" }) as FieldSchema;
  const members = membersOf(schema);
  const list = members.find(({ type }) => type === "array");
  return {
    kind: list !== undefined ? "list" : schema.type === "boolean" ? "boolean" : isNumber(schema) ? "number" : "string",
    numeric: isNumber(schema) || isNumber(schema.items),
    choices: schema.enum,
    fallback: schema.default,
    description: schema.description ?? "",
    off: members.find((member) => member.const !== undefined)?.description ?? schema.no,
  };
}

/** What a union allows, those of unions inside it too; what is no union allows itself. */
function membersOf(schema: FieldSchema): readonly FieldSchema[] {
  return schema.anyOf?.flatMap(membersOf) ?? [schema];
}

function isNumber(schema: FieldSchema | undefined): boolean {
  return schema?.type === "number" || schema?.type === "integer";
}
