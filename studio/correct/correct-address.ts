/** Where labels are corrected. */
import { runPage } from "../runs/run-address.js";

/** The page that corrects a row of a table of predictions; without one that of all corrections of a run. */
export function correctPage(run: string, place?: { readonly table: number; readonly row: number }): string {
  const page = `${runPage(run)}/correct`;
  return place === undefined ? page : `${page}?table=${place.table}&row=${place.row}`;
}

/** The path of a run's corrections in the interface. */
export function correctionsPath(run: string): string {
  return `/api/corrections/${encodeURIComponent(run)}`;
}
