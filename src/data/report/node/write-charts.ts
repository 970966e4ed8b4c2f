import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fail, TextuneError } from "../../../base/errors.js";
import { replaceFile } from "../../../base/node/replace-file.js";
import type { Chart } from "../chart-look.js";
import { chartSvg, loadVega, svgToPng } from "./render-images.js";

/**
 * Writes every one of `charts` into `folder` as `NAME.svg` or `NAME.png`.
 *
 * @returns the paths written
 * @throws E_STORE where the folder cannot be written, E_PACKAGE where what draws is not installed
 */
export async function writeCharts(
  charts: readonly Chart[],
  folder: string,
  format: "svg" | "png",
): Promise<readonly string[]> {
  const paths: string[] = [];
  await loadVega();
  try {
    await mkdir(folder, { recursive: true });
    for (const chart of charts) {
      const path = join(folder, `${chart.name}.${format}`);
      const svg = await chartSvg(chart);
      const image = format === "svg" ? svg : await svgToPng(svg);
      await replaceFile(path, (temporary) => writeFile(temporary, image));
      paths.push(path);
    }
  } catch (error) {
    if (error instanceof TextuneError) throw error;
    fail(
      "E_STORE",
      {
        where: folder,
        expected: "a folder that can be written",
        got: error instanceof Error ? error.message : String(error),
        fix: "choose another",
      },
      error,
    );
  }
  return paths;
}
