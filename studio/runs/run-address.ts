/** Where runs stand. */
import { joinNames } from "../shell/address-state.js";

/** So many are compared at once. */
export const MOST_COMPARED = 20;

/** The address of a run's page. */
export function runPage(id: string): string {
  return `/runs/${encodeURIComponent(id)}`;
}

/** The path of a run in the interface. */
export function runPath(id: string): string {
  return `/api/runs/${encodeURIComponent(id)}`;
}

/** The address of the page that compares runs, the first of them where they are many. */
export function comparePage(ids: readonly string[]): string {
  return `/compare?runs=${encodeURIComponent(joinNames(ids.slice(0, MOST_COMPARED)))}`;
}
