/** `textune runs note`, `tag`, `archive`, `rm`: what a person says of runs, and which are kept. */

import type { Command } from "commander";
import { z } from "zod";
import { fail } from "../../base/errors.js";
import { oneLine } from "../../base/printable.js";
import type { CommandContext } from "../command-context.js";
import { type CommandCall, defineCommand } from "../define-command.js";
import { jsonText, runArgument, storeFields, withStore } from "../run-options.js";

const store = { title: "Store:", fields: storeFields };

const noteText = {
  name: "text",
  optional: true,
  description: "what is to be said of it; without it the notes are shown",
  field: z.string().max(100_000).optional(),
} as const;
const noteSchema = z.object({ run: runArgument.field, text: noteText.field, ...storeFields });

const tags = { name: "tags", many: true, description: "words", field: z.array(z.string().min(1).max(64)) } as const;
const tagFields = { remove: z.boolean().default(false).describe("take the tags away") } as const;
const tagSchema = z.object({ run: runArgument.field, tags: tags.field, ...tagFields, ...storeFields });

const archived = { ...runArgument, name: "runs", many: true, field: z.array(z.string()) } as const;
const archiveFields = { undo: z.boolean().default(false).describe("take the runs back") } as const;
const archiveSchema = z.object({ runs: archived.field, ...archiveFields, ...storeFields });

const removed = {
  ...runArgument,
  name: "runs",
  many: true,
  optional: true,
  field: z.array(z.string()).default([]),
} as const;
const removeFields = {
  project: z.string().optional().describe("all runs of this project"),
  yes: z.boolean().default(false).describe("remove the runs; without it they are only listed"),
} as const;
const removeSchema = z.object({ runs: removed.field, ...removeFields, ...storeFields });

/** Adds the commands to `program`. */
export function addRunsChangeCommands(program: Command, context: CommandContext): void {
  defineCommand(program, context, {
    name: "note",
    summary: "write what is to be said of a run",
    description: "Write what is to be said of a run, in the place of what was said.",
    examples: `\nExamples:\n  $ textune runs note k46i6ec4 "learning rate too high"\n  $ textune runs note k46i6ec4\n`,
    arguments: [runArgument, noteText],
    groups: [store],
    schema: noteSchema,
    json: "print the notes as JSON",
    quiet: "show no notices",
    run: note,
  });
  defineCommand(program, context, {
    name: "tag",
    summary: "give a run tags",
    description: "Give a run tags to find it by, or take them away.",
    examples: `\nExamples:\n  $ textune runs tag k46i6ec4 baseline for-paper\n  $ textune runs tag k46i6ec4 for-paper --remove\n`,
    arguments: [runArgument, tags],
    groups: [{ title: "What:", fields: tagFields }, store],
    schema: tagSchema,
    json: "print the tags as JSON",
    quiet: "show no notices",
    run: tag,
  });
  defineCommand(program, context, {
    name: "archive",
    summary: "put runs aside",
    description: "Put runs aside: lists leave them out until they are asked for. Nothing of them is lost.",
    examples: `\nExamples:\n  $ textune runs archive k46i6ec4 p02mx9q1\n  $ textune runs archive k46i6ec4 --undo\n`,
    arguments: [archived],
    groups: [{ title: "What:", fields: archiveFields }, store],
    schema: archiveSchema,
    json: "print the runs as JSON",
    quiet: "show no notices",
    run: archive,
  });
  defineCommand(program, context, {
    name: "rm",
    summary: "remove runs",
    description: "Remove runs with all that was recorded of them. Artifacts that they made stay.",
    examples: `\nExamples:\n  $ textune runs rm k46i6ec4 p02mx9q1 --yes\n  $ textune runs rm --project trials --yes\n`,
    arguments: [removed],
    groups: [{ title: "What:", fields: removeFields }, store],
    schema: removeSchema,
    json: "print what was removed as JSON",
    quiet: "show no notices",
    run: remove,
  });
}

async function note({ options, json, results, say }: CommandCall<z.output<typeof noteSchema>>): Promise<void> {
  const { findRun } = await import("../../tracking/queries/runs.js");
  const { setNotes } = await import("../../tracking/change-runs.js");
  await withStore(options, async (opened) => {
    const { id, notes } = await findRun(opened, options.run);
    if (options.text !== undefined) await setNotes(opened, id, options.text);
    const now = options.text ?? notes;
    if (json) await results.write(jsonText({ id, notes: now }));
    else if (options.text === undefined)
      await results.write(
        `${now
          .split("\n")
          .map((line) => oneLine(line))
          .join("\n")}\n`,
      );
    else say(`noted for ${id}`);
  });
}

async function tag({ options, json, results, say }: CommandCall<z.output<typeof tagSchema>>): Promise<void> {
  const { findRun } = await import("../../tracking/queries/runs.js");
  const { setTags } = await import("../../tracking/change-runs.js");
  await withStore(options, async (opened) => {
    const run = await findRun(opened, options.run);
    const others = run.tags.filter((one) => !options.tags.includes(one));
    const now = options.remove ? others : [...others, ...new Set(options.tags)];
    await setTags(opened, run.id, now);
    if (json) await results.write(jsonText({ id: run.id, tags: now }));
    else say(`${run.id}: ${now.length === 0 ? "no tags" : now.map((one) => oneLine(one)).join(", ")}`);
  });
}

async function archive({ options, json, results, say }: CommandCall<z.output<typeof archiveSchema>>): Promise<void> {
  const { findRun } = await import("../../tracking/queries/runs.js");
  const { setArchived } = await import("../../tracking/change-runs.js");
  await withStore(options, async (opened) => {
    const found = [];
    for (const one of options.runs) found.push((await findRun(opened, one)).id);
    await setArchived(opened, found, !options.undo);
    if (json) return results.write(jsonText({ archived: !options.undo, runs: found }));
    say(options.undo ? `${found.length} runs taken back` : `${found.length} runs put aside`);
  });
}

async function remove({ options, json, results, say }: CommandCall<z.output<typeof removeSchema>>): Promise<void> {
  const { findRun, listRuns } = await import("../../tracking/queries/runs.js");
  const { removeRuns } = await import("../../tracking/change-runs.js");
  if ((options.runs.length === 0) === (options.project === undefined))
    fail("E_USAGE", {
      where: "runs rm",
      expected: "runs, or --project",
      got: options.project === undefined ? "neither" : "both",
      fix: "say which runs are to be removed",
    });
  await withStore(options, async (opened) => {
    const asked = [];
    for (const one of options.runs) asked.push(await findRun(opened, one));
    const { project } = options;
    const runs =
      project === undefined ? asked : (await listRuns(opened, { project, archived: "with", limit: 1_000_000 })).runs;
    const running = runs.find(({ state }) => state === "running");
    if (running !== undefined)
      fail("E_USAGE", {
        where: `run ${running.id}`,
        expected: "a run that has ended",
        got: "one that is running",
        fix: "stop it first",
      });
    const listed = runs.map(({ id, name }) => ({ id, name }));
    if (options.yes)
      await removeRuns(
        opened,
        listed.map(({ id }) => id),
      );
    if (json) return results.write(jsonText({ removed: options.yes, runs: listed }));
    for (const { id, name } of listed) await results.write(`${id}  ${oneLine(name)}\n`);
    say(options.yes ? `${listed.length} runs removed` : `${listed.length} runs would be removed: add --yes to do it`);
  });
}
