import { reportCharts } from "../charts.js";
import type { DataReport } from "../data-report.js";
// The types of charts are those of a library that a user need not have: they stay out of what is public here.
import { writeCharts } from "./write-charts.js";

/**
 * Writes every plot of a report into `folder` as `NAME.svg` or `NAME.png`.
 *
 * @example
 * const paths = await writeReportImages(await reportDataset(reviews), "plots", "svg");
 *
 * @returns the paths written
 * @throws E_STORE where the folder cannot be written, E_PACKAGE where what draws is not installed
 */
export function writeReportImages(
  report: DataReport,
  folder: string,
  format: "svg" | "png" = "png",
): Promise<readonly string[]> {
  return writeCharts(reportCharts(report), folder, format);
}
