import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Spec } from "vega";
import { fail } from "../../../base/errors.js";
import { type Chart, reportCharts } from "../charts.js";
import type { DataReport } from "../data-report.js";

/** The Vega specification of a plot. Vega-Lite's remarks on its own choices are not for users. */
export async function compileChart(chart: Chart): Promise<Spec> {
  // Loaded only to draw: Vega takes most of a second to start.
  const [{ None, logger }, { compile }] = await Promise.all([import("vega"), import("vega-lite")]);
  return compile(chart.spec, { logger: logger(None) }).spec;
}

/** A plot as SVG. */
export async function chartSvg(chart: Chart): Promise<string> {
  const { None, parse, View } = await import("vega");
  const view = new View(parse(await compileChart(chart)), { renderer: "none", logLevel: None });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

/** An SVG picture as PNG, `scale` pixels for each of its units, on white. Texts need a font of the system. */
export async function svgToPng(svg: string, scale = 2): Promise<Uint8Array> {
  const { Resvg } = await import("@resvg/resvg-js");
  const picture = new Resvg(svg, {
    fitTo: { mode: "zoom", value: scale },
    background: "white",
    font: { loadSystemFonts: true, defaultFontFamily: "DejaVu Sans" },
  });
  return picture.render().asPng();
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
      await writeFile(`${path}.part`, format === "svg" ? svg : await svgToPng(svg));
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
