/** Mistakes in what keeps the Studio safe. */
import { inFile, type SourceMutation } from "./source-mutation.js";

const INTERFACE = ["tests/studio/interface.test.ts"];
const TRAININGS = ["tests/studio/trainings.test.ts"];

export const STUDIO_MUTATIONS: readonly SourceMutation[] = [
  ...inFile("src/studio/gate.ts", INTERFACE, [
    ["any host may name this computer", "if (isLoopback(host) && !isOwnName(asked))", "if (1 > 2)"],
    ["other sites may ask", 'if (foreign && (isQuestion(c) || c.req.method !== "GET"))', "if (1 > 2)"],
    ["the token is not asked for", "if (token !== undefined) {", "if (1 > 2) {"],
    ["any token will do", "isSecret(getCookie(c, cookie), token)", "getCookie(c, cookie) !== undefined"],
    ["scripts read the token", "httpOnly: true", "httpOnly: false"],
  ]),
  ...inFile("src/studio/node/app.ts", INTERFACE, [
    ["read-only changes things", "if (changes(route) && studio.readOnly)", "if (1 > 2)"],
    [
      "forms of other sites are read",
      "if (!/^application\\/json\\b/i.test(",
      "if (1 > 2 && !/^application\\/json\\b/i.test(",
    ],
    ["scripts of anybody run", "scriptSrc: [\"'self'\"]", "scriptSrc: [\"'unsafe-inline'\"]"],
    ["every other thing may be loaded", "defaultSrc: [\"'none'\"]", 'defaultSrc: ["*"]'],
  ]),
  ...inFile("src/http/read-body.ts", INTERFACE, [
    ["a body that was announced too long is read", "announced <= most", "announced >= 0"],
    ["a body that was not announced has no end", "if (length > most) throw tooLong();", ""],
  ]),
  ...inFile("src/studio/node/inside-folder.ts", TRAININGS, [
    ["paths lead out of the folder", 'if (asked.includes("\\0") || !isInside(root, wanted)) throw outside();', ""],
    ["links lead out of the folder", "if (!isInside(root, real)) throw outside();", ""],
  ]),
  ...inFile(
    "src/studio/node/report-file.ts",
    ["tests/e2e/studio-report.test.ts"],
    [
      ["the title of a report is markup", "escapeHtml(titleOf(recording))", "titleOf(recording)"],
      ["a report lets any script run", "hashOf(script)", '"unsafe-inline"'],
      ["a report may ask others", "\"default-src 'none'\"", '"default-src *"'],
      ["texts of a report are markup", 'packed.toString("base64")', "JSON.stringify(recording)"],
    ],
  ),
];
