/** `textune doctor`: what is installed, what the machine can do, and what to do about each problem. */

import type { Command } from "commander";
import { z } from "zod";
import { fail } from "../../base/errors.js";
import { stopIfAborted } from "../../base/stop-if-aborted.js";
import type { CommandContext } from "../command-context.js";
import { type CommandCall, defineCommand } from "../define-command.js";
import type { Finding } from "../doctor/finding.js";
import { styled, type Terminal } from "../terminal.js";

const EXAMPLES = `
Examples:
  $ textune doctor
  $ textune doctor --json > doctor.json

Nothing is sent anywhere and nothing is changed. The exit code is 1 where something does not work.
`;

const schema = z.object({});
const SIGNS = { ok: "✓", note: "·", problem: "✗" } as const;

/** Adds the command to `program`. */
export function addDoctorCommand(program: Command, context: CommandContext): void {
  defineCommand(program, context, {
    name: "doctor",
    summary: "look at the installation and the machine",
    description: "Look at the installation, the machine and the caches, and say what to do about each problem.",
    examples: EXAMPLES,
    arguments: [],
    groups: [],
    schema,
    json: "print the findings as JSON",
    quiet: "show what needs a hand alone",
    run: examineAll,
  });
}

async function examineAll({ json, quiet, results, terminal, signal }: CommandCall<object>): Promise<void> {
  // Before anything is loaded that sets a variable.
  const environment = { ...terminal.environment };
  const [{ installation }, { machine }, { storage }] = await Promise.all([
    import("../doctor/installation.js"),
    import("../doctor/machine.js"),
    import("../doctor/storage.js"),
  ]);
  const groups: { readonly title: string; readonly findings: readonly Finding[] }[] = [];
  for (const { title, examine } of [installation, machine, storage(environment)]) {
    stopIfAborted(signal, "doctor");
    const findings = await examine();
    groups.push({ title, findings });
    const shown = findings.filter(({ kind }) => !quiet || kind !== "ok");
    if (!json && shown.length > 0)
      await results.write(`${title}\n${shown.map((one) => line(one, terminal)).join("")}\n`);
  }
  const problems = groups.flatMap(({ findings }) => findings.filter(({ kind }) => kind === "problem"));
  if (json) await results.write(`${JSON.stringify({ ok: problems.length === 0, groups }, undefined, 2)}\n`);
  if (problems.length > 0)
    fail("E_RUNTIME", {
      where: "doctor",
      got: problems.length === 1 ? "1 problem" : `${problems.length} problems`,
      fix: "do what is said beside each",
    });
}

function line({ kind, what, found, advice }: Finding, terminal: Terminal): string {
  const style = ({ ok: undefined, note: "yellow", problem: "red" } as const)[kind];
  const sign = style === undefined ? SIGNS[kind] : styled(terminal, terminal.stdout, style, SIGNS[kind]);
  return `  ${sign} ${what.padEnd(20)} ${found}\n${advice === undefined ? "" : `    ${" ".repeat(20)} ${advice}\n`}`;
}
