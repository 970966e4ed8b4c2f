import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The path of a file of the optional `shared` folder beside the checkout, or undefined where it is absent. */
export function sharedPath(relative: string): string | undefined {
  const path = fileURLToPath(new URL(`../../../shared/${relative}`, import.meta.url));
  return existsSync(path) ? path : undefined;
}
