import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Resvg } from "@resvg/resvg-js";
import { None, parse, type Spec, View, logger as vegaLogger } from "vega";
import { compile } from "vega-lite";
import { fail } from "../../../base/errors.js";
import { type Chart, reportCharts } from "../charts.js";
import type { DataReport } from "../report-dataset.js";

/** The Vega specification of a plot. Vega-Lite's remarks on its own choices are not for users. */
export function compileChart(chart: Chart): Spec {
  return compile(chart.spec, { logger: vegaLogger(None) }).spec;
}

/** A plot as SVG. */
export async function chartSvg(chart: Chart): Promise<string> {
  const view = new View(parse(compileChart(chart)), { renderer: "none", logLevel: None });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

/** An SVG picture as PNG, `scale` pixels for each of its units, on white. Texts need a font of the system. */
export function svgToPng(svg: string, scale = 2): Uint8Array {
  return new Resvg(svg, {
    fitTo: { mode: "zoom", value: scale },
    background: "white",
    font: { loadSystemFonts: true, defaultFontFamily: "DejaVu Sans" },
  })
    .render()
    .asPng();
}

/**
 * Writes every plot of a report into `folder` as `NAME.svg` or `NAME.png`.
 * @returns the paths written
 * @throws E_STORE where the folder cannot be written
 */
export async function writeReportImages(
  report: DataReport,
  folder: string,
  format: "svg" | "png" = "png",
): Promise<readonly string[]> {
  const paths: string[] = [];
  try {
    await mkdir(folder, { recursive: true });
    for (const chart of reportCharts(report)) {
      const path = join(folder, `${chart.name}.${format}`);
      const svg = await chartSvg(chart);
      await writeFile(`${path}.part`, format === "svg" ? svg : svgToPng(svg));
      await rename(`${path}.part`, path);
      paths.push(path);
    }
  } catch (error) {
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
