/** The data sets of HDF5 files. */
import { countOf, damaged, decodeFloats, type FloatType, notFloats, type StoredTensor } from "../weight-reader.js";
import { type Library, loadHdf5, mountFile, type Span } from "./hdf5-library.js";

interface Hdf5File {
  /** The data sets by their paths in the file, without a "/" in front. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly close: () => Promise<void>;
}

/** Deeper and larger trees are no weights: groups may lead back to themselves. */
const MAX_DEPTH = 32;
const MAX_OBJECTS = 100_000;
/** HDF5's number of floating-point types (H5T_FLOAT). */
const FLOAT_CLASS = 1;
const FLOATS: Readonly<Record<number, FloatType>> = { 2: "float16", 4: "float32", 8: "float64" };

/**
 * Opens the HDF5 file in `span`; `where` names it in errors.
 *
 * @throws E_WEIGHTS for a file that is cut off or damaged; reading throws it for a data set that claims to be longer than
 *   its file. E_PACKAGE where the library is not installed
 */
export async function openHdf5(span: Span, where: string): Promise<Hdf5File> {
  const { library } = await loadHdf5();
  const { name, unmount } = mountFile(library, span);
  const guarded = <T>(place: string, use: () => T): T => {
    try {
      return use();
    } catch (error) {
      return damaged(place, "a whole HDF5 file", firstLine(error), error);
    }
  };
  let id = -1n;
  const close = async (): Promise<void> => {
    if (id >= 0n) library.close_file(id);
    unmount();
  };
  try {
    id = guarded(where, () => library.open(name, H5F_ACC_RDONLY));
    if (id < 0n) damaged(where, "an HDF5 file", "another file, or a part of one");
    const paths = guarded(where, () => listDatasets(library, id));
    const describe = (path: string): StoredTensor => {
      const place = `${where}, weight "${path}"`;
      const { type, size, shape, littleEndian } = guarded(place, () => library.get_dataset_metadata(id, `/${path}`));
      const dims = shape ?? [0];
      const read = async (): Promise<Float32Array> => {
        const float = type === FLOAT_CLASS && littleEndian ? FLOATS[size] : undefined;
        if (float === undefined) return notFloats(place, `HDF5 type ${type} of ${size} bytes`);
        const bytes = (countOf(dims) ?? Number.POSITIVE_INFINITY) * size;
        if (bytes > span.size) damaged(place, `at most the ${span.size} bytes of the file`, `shape [${dims}]`);
        return decodeFloats(
          float,
          guarded(place, () => readBytes(library, id, path, bytes)),
        );
      };
      return { shape: dims, read };
    };
    return { tensors: new Map(paths.map((path) => [path, describe(path)])), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** H5Fpublic.h */
const H5F_ACC_RDONLY = 0;

/** The paths of all data sets. */
function listDatasets(library: Library, id: bigint): string[] {
  const datasets: string[] = [];
  let seen = 0;
  const walk = (group: string, depth: number): void => {
    if (depth > MAX_DEPTH) throw new Error(`groups within groups, ${depth} deep`);
    for (const name of library.get_names(id, group === "" ? "/" : group, false)) {
      if (++seen > MAX_OBJECTS) throw new Error(`more than ${MAX_OBJECTS} objects`);
      const path = `${group}/${name}`;
      const type = library.get_type(id, path);
      if (type === library.H5G_DATASET) datasets.push(path.slice(1));
      else if (type === library.H5G_GROUP) walk(path, depth + 1);
    }
  };
  walk("", 0);
  return datasets;
}

function readBytes(library: Library, id: bigint, path: string, length: number): Uint8Array<ArrayBuffer> {
  const place = library._malloc(Math.max(length, 1));
  if (place === 0) throw new Error(`no memory for ${length} bytes`);
  try {
    const status = library.get_dataset_data(id, `/${path}`, null, null, null, BigInt(place));
    if (status < 0) throw new Error("data that cannot be read");
    return new Uint8Array(library.HEAPU8.subarray(place, place + length));
  } finally {
    library._free(place);
  }
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split("\n")[0]?.trim() || "damage";
}
