/** A run that says what `textune train` says of its data, without a training. */
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { init } from "../../src/tracking/index.js";
import { readParts } from "../../src/workflows/node/data-parts.js";

const TICKETS = fileURLToPath(new URL("../../examples/data/support-tickets.csv", import.meta.url));

/** Copies the support tickets to `place`, and records a run that read them there: its id and the path. */
export async function dataRun(dir: string, place: string): Promise<{ readonly id: string; readonly file: string }> {
  const file = join(place, "support tickets.csv");
  copyFileSync(TICKETS, file);
  const split = { stratify: true, smallClasses: "first", seed: 42 } as const;
  const { train, validation } = await readParts({
    ...{ data: file, options: { validationSplit: 0.1 }, split },
    reading: { text: "text", label: "label" },
  });
  const facts = ({ source, length, fingerprint }: typeof train) => ({ source, rows: length, fingerprint });
  const settings = { statsSamplingInterval: 0, console: false } as const;
  const run = await init({ dir, project: "tickets", name: "on tickets", config: { seed: 42 }, settings });
  run.describe({
    data: { train: facts(train), ...(validation === undefined ? {} : { validation: facts(validation) }) },
    reproduce: { command: "train", given: { data: file, text: "text", label: "label" } },
  });
  await run.finish();
  return { id: run.id, file };
}
