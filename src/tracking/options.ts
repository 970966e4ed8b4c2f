/** The options of `init`: W&B's names in camelCase. */
import { z } from "zod";
import { fail } from "../base/errors.js";
import { didYouMean } from "../base/nearest.js";
import type { InitOptions } from "./init-options.js";
import { storable } from "./storable.js";

const text = (most: number) => z.string().max(most).overwrite(storable);

export const initSettings = z.strictObject({
  statsSamplingInterval: z.number().min(0).max(3600).default(5).describe("seconds between two looks at the machine"),
  console: z.boolean().default(true).describe("record what the process prints"),
});

export const initOptions = z.strictObject({
  project: text(256).min(1).default("uncategorized").describe("project that the run belongs to"),
  group: text(256).default("").describe("group of runs that belong together, such as folds or seeds"),
  jobType: text(256).default("").describe("what the run does, such as train or evaluate"),
  name: text(256).default("").describe("name of the run; two words and a number by default"),
  tags: z.array(text(64).min(1)).default([]).describe("words to find the run by"),
  notes: text(100_000).default("").describe("what is to be said of the run"),
  config: z.record(z.string(), z.unknown()).default({}).describe("what the run is made with"),
  mode: z
    .enum(["online", "offline", "disabled"])
    .default("online")
    .describe("online and offline record to the store alike; disabled records nothing"),
  id: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,64}$/, "letters, digits, dots, hyphens and underscores")
    .optional()
    .describe("the run's id, chosen by hand; random by default"),
  resume: z
    .union([z.boolean(), z.enum(["allow", "must", "never", "auto"])])
    .default("never")
    .describe("whether a run of this id is taken up where it ended"),
  dir: z.string().min(1).optional().describe("folder of the store, or address of a PostgreSQL database"),
  settings: initSettings.prefault({}).describe("what is recorded beside what is logged").meta({ type: "InitSettings" }),
  onWarning: z
    .custom<(line: string) => void>((value) => typeof value === "function", "a function")
    .optional()
    .describe("called with what a user should know; by default it is written to standard error")
    .meta({ type: "((line: string) => void)" }),
});

export type ResolvedInitOptions = z.output<typeof initOptions>;

/** @throws E_CONFIG naming the option, with the nearest name where it is unknown */
export function resolveInitOptions(options: InitOptions): ResolvedInitOptions {
  const parsed = initOptions.safeParse(options);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue.path.join(".");
  if (issue.code === "unrecognized_keys") {
    const names = Object.keys(path === "" ? initOptions.shape : initSettings.shape);
    const name = [...issue.path, issue.keys[0]].join(".");
    return fail("E_CONFIG", {
      where: `init, option ${name}`,
      expected: "an option of init",
      got: "an unknown name",
      fix: didYouMean(issue.keys[0], names),
    });
  }
  return fail("E_CONFIG", {
    where: `init, option ${path}`,
    got: issue.message.replace(/^./, (first) => first.toLowerCase()),
  });
}
