/** Where this user's caches are, by the environment. */
import { homedir } from "node:os";
import { join } from "node:path";

/** The folder of the user's caches. */
export function userCaches(): string {
  return fromEnvironment("XDG_CACHE_HOME") ?? join(homedir(), ".cache");
}

/** A variable of the environment; an empty one counts as none, "~" is the user's folder. */
export function fromEnvironment(name: string): string | undefined {
  const value = process.env[name]?.replace(/^~(?=$|[\\/])/, homedir());
  return value === "" ? undefined : value;
}
