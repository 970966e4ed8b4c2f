/**
 * The floors of the architecture: a folder of src/ imports only from folders on lower floors.
 *
 * Type-only imports count as imports. Files import each other in no circle, inside a folder neither.
 * Test files are free, for a test of a lower floor may run its subject on a higher one (an operator
 * against onnxruntime).
 */
const FLOORS = [
  ["base"],
  ["graph"],
  ["ops", "autodiff", "onnx"],
  ["runtime", "hub", "http"],
  ["nn", "losses", "metrics", "optimizers", "tokenizers", "data"],
  ["heads", "tasks", "tokenizing", "analysis", "search"],
  ["models", "checkpoints"],
  ["training"],
  ["inference"],
  ["export"],
  ["classifier"],
  ["workflows"],
  ["labelling"],
  ["tracking", "serving"],
  ["studio"],
  ["cli"],
];

/** The rooms of src/data: one imports only from those before it. */
const DATA_ROOMS = [["table"], ["format"], ["source"], ["dataset"], ["pipeline", "report", "cleaning"]];

/** Folders that know no platform: no file, process or device, except in a `node/` folder of theirs. */
const PLATFORM_NEUTRAL = FLOORS.flat().filter(
  (folder) => !["http", "tracking", "serving", "studio", "cli"].includes(folder),
);

const TESTS = "\\.test\\.ts$";
const anyOf = (folders) => `^src/(?:${folders.join("|")})/`;

/** Rules by which each of the `floors` of the folder `root` imports only from those before it. */
const rulesOf = (root, floors) =>
  floors.flatMap((folders, floor) =>
    folders.map((folder) => ({
      name: `floor-${floor}-${folder}`,
      comment: `${root}${folder} may import from itself and from lower floors only`,
      severity: "error",
      from: { path: `^${root}${folder}/`, pathNot: TESTS },
      to: { path: `^${root}`, pathNot: `^${root}(?:${[folder, ...floors.slice(0, floor).flat()].join("|")})/` },
    })),
  );

module.exports = {
  forbidden: [
    ...rulesOf("src/", FLOORS),
    ...rulesOf("src/data/", DATA_ROOMS),
    {
      name: "no-circle",
      comment: "files that import each other in a circle cannot be read one after the other: move what both need",
      severity: "error",
      from: { pathNot: TESTS },
      to: { circular: true },
    },
    {
      name: "data-room",
      comment: "every file of src/data stands in a room: add a new one to DATA_ROOMS",
      severity: "error",
      from: { path: "^src/data/", pathNot: `^src/data/(?:${DATA_ROOMS.flat().join("|")})/` },
      to: {},
    },
    {
      name: "known-folder",
      comment: "every folder of src/ stands on a floor: add a new one to FLOORS",
      severity: "error",
      from: { path: "^src/[^/]+/", pathNot: anyOf(FLOORS.flat()) },
      to: {},
    },
    {
      name: "platform-neutral",
      comment: "the core runs in a browser too: put what needs Node behind an interface, in a node/ folder",
      severity: "error",
      from: { path: anyOf(PLATFORM_NEUTRAL), pathNot: [TESTS, "/node/"] },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "platform-neutral-imports",
      comment: "what knows no platform reaches what does only through what it is handed",
      severity: "error",
      from: { path: anyOf(PLATFORM_NEUTRAL), pathNot: [TESTS, "/node/"] },
      to: { path: "^src/.*/node/" },
    },
    {
      name: "one-door-to-onnxruntime",
      comment: "only src/runtime knows onnxruntime",
      severity: "error",
      from: { path: "^src/", pathNot: ["^src/runtime/", TESTS] },
      to: { path: "node_modules/onnxruntime-(?:node|web)/" },
    },
    {
      name: "no-test-in-source",
      comment: "source does not depend on tests, benchmarks, scripts or examples",
      severity: "error",
      from: { path: "^src/", pathNot: TESTS },
      to: { path: ["^(?:tests|bench|scripts|examples)/", TESTS] },
    },
    {
      name: "resolvable",
      comment: "an import that leads nowhere",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    parser: "swc",
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^src/base/kernels/assembly/" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
      mainFields: ["module", "main", "types"],
    },
  },
};
