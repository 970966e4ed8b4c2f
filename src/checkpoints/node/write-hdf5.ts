/** Writes HDF5 files as Keras reads them. */
import type { OutgoingTensor } from "../conversions/outgoing.js";
import { loadHdf5, mountNewFile } from "./hdf5-library.js";

/** Writes a new file at `path`, a data set for each tensor under its name, one at a time in memory. */
export async function writeHdf5(path: string, tensors: readonly OutgoingTensor[]): Promise<void> {
  const { library, File } = await loadHdf5();
  const { name, unmount } = mountNewFile(library, path);
  try {
    const file = new File(name, "w");
    const groups = new Set<string>();
    for (const { name: tensor, shape, read } of tensors) {
      const parts = tensor.split("/");
      for (let depth = 1; depth < parts.length; depth++) {
        const group = parts.slice(0, depth).join("/");
        if (!groups.has(group)) file.create_group(group);
        groups.add(group);
      }
      file.create_dataset({ name: tensor, data: await read(), shape: [...shape], dtype: "<f" });
    }
    file.flush();
    file.close();
  } finally {
    unmount();
  }
}
