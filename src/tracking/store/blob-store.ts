/** Contents by their hash. The same content is kept once, whoever puts it. */
export interface BlobStore {
  has(hash: string): Promise<boolean>;
  /**
   * Keeps what `open` reads, unless it is there already.
   *
   * @throws E_STORE where its SHA-256 is not `hash`: it changed since that was computed
   */
  put(hash: string, open: () => AsyncIterable<Uint8Array>): Promise<void>;
  /**
   * The content, in pieces; the end is only reached where its SHA-256 is `hash`.
   *
   * @throws E_STORE where it is missing or is not what was put
   */
  read(hash: string): AsyncIterable<Uint8Array>;
  /** All that is kept. */
  list(): Promise<readonly { readonly hash: string; readonly bytes: number }[]>;
  remove(hash: string): Promise<void>;
}
