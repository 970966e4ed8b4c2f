/** The page at `/`: a text in, labels out. Script and style are files of their own, as the server's policy asks. */

const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Textune</title>
<link rel="stylesheet" href="/page/style.css">
<main>
  <h1>Textune</h1>
  <form>
    <label>Model <select name="model"></select></label>
    <label class="key" hidden>Key <input name="key" type="password" autocomplete="off"></label>
    <label>Text <textarea name="text" rows="6" required autofocus></textarea></label>
    <button>Classify</button>
  </form>
  <output></output>
  <p><a href="/openapi.json">openapi.json</a> describes the server to programs.</p>
</main>
<script src="/page/script.js"></script>
</html>
`;

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 40rem; margin: 2rem auto; padding: 0 1rem; }
form, label { display: grid; gap: 0.5rem; }
form { gap: 1rem; }
textarea, select, input, button { font: inherit; padding: 0.5rem; }
button { justify-self: start; padding: 0.5rem 1.5rem; }
table { width: 100%; margin-top: 1.5rem; border-collapse: collapse; }
td { padding: 0.25rem 0.5rem 0.25rem 0; }
td:last-child { text-align: right; font-variant-numeric: tabular-nums; }
progress { width: 100%; }
.problem { color: light-dark(#b00020, #ff8a80); margin-top: 1.5rem; display: block; }
`;

const script = `
const form = document.querySelector("form");
const output = document.querySelector("output");
const headers = () => ({
  "content-type": "application/json",
  ...(form.key.value === "" ? {} : { authorization: "Bearer " + form.key.value }),
});
const cell = (content) => {
  const td = document.createElement("td");
  td.append(content);
  return td;
};
const say = (text) => {
  const p = document.createElement("span");
  p.className = "problem";
  p.textContent = text;
  output.replaceChildren(p);
};
async function loadModels() {
  const answer = await fetch("/v1/models", { headers: headers() });
  if (answer.status === 401) {
    document.querySelector(".key").hidden = false;
    return;
  }
  const { models } = await answer.json();
  form.model.replaceChildren(...models.map(({ name }) => new Option(name, name)));
}
form.key.addEventListener("change", () => loadModels());
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    const body = JSON.stringify({ model: form.model.value || undefined, input: form.text.value });
    const answer = await fetch("/v1/classify", { method: "POST", headers: headers(), body });
    const content = await answer.json();
    if (!answer.ok) return say(content.error);
    const table = document.createElement("table");
    for (const { label, score } of content.results[0].scores) {
      const bar = document.createElement("progress");
      bar.value = score;
      const row = document.createElement("tr");
      row.append(cell(label), cell(bar), cell((100 * score).toFixed(1) + " %"));
      table.append(row);
    }
    output.replaceChildren(table);
  } catch (error) {
    say(String(error));
  }
});
loadModels();
`;

export const PAGE = { html, style, script } as const;
