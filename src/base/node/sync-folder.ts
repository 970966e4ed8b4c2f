import { open } from "node:fs/promises";

/** Brings the names in `folder` to the disk, so that a new file is found again after a failure of power, where the system can. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
