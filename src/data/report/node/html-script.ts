/** What the page of a report does: draws plots, switches views, sorts and searches. Text is read and compared, never made markup. */
export const REPORT_SCRIPT = `
"use strict";
const specs = JSON.parse(document.getElementById("specs").textContent);
const drawn = new Set();

// A plot is as wide as its place, which has no width while it is hidden.
function draw() {
  document.querySelectorAll(".plot").forEach((place) => {
    if (drawn.has(place.id) || place.clientWidth === 0) return;
    drawn.add(place.id);
    new vega.View(vega.parse(specs[place.id]), { renderer: "svg", container: place, hover: true }).runAsync();
  });
}

document.querySelectorAll(".choice").forEach((choice) => {
  const buttons = [...choice.querySelectorAll(":scope > .buttons > button")];
  const views = [...choice.querySelectorAll(":scope > .view")];
  buttons.forEach((button, chosen) => {
    button.addEventListener("click", () => {
      buttons.forEach((other, i) => other.setAttribute("aria-pressed", String(i === chosen)));
      views.forEach((view, i) => (view.hidden = i !== chosen));
      draw();
      window.dispatchEvent(new Event("resize"));
    });
  });
});

document.querySelectorAll("table").forEach((table) => {
  const body = table.tBodies[0];
  const rows = [...body.rows];
  if (rows.length < 3) return;
  const heads = [...table.tHead.rows[0].cells];
  const valueOf = (row, i) => {
    const { value } = row.cells[i].dataset;
    return value === undefined ? row.cells[i].textContent : Number(value);
  };
  const compare = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b)));
  heads.forEach((head, i) => {
    if (head.textContent === "") return;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      // Numbers begin with the largest, words with the first of the alphabet.
      const before = head.getAttribute("aria-sort");
      const down = before === null ? head.classList.contains("number") : before === "ascending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      body.append(...[...rows].sort((a, b) => (down ? -1 : 1) * compare(valueOf(a, i), valueOf(b, i))));
    });
  });
  if (rows.length > 12) addSearch(table.parentElement, rows, "Search the table");
});

function addSearch(before, items, label) {
  const field = document.createElement("input");
  field.type = "search";
  field.placeholder = label;
  field.setAttribute("aria-label", label);
  const texts = items.map((item) => item.textContent.toLowerCase());
  field.addEventListener("input", () => {
    const wanted = field.value.trim().toLowerCase();
    items.forEach((item, i) => (item.hidden = !texts[i].includes(wanted)));
  });
  before.before(field);
}

document.querySelectorAll("[data-searched]").forEach((box) => {
  if (box.children.length <= 8) return;
  box.parentElement.classList.add("many");
  addSearch(box, [...box.children], "Search " + box.dataset.searched);
});

document.getElementById("theme").addEventListener("click", () => {
  const root = document.documentElement;
  const isDark = root.dataset.theme === undefined ? matchMedia("(prefers-color-scheme: dark)").matches : root.dataset.theme === "dark";
  root.dataset.theme = isDark ? "light" : "dark";
});

draw();
`;
