/**
 * The floors of the architecture: a folder of src/ imports only from folders on lower floors.
 *
 * Type-only imports count as imports. Cycles are biome's matter (noImportCycles): between folders the
 * floors rule them out, and inside one only it can tell a value from a type. Test files are free, for a test of a lower floor may run its
 * subject on a higher one (an operator against onnxruntime).
 */
const FLOORS = [
  ["base"],
  ["graph"],
  ["ops", "autodiff", "onnx"],
  ["runtime"],
  ["nn", "losses", "metrics", "optimizers", "tokenizers", "data"],
  ["models", "checkpoints", "tokenizing"],
  ["training"],
  ["classifier"],
  ["tracking", "serving"],
  ["cli"],
];

/** Folders that know no platform: no file, process or device, except in a `node/` folder of theirs. */
const PLATFORM_NEUTRAL = [
  "base",
  "graph",
  "ops",
  "autodiff",
  "onnx",
  "nn",
  "losses",
  "metrics",
  "optimizers",
  "models",
];

const TESTS = "\\.test\\.ts$";
const anyOf = (folders) => `^src/(?:${folders.join("|")})/`;

const floorRules = FLOORS.flatMap((folders, floor) =>
  folders.map((folder) => ({
    name: `floor-${floor}-${folder}`,
    comment: `src/${folder} may import from itself and from lower floors only`,
    severity: "error",
    from: { path: `^src/${folder}/`, pathNot: TESTS },
    to: { path: "^src/", pathNot: anyOf([folder, ...FLOORS.slice(0, floor).flat()]) },
  })),
);

module.exports = {
  forbidden: [
    ...floorRules,
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
      from: { path: anyOf(PLATFORM_NEUTRAL), pathNot: [TESTS, "^src/[^/]+/node/"] },
      to: { dependencyTypes: ["core"] },
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
