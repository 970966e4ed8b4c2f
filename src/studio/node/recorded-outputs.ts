/** Which run made the classifier in a folder. */
import { hostname } from "node:os";
import { resolve } from "node:path";
import type { Environment } from "../../tracking/environment.js";
import type { Store } from "../../tracking/store/node/open-store.js";
import { givenIn } from "./recorded-parts.js";

/** The folder that a run of this computer was told to write its classifier to, as a whole path. */
export function outputOf(environment: Environment): string | undefined {
  const { output } = givenIn(environment);
  if (typeof output !== "string" || environment.machine.host !== hostname()) return undefined;
  return resolve(environment.directory, output);
}

/** By folder the newest run that wrote a classifier to it. */
export async function runsByOutput({ db }: Store): Promise<ReadonlyMap<string, string>> {
  const rows = await db
    .selectFrom("runs")
    .select(["id", "environment_json"])
    .where("state", "=", "finished")
    .orderBy("created_at", "asc")
    .execute();
  return new Map(
    rows.flatMap(({ id, environment_json }) => {
      const output = outputOf(JSON.parse(environment_json) as Environment);
      return output === undefined ? [] : [[output, id] as const];
    }),
  );
}
