/**
 * Writes the training options as types, so that editors show what each does and its default, which zod's types drop.
 * The schema in src/training/options.ts stays the one place where an option stands.
 *
 *   npm run build:options     writes src/training/training-options.ts
 *   npm run check:options     fails where it is not what the schema says
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { trainingOptions } from "../src/training/options.js";

const target = "src/training/training-options.ts";
const path = fileURLToPath(new URL(`../${target}`, import.meta.url));
const WIDTH = 120;

interface Field {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Field[];
  readonly items?: Field;
  readonly additionalProperties?: Field;
  readonly default?: unknown;
  readonly description?: string;
}

/** The TypeScript types of a JSON schema, one of which a value has. */
function typesOf(name: string, field: Field): string[] {
  if (field.const !== undefined) return [JSON.stringify(field.const)];
  if (field.enum !== undefined) return field.enum.map((value) => JSON.stringify(value));
  if (field.anyOf !== undefined) return field.anyOf.flatMap((one) => typesOf(name, one));
  if (typeof field.type === "object") return field.type.flatMap((type) => typesOf(name, { ...field, type }));
  if (field.type === "array" && field.items !== undefined) return [`readonly ${oneOf(typesOf(name, field.items))}[]`];
  if (field.type === "object" && field.additionalProperties !== undefined)
    return [`Readonly<Record<string, ${typesOf(name, field.additionalProperties).join(" | ")}>>`];
  if (field.type === "integer" || field.type === "number") return ["number"];
  if (field.type === "string" || field.type === "boolean") return [field.type];
  throw new Error(`option ${name}: expected a type that scripts/build-options.ts knows, got ${JSON.stringify(field)}`);
}

function oneOf(types: readonly string[]): string {
  return types.length === 1 ? (types[0] as string) : `(${types.join(" | ")})`;
}

/** A comment that fits between the margins. */
function comment(sentences: readonly string[]): string {
  const text = sentences.join(" ");
  if (text.length + "  /**  */".length <= WIDTH) return `  /** ${text} */`;
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines[lines.length - 1] as string;
    if (last.length + word.length + "   * ".length > WIDTH) lines.push(` ${word}`);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return `  /**\n${lines.map((line) => `   *${line}`).join("\n")}\n   */`;
}

/** A member of the interface, its type over several lines where it is long. */
function member(name: string, types: readonly string[]): string {
  const line = `  readonly ${name}: ${types.join(" | ")};`;
  return line.length <= WIDTH ? line : `  readonly ${name}:\n${types.map((type) => `    | ${type}`).join("\n")};`;
}

const { properties } = z.toJSONSchema(trainingOptions, { io: "input" }) as { properties: Record<string, Field> };
const values = new Set(Object.values(properties).flatMap((field) => field.enum ?? []));

/** A description as a sentence; one that begins with the value of an option keeps it as it is. */
function sentence(text: string): string {
  const isValue = values.has(/^(\w+)[,:]/.exec(text)?.[1]);
  return `${isValue ? text.charAt(0) : text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

const fields = Object.entries(properties).map(([name, field]) => {
  if (field.description === undefined) throw new Error(`option ${name}: expected .describe("what it does"), got none`);
  return { name, types: typesOf(name, field), said: sentence(field.description), default: field.default };
});
const given = fields.map(({ name, types, said, default: value }) => {
  const sentences = value === undefined ? [said] : [said, `Default: ${JSON.stringify(value)}.`];
  return `${comment(sentences)}\n${member(`${name}?`, [...types, "undefined"])}\n`;
});
const resolved = fields.map(({ name, types, said, default: value }) =>
  [comment([said]), value === undefined ? member(`${name}?`, [...types, "undefined"]) : member(name, types), ""].join(
    "\n",
  ),
);
const text = `/** The options of training as types. Written by scripts/build-options.ts from the schema in options.ts. */

/** Training options as a caller gives them: all may be left out. */
export type TrainingOptions = {
${given.join("")}};

/** Training options with every default filled in. */
export type ResolvedTrainingOptions = {
${resolved.join("")}};
`;

if (!process.argv.includes("--check")) writeFileSync(path, text);
else if (readFileSync(path, "utf8") !== text) {
  console.error(
    `${target}: expected what the schema in options.ts says, got something else; run npm run build:options`,
  );
  process.exitCode = 1;
}
