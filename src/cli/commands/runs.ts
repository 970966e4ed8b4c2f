/** `textune runs`: what was recorded. */
import type { Command } from "commander";
import type { CommandContext } from "../command-context.js";
import { addRunsChangeCommands } from "./runs-change.js";
import { addRunsCompareCommand } from "./runs-compare.js";
import { addRunsListCommand } from "./runs-list.js";
import { addRunsShowCommand } from "./runs-show.js";
import { addRunsTailCommand } from "./runs-tail.js";

/** Adds the commands to `program`. */
export function addRunsCommand(program: Command, context: CommandContext): void {
  const runs = program
    .command("runs")
    .summary("look at recorded runs and compare them")
    .description("Look at the runs that were recorded, compare them, and sort them out.");
  addRunsListCommand(runs, context);
  addRunsShowCommand(runs, context);
  addRunsCompareCommand(runs, context);
  addRunsTailCommand(runs, context);
  addRunsChangeCommands(runs, context);
}
