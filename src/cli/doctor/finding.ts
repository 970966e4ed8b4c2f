/** What an examination of the installation finds. */

/** One thing that was looked at. */
export interface Finding {
  /** `problem`: something does not work; `note`: good to know; `ok`: as it should be. */
  readonly kind: "ok" | "note" | "problem";
  /** What was looked at, as "Node.js". */
  readonly what: string;
  readonly found: string;
  /** What to do about it. */
  readonly advice?: string;
}

/** A group of findings under a title, looked at in the order of the registry. */
export interface Examination {
  readonly title: string;
  readonly examine: () => Promise<readonly Finding[]>;
}

/** A number of bytes for people. */
export function formatBytes(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  const power = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 || value >= 10 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}
