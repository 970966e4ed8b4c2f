/** `textune runs`: what was recorded. */
import type { Command } from "commander";
import type { CommandContext } from "../command-context.js";
import { addRunsChangeCommands } from "./runs-change.js";
import { addRunsCompareCommand } from "./runs-compare.js";
import { addRunsExportCommand } from "./runs-export.js";
import { addRunsImportCommand } from "./runs-import.js";
import { addRunsListCommand } from "./runs-list.js";
import { addRunsReproduceCommand } from "./runs-reproduce.js";
import { addRunsShowCommand } from "./runs-show.js";
import { addRunsTailCommand } from "./runs-tail.js";
import { addRunsWatchCommand } from "./runs-watch.js";

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
  addRunsWatchCommand(runs, context);
  addRunsExportCommand(runs, context);
  addRunsImportCommand(runs, context);
  addRunsReproduceCommand(runs, context);
  addRunsChangeCommands(runs, context);
}
