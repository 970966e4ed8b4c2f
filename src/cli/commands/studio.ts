/** `textune studio`: recorded runs in a page. */
import { spawn } from "node:child_process";
import type { Command } from "commander";
import { z } from "zod";
import { studioOptions } from "../../studio/options.js";
import type { CommandContext } from "../command-context.js";
import { type CommandCall, defineCommand } from "../define-command.js";
import { jsonText, storeFields, withStore } from "../run-options.js";
import { addStudioExportCommand } from "./studio-export.js";

const EXAMPLES = `
Examples:
  $ textune studio
  $ textune studio --port 8080 --no-open
  $ textune studio --host 0.0.0.0 --read-only
  $ textune studio export k46i6ec4 --output report.html

Everything comes from this computer, and only it can reach the page. With another --host the address that is shown has
a token, without which nothing is shown: send the whole address to who may look. Trainings can be started on the files
below this folder, unless it is --read-only.
`;

const { host, port, readOnly } = studioOptions.shape;
const open = z.boolean().default(true).describe("open the page in the browser");
const schema = z.object({ ...studioOptions.shape, open, ...storeFields });

/** Adds the command to `program`. */
export function addStudioCommand(program: Command, context: CommandContext): void {
  const studio = defineCommand(program, context, {
    name: "studio",
    summary: "look at runs in a page, live",
    description: "Look at recorded runs in a page of this computer: tables, curves, comparisons, while they train.",
    examples: EXAMPLES,
    arguments: [],
    groups: [
      { title: "Page:", fields: { open, port, host, readOnly } },
      { title: "Store:", fields: storeFields },
    ],
    schema,
    json: "print the address as JSON",
    quiet: "show no notices",
    stopping: "closing",
    run: serveStudio,
  });
  studio.enablePositionalOptions();
  addStudioExportCommand(studio, context);
}

async function serveStudio(call: CommandCall<z.output<typeof schema>>): Promise<void> {
  const { options, signal, json, results, say } = call;
  const [{ startStudio }, { storeAddress }, { trainGroups }] = await Promise.all([
    import("../../studio/node/server.js"),
    import("../../tracking/store/node/open-store.js"),
    import("../train-options.js"),
  ]);
  // Where nothing was recorded yet, the page says how to begin.
  await withStore(
    options,
    async (store) => {
      const { host, port, readOnly } = options;
      const running = await startStudio(
        store,
        { host, port, readOnly },
        {
          groups: trainGroups,
          command: [process.execPath, ...process.execArgv, process.argv[1] as string],
          store: storeAddress(options.dir),
          folder: process.cwd(),
        },
      );
      try {
        await results.write(json ? jsonText({ address: running.address }) : `${running.address}\n`);
        say(`runs of ${store.name}; Ctrl-C ends`);
        if (options.open) openBrowser(running.address);
        await new Promise<void>((resolve) => {
          if (signal.aborted) resolve();
          signal.addEventListener("abort", () => resolve(), { once: true });
        });
      } finally {
        await running.close();
      }
    },
    false,
  );
}

/** Opens the system's browser; where there is none the address stands in the terminal. */
function openBrowser(address: string): void {
  const [program, ...before] =
    process.platform === "darwin"
      ? ["open"]
      : process.platform === "win32"
        ? ["rundll32", "url.dll,FileProtocolHandler"]
        : ["xdg-open"];
  spawn(program, [...before, address], { stdio: "ignore", detached: true })
    .on("error", () => {})
    .unref();
}
