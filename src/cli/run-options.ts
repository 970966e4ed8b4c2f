/** What the commands of recorded runs share. */
import { z } from "zod";
import type { Store } from "../tracking/store/node/open-store.js";

/** Where runs are kept. */
export const storeFields = {
  dir: z
    .string()
    .optional()
    .describe("folder of the runs, or postgres:// address; by default TEXTUNE_STORE, or .textune here"),
} as const;

/** The argument that names a run. */
export const runArgument = {
  name: "run",
  description: "id of a run, the beginning of it, or its name",
  field: z.string(),
} as const;

/** Runs `task` with the store that the options name; one that is there, unless told otherwise. */
export async function withStore<T>(
  { dir }: { readonly dir?: string | undefined },
  task: (store: Store) => Promise<T>,
  mustExist = true,
): Promise<T> {
  // Here and not above, for the help should not wait for a database.
  const { openStore, storeAddress } = await import("../tracking/store/node/open-store.js");
  const store = await openStore(storeAddress(dir), { mustExist });
  try {
    return await task(store);
  } finally {
    await store.close();
  }
}

/** Values as JSON writes them; NaN and infinities, which it cannot write, as texts. */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(
    value,
    (_, one: unknown) => (typeof one === "number" && !Number.isFinite(one) ? String(one) : one),
    2,
  );
  return `${text}\n`;
}
