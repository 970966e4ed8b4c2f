/**
 * Writes the options of schemas as types, so that editors show what each does and its default, which zod's types drop.
 * The schema stays the one place where an option stands.
 *
 *   npm run build:options     writes the files of TARGETS
 *   npm run check:options     fails where one is not what its schema says
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { exportOptions } from "../src/export/options.js";
import { pooledHeadOptions } from "../src/heads/pooled.js";
import { initOptions, initSettings } from "../src/tracking/options.js";
import { trainingOptions } from "../src/training/options.js";

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

const JSON_TYPES: ReadonlySet<string> = new Set(["array", "object", "integer", "number", "string", "boolean", "null"]);

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
  if (Object.keys(field).length === 0) return ["unknown"];
  // A name that the schema's metadata gives: of a type of its own, or of what JSON has no word for.
  if (typeof field.type === "string" && !JSON_TYPES.has(field.type)) return [field.type];
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

/** The members of the type of what a schema takes, and of what it gives. */
function membersOf(schema: z.ZodObject): { readonly given: string; readonly resolved: string } {
  const { properties } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as {
    properties: Record<string, Field>;
  };
  const values = new Set(Object.values(properties).flatMap((field) => field.enum ?? []));
  // A description that begins with the value of an option keeps it as it is.
  const sentence = (text: string): string =>
    `${values.has(/^(\w+)[,:]/.exec(text)?.[1]) ? text.charAt(0) : text.charAt(0).toUpperCase()}${text.slice(1)}.`;
  const members = Object.entries(properties).map(([name, field]) => {
    if (field.description === undefined)
      throw new Error(`option ${name}: expected .describe("what it does"), got none`);
    const said = sentence(field.description);
    const types = typesOf(name, field);
    const open = member(`${name}?`, [...types, "undefined"]);
    if (field.default === undefined)
      return { given: `${comment([said])}\n${open}\n`, resolved: `${comment([said])}\n${open}\n` };
    return {
      given: `${comment([said, `Default: ${JSON.stringify(field.default)}.`])}\n${open}\n`,
      resolved: `${comment([said])}\n${member(name, types)}\n`,
    };
  });
  return {
    given: members.map(({ given }) => given).join(""),
    resolved: members.map(({ resolved }) => resolved).join(""),
  };
}

const training = membersOf(trainingOptions);
const head = membersOf(pooledHeadOptions);

/** What each file is written from, and its text. */
const TARGETS = {
  "src/training/training-options.ts": `/** The options of training as types. Written by scripts/build-options.ts from the schema in options.ts. */

/** Training options as a caller gives them: all may be left out. */
export type TrainingOptions = {
${training.given}};

/** Training options with every default filled in. */
export type ResolvedTrainingOptions = {
${training.resolved}};
`,
  "src/export/export-options.ts": `/** The options of an export as a type. Written by scripts/build-options.ts from the schema in options.ts. */

/** What is exported; all may be left out. */
export type ExportOptions = {
${membersOf(exportOptions).given}};
`,
  "src/tracking/init-options.ts": `/** The options of a run as types. Written by scripts/build-options.ts from the schema in options.ts. */

/** How a run is made: W&B's names in camelCase. */
export type InitOptions = {
${membersOf(initOptions).given}};

/** What is recorded of the machine and the process. */
export type InitSettings = {
${membersOf(initSettings).given}};
`,
  "src/heads/pooled-options.ts": `/** The options of a head as a type. Written by scripts/build-options.ts from the schema in pooled.ts. */

/** What stands between the encoder and the outputs; each may be left out. */
export type PooledHeadOptions = {
${head.given}};
`,
};

for (const [target, text] of Object.entries(TARGETS)) {
  const path = fileURLToPath(new URL(`../${target}`, import.meta.url));
  if (!process.argv.includes("--check")) writeFileSync(path, text);
  else if (!existsSync(path) || readFileSync(path, "utf8") !== text) {
    console.error(`${target}: expected what its schema says, got something else; run npm run build:options`);
    process.exitCode = 1;
  }
}
