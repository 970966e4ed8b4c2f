/** The parts that the page is put together from. Text of the data comes in through {@link escapeHtml} alone. */

/** Text as HTML content or attribute value. */
export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** A value as JSON that may stand inside a script element. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll("<", "\\u003c")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
}

export const number = (value: number): string => value.toLocaleString("en", { maximumFractionDigits: 1 });
export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** HTML that is put in as it is. */
export interface Html {
  readonly html: string;
}

/** A cell of a table: text, a number that is written and sorted as one, or HTML. */
export type TableCell = string | number | Html;

/** A part of the page with a heading and a place in the contents. */
export interface Section {
  readonly title: string;
  readonly content: string;
}

export function sectionHtml({ title, content }: Section): string {
  return `<section id="${idOf(title)}"><h2>${escapeHtml(title)}</h2>${content}</section>`;
}

export const idOf = (title: string): string => title.toLowerCase().replace(/[^a-z0-9]+/g, "-");

/** A table that the page's script makes sortable, and, where it is long, searchable. */
export function table(head: readonly string[], rows: readonly (readonly TableCell[])[]): string {
  if (rows.length === 0) return "";
  const isNumber = head.map((_, i) => rows.every((row) => typeof row[i] === "number"));
  const cell = (value: TableCell, i: number): string => {
    if (typeof value === "number") return `<td class="number" data-value="${value}">${number(value)}</td>`;
    return `<td${isNumber[i] ? ' class="number"' : ""}>${typeof value === "string" ? escapeHtml(value) : value.html}</td>`;
  };
  const heads = head.map(
    (name, i) => `<th scope="col"${isNumber[i] ? ' class="number"' : ""}>${escapeHtml(name)}</th>`,
  );
  const lines = rows.map((row) => `<tr>${row.map(cell).join("")}</tr>`);
  return `<div class="scroll"><table><thead><tr>${heads.join("")}</tr></thead><tbody>${lines.join("")}</tbody></table></div>`;
}

/** Buttons of which one is pressed; the page shows what belongs to it and hides what belongs to the others. */
export function choice(label: string, views: readonly { readonly name: string; readonly html: string }[]): string {
  if (views.length < 2) return views[0]?.html ?? "";
  const buttons = views.map(
    ({ name }, i) => `<button type="button" aria-pressed="${i === 0}">${escapeHtml(name)}</button>`,
  );
  const panels = views.map(({ html }, i) => `<div class="view"${i === 0 ? "" : " hidden"}>${html}</div>`);
  return `<div class="choice"><div class="buttons" role="group" aria-label="${escapeHtml(label)}">${buttons.join("")}</div>${panels.join("")}</div>`;
}

/** Terms with bars as long as they are strong. */
export function bars(
  terms: readonly { readonly term: string; readonly strength: number; readonly note: string }[],
): string {
  const most = Math.max(1e-9, ...terms.map(({ strength }) => strength));
  const lines = terms.map(
    ({ term, strength, note }) =>
      `<li><span class="bar" style="width:${((100 * strength) / most).toFixed(1)}%"></span><span class="term">${escapeHtml(term)}</span><span class="count">${escapeHtml(note)}</span></li>`,
  );
  return terms.length === 0 ? '<p class="soft">none</p>' : `<ul class="bars">${lines.join("")}</ul>`;
}

/** A small histogram without axes. */
export function sparkline(counts: readonly number[]): Html {
  const most = Math.max(1, ...counts);
  const rects = counts.map((count, i) => {
    const height = count === 0 ? 0 : Math.max(1, (20 * count) / most);
    return `<rect x="${i * 5}" y="${(20 - height).toFixed(1)}" width="4" height="${height.toFixed(1)}"/>`;
  });
  return {
    html: `<svg class="spark" viewBox="0 0 ${counts.length * 5} 20" width="${counts.length * 5}" height="20" role="img" aria-label="histogram">${rects.join("")}</svg>`,
  };
}
