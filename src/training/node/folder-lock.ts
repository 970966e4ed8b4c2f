/** A folder that one process works in at a time. */
import { join } from "node:path";
import { takeOwnerLock } from "../../base/node/owner-lock.js";

const LOCK = "training.lock";

/**
 * Locks `folder` for this process, and returns what lets others in again. The lock of a process that is gone counts for
 * nothing.
 *
 * @throws E_STORE while another training has it
 */
export function lockFolder(folder: string): Promise<() => Promise<void>> {
  return takeOwnerLock(join(folder, LOCK), {
    where: folder,
    expected: "a folder of one training at a time",
    otherwise: "choose another folder",
  });
}
