/** What the `runs` and `artifacts` commands and `doctor` print. NaN and infinities stand there as texts. */
import { z } from "zod";

const count = z.number().int();
const number = z.union([z.number(), z.enum(["NaN", "Infinity", "-Infinity"])]);
const json = z.unknown();
const jsonObject = z.record(z.string(), json);
const time = z.number().describe("milliseconds since 1970");

const run = {
  id: z.string(),
  project: z.string(),
  name: z.string(),
  group: z.string(),
  jobType: z.string(),
  notes: z.string(),
  tags: z.array(z.string()),
  state: z.enum(["running", "finished", "failed", "killed", "crashed"]),
  exitCode: count.optional(),
  archived: z.boolean().describe("put aside"),
  createdAt: time,
  endedAt: time.optional(),
  seconds: z.number().describe("from the start to the end, or to the last sign of life"),
  config: jsonObject.describe("what it was made with"),
  summary: jsonObject.describe("what it came to"),
};

export const runsList = z.strictObject({
  runs: z.array(z.strictObject(run)),
  total: count.describe("runs that fit, on this page or not"),
});

const curve = z.strictObject({
  name: z.string(),
  points: count.describe("in all"),
  last: number,
  rows: z.array(
    z.strictObject({
      step: count,
      lastStep: count,
      time: z.number().describe("milliseconds since the start"),
      mean: number,
      min: number,
      max: number,
      points: count.describe("points that stand together here"),
      nans: count,
    }),
  ),
  axis: z.strictObject({ name: z.string(), values: z.array(number.nullable()) }).optional(),
});

export const runsShow = z.strictObject({
  ...run,
  environment: z
    .looseObject({ command: z.array(z.string()), directory: z.string() })
    .describe("command, machine, versions"),
  rules: z.array(z.strictObject({ name: z.string(), rule: jsonObject })),
  metrics: z.array(
    z.strictObject({
      name: z.string(),
      points: count,
      firstStep: count,
      lastStep: count,
      last: number,
      min: number.optional(),
      max: number.optional(),
    }),
  ),
  tables: z.array(
    z.strictObject({
      id: count,
      name: z.string(),
      step: count,
      kind: z.string(),
      columns: z.array(z.string()),
      rows: count,
    }),
  ),
  artifacts: z.array(
    z.strictObject({ name: z.string(), version: z.string(), type: z.string(), how: z.enum(["made", "used"]) }),
  ),
  droppedPoints: count,
  consoleLines: count.describe("lines that it printed"),
  alerts: count,
  curves: z.array(curve),
});

export const runsCompare = z.strictObject({
  runs: z.array(z.strictObject({ id: z.string(), name: z.string() })),
  differences: z.array(
    z.strictObject({ what: z.string(), values: z.array(json).describe("of each run"), same: z.boolean() }),
  ),
});

export const runsTail = z.strictObject({
  line: count.describe("from 0"),
  time: z.number().describe("milliseconds since the start"),
  stream: z.enum(["stdout", "stderr"]),
  text: z.string(),
});

export const runsWatch = z.strictObject(run);

export const runsNote = z.strictObject({ id: z.string(), notes: z.string() });
export const runsTag = z.strictObject({ id: z.string(), tags: z.array(z.string()) });
export const runsArchive = z.strictObject({
  archived: z.boolean().describe("false with --undo"),
  runs: z.array(z.string()).describe("ids"),
});
export const runsRemove = z.strictObject({
  removed: z.boolean().describe("false without --yes"),
  runs: z.array(z.looseObject({ id: z.string(), name: z.string() })),
});
export const runsExport = z.strictObject({
  format: z.string(),
  runs: z.array(z.string()).describe("ids"),
  written: z.array(z.string()).describe("files, or addresses"),
});
export const runsImport = z.strictObject({ runs: z.array(z.string()).describe("ids") });
export const runsReproduce = z.strictObject({
  run: z.string().describe("id"),
  again: z.string().describe("id of the new run"),
  same: z.boolean(),
  surroundings: z.array(z.strictObject({ what: z.string(), before: json.optional(), after: json.optional() })),
  metrics: z.array(
    z.strictObject({
      metric: z.string(),
      points: z.tuple([count, count]),
      firstStep: count.describe("where they differ").optional(),
      largest: number.describe("difference"),
    }),
  ),
});

const version = { name: z.string(), version: z.string().describe('"v0", "v1", …') };

export const artifactsList = z.array(
  z.strictObject({
    project: z.string(),
    ...version,
    type: z.string(),
    aliases: z.array(z.string()),
    bytes: count,
    createdAt: time,
    madeBy: z.string().describe("id of the run").optional(),
  }),
);
export const artifactsGet = z.strictObject({
  id: count,
  project: z.string(),
  ...version,
  type: z.string(),
  description: z.string(),
  aliases: z.array(z.string()),
  digest: z.string(),
  bytes: count,
  metadata: jsonObject,
  createdAt: time,
  madeBy: z.string().optional(),
  usedBy: z.array(z.string()).describe("ids of runs"),
  files: z.array(z.strictObject({ path: z.string(), hash: z.string(), bytes: count })),
  folder: z.string().describe("where the files were written"),
});
export const artifactsPut = z.strictObject({
  ...version,
  digest: z.string(),
  bytes: count,
  unchanged: z.boolean().describe("whether these files were the newest version already"),
});
export const artifactsVerify = z.strictObject({
  contents: count,
  damaged: z.array(z.strictObject({ hash: z.string(), reason: z.string(), files: z.array(z.string()) })),
});
export const artifactsRemove = z.strictObject({
  removed: z.boolean().describe("false without --yes"),
  ...version,
  usedBy: z.array(z.string()).describe("ids of runs"),
});
export const artifactsCollect = z.strictObject({
  removed: z.boolean().describe("false without --yes"),
  contents: count,
  bytes: count,
});

export const studioExport = z.strictObject({
  runs: z.array(z.string()).describe("ids"),
  written: z.string().describe("path of the file"),
  bytes: count,
  leftOut: z.array(z.string()).describe("what the runs have and the file has not, as sentences"),
});

export const doctor = z.strictObject({
  ok: z.boolean().describe("false where something does not work"),
  groups: z.array(
    z.strictObject({
      title: z.string(),
      findings: z.array(
        z.strictObject({
          kind: z.enum(["ok", "note", "problem"]),
          what: z.string(),
          found: z.string(),
          advice: z.string().optional(),
        }),
      ),
    }),
  ),
});
