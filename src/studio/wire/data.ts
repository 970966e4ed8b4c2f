/** Data sets as the interface gives them. */
import { z } from "zod";

const dataSet = z.object({
  fingerprint: z.string().describe("of the rows that were trained on"),
  source: z.string().describe("the path or address that was read, or what a program called it"),
  parts: z.array(z.object({ name: z.string(), rows: z.number() })),
  runs: z
    .array(z.object({ id: z.string(), name: z.string(), createdAt: z.number() }))
    .describe("that used it, the newest first"),
  state: z
    .enum(["there", "gone", "elsewhere", "unknown"])
    .describe(
      "whether its files are where they were; elsewhere: at an address, or on another computer; unknown: of a program",
    ),
});
export type DataSetRow = z.output<typeof dataSet>;

export const dataSetList = z.object({ sets: z.array(dataSet) });
export type DataSetList = z.output<typeof dataSetList>;

export const dataSetReport = dataSet.extend({
  reading: z
    .enum(["same", "changed", "unread"])
    .describe("whether what is read now are the rows that were trained on; unread: it cannot be read"),
  said: z.string().describe("the same in a sentence"),
  report: z.unknown().optional().describe("as textune data report --json prints it"),
});
export type DataSetReport = z.output<typeof dataSetReport>;
