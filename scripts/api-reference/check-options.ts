/**
 * Every option has a comment, and one that is a number, a switch or one of some words says its default: what an editor
 * shows is all that most people read. Reads the API reference as JSON, which TypeDoc has written before.
 */
import { readFileSync } from "node:fs";

interface Reflected {
  readonly name: string;
  readonly comment?: { readonly summary: readonly { readonly text: string }[] };
  readonly flags?: { readonly isOptional?: boolean };
  readonly type?: Type;
  readonly children?: readonly Reflected[];
  readonly signatures?: readonly Reflected[];
}

interface Type {
  readonly type: string;
  readonly name?: string;
  readonly types?: readonly Type[];
  readonly declaration?: Reflected;
}

const reference = JSON.parse(
  readFileSync(new URL("../../docs/api/reference.json", import.meta.url), "utf8"),
) as Reflected;

/** Whether a value of this type stands for a choice that something has to make where nobody does. */
function needsDefault({ type, name, types }: Type): boolean {
  if (type === "union") {
    const given = (types ?? []).filter((one) => one.name !== "undefined");
    return given.every((one) => one.type === "literal") || (given.length === 1 && needsDefault(given[0] as Type));
  }
  return type === "intrinsic" && (name === "boolean" || name === "number");
}

// One module for each entry point of the package.
const complaints = (reference.children ?? [])
  .flatMap(({ children }) => children ?? [])
  .filter(({ name }) => /Options$|^Callbacks$/.test(name) && !name.startsWith("Resolved"))
  .flatMap(({ name: owner, children, type }) =>
    (children ?? type?.declaration?.children ?? []).flatMap((option) => {
      const said = (option.comment ?? option.signatures?.[0]?.comment)?.summary.map(({ text }) => text).join("") ?? "";
      if (said === "") return [`${owner}.${option.name}: expected a comment, got none`];
      if (option.flags?.isOptional !== true || option.type === undefined || !needsDefault(option.type)) return [];
      return /default/i.test(said) ? [] : [`${owner}.${option.name}: expected its default in "${said}"`];
    }),
  );
for (const complaint of complaints) console.error(complaint);
process.exitCode = complaints.length === 0 ? 0 : 1;
