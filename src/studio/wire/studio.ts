/** What the page asks first. */
import { z } from "zod";

export const studioFacts = z.object({
  version: z.string(),
  store: z.string().describe("folder or address of the runs, without a password"),
  readOnly: z.boolean(),
});
export type StudioFacts = z.output<typeof studioFacts>;

/** The event `runs` of /api/events. */
export const runsEvent = z.object({
  changed: z.array(z.string()).describe("ids of runs that are new or differ from before"),
  removed: z.array(z.string()),
});
export type RunsEvent = z.output<typeof runsEvent>;
