/** The documentation of what `--json` prints, made from the schemas. */
import { z } from "zod";
import { BY_LINE, JSON_OUTPUTS } from "./registry.js";

interface Field {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Field[];
  readonly items?: Field;
  readonly prefixItems?: readonly Field[];
  readonly properties?: Readonly<Record<string, Field>>;
  readonly additionalProperties?: Field | boolean;
  readonly required?: readonly string[];
}

/** The two files, as they should be. */
export function jsonDocs(): readonly { readonly path: string; readonly text: string }[] {
  const schemas = Object.entries(JSON_OUTPUTS).map(([command, schema]) => {
    const { $schema: _, ...json } = z.toJSONSchema(schema) as Record<string, unknown>;
    return [command, json as Field] as const;
  });
  const file = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "What textune prints with --json",
    $defs: Object.fromEntries(schemas),
  };
  return [
    { path: "docs/json-output.schema.json", text: `${JSON.stringify(file, undefined, 1)}\n` },
    { path: "docs/json-output.md", text: page(schemas) },
  ];
}

const INTRODUCTION = `# What \`--json\` prints

Every command prints its result as JSON with \`--json\`, on standard output and nothing else there. Progress and notices are on
standard error. For example:

\`\`\`console
$ npx textune evaluate my-classifier test.csv --json | jq .accuracy
\`\`\`

This page lists the fields of each command. [json-output.schema.json](json-output.schema.json) says the same as a JSON Schema, with a
definition for each command: \`$defs["data report"]\`, say. Both are made from the schemas that the tests hold real output to
(\`npm run build:json-docs\`). \`?\` stands after a field that may be missing, and \`[]\` after a list.
`;

function page(schemas: readonly (readonly [string, Field])[]): string {
  const sections = schemas.map(([command, schema]) => {
    const about = BY_LINE.includes(command) ? "An object on each line.\n\n" : "";
    return `## textune ${command}\n\n${about}\`\`\`text\n${outline(schema, "").join("\n")}\n\`\`\`\n`;
  });
  return `${INTRODUCTION}\n${sections.join("\n")}`;
}

/** The fields of an object below each other, a deeper one further in. */
function outline(field: Field, indent: string): string[] {
  if (field.anyOf?.every(({ properties }) => properties !== undefined))
    return field.anyOf.flatMap((one) => [`${indent}${one.description ?? "or"}:`, ...outline(one, `${indent}  `)]);
  if (field.items?.properties !== undefined) return [`${indent}a list of:`, ...outline(field.items, `${indent}  `)];
  const { properties = {}, required = [] } = field;
  const lines = Object.entries(properties).flatMap(([name, value]) => {
    const optional = required.includes(name) ? "" : "?";
    const inner = value.items ?? value;
    const isDeep = inner.properties !== undefined && inner.properties.family === undefined;
    const about = value.description ?? value.items?.description;
    const head = `${indent}${name}${optional}: ${typeOf(value)}${about === undefined ? "" : `  (${about})`}`;
    return isDeep ? [head, ...outline(inner, `${indent}  `)] : [head];
  });
  const more = field.additionalProperties;
  if (typeof more === "object" && more.type !== undefined && Object.keys(properties).length > 0)
    lines.push(`${indent}…: ${typeOf(more)}${more.description === undefined ? "" : `  (${more.description})`}`);
  return lines;
}

function typeOf(field: Field): string {
  if (field.const !== undefined) return JSON.stringify(field.const);
  if (field.enum !== undefined) return field.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (field.anyOf !== undefined) return field.anyOf.map(typeOf).join(" | ");
  if (field.prefixItems !== undefined) return `[${field.prefixItems.map(typeOf).join(", ")}]`;
  if (field.type === "array") return `${field.items?.anyOf === undefined ? typeOf(field.items ?? {}) : "value"}[]`;
  if (field.properties?.family !== undefined) return "report, as that of evaluate";
  if (field.type === "object" && field.properties === undefined && typeof field.additionalProperties === "object")
    return `{ name: ${typeOf(field.additionalProperties)} }`;
  return field.type === undefined ? "any value" : [field.type].flat().join(" | ");
}
