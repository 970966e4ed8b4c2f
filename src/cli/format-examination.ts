/** What an evaluation found besides the report, as text for a terminal. */

import type { Examination } from "../analysis/examine.js";
import type { Slice } from "../analysis/slices.js";
import { TEMPERATURES } from "../analysis/temperature.js";
import { oneLine } from "../base/printable.js";
import { textTable } from "./text-table.js";

const DIGITS = 4;
const MOST_SLICES = 30;

/** A paragraph for each thing that was asked for. `slicing`: the column and the metric of slices. */
export function formatExamination(
  { calibration, thresholds, interval, slices, report }: Examination,
  slicing?: { readonly column: string; readonly metric: string },
): string[] {
  const paragraphs: string[] = [];
  if (calibration !== undefined)
    paragraphs.push(
      `temperature ${shown(calibration.temperature)}: the loss is ${shown(report.loss)}, it was ${shown(calibration.lossBefore)}\n${isAtEnd(calibration.temperature) ? "no other was tried beyond it: these rows are too few, or all answered alike, to calibrate on\n" : ""}`,
    );
  if (thresholds !== undefined) {
    const rows = thresholds.map(({ label, threshold, precision, recall, f1 }) => [
      label,
      ...[threshold, precision, recall, f1].map((value) => shown(value)),
    ]);
    paragraphs.push(textTable(["label", "threshold found", "precision", "recall", "f1"], rows));
  }
  if (interval !== undefined) {
    const { metric, value, low, high, level } = interval;
    paragraphs.push(
      `${oneLine(metric)}: ${shown(value)}, from ${shown(low)} to ${shown(high)} in ${shown(100 * level, 0)} % of bootstrap samples\n`,
    );
  }
  if (slices !== undefined && slicing !== undefined) paragraphs.push(sliceTable(slices, slicing));
  return paragraphs;
}

function sliceTable(slices: readonly Slice[], { column, metric }: { column: string; metric: string }): string {
  const rows = slices
    .slice(0, MOST_SLICES)
    .map((slice) => [slice.value, String(slice.rows), shown(slice.metric), shown(slice.report.loss)]);
  const rest = slices.length > MOST_SLICES ? `and ${slices.length - MOST_SLICES} more, all of them with --json\n` : "";
  return `${textTable([column, "rows", metric, "loss"], rows)}${rest}`;
}

/** Whether a temperature is one of those at which the search stops. */
function isAtEnd(temperature: number): boolean {
  return TEMPERATURES.some((end) => Math.abs(Math.log(temperature / end)) < 1e-6);
}

function shown(value: number | undefined, digits = DIGITS): string {
  return value === undefined ? "" : value.toFixed(digits);
}
