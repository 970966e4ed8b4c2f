/** Called as things happen to a model that is served. */
export interface ModelObserver {
  batch(facts: {
    readonly texts: number;
    readonly tokens: number;
    readonly truncated: number;
    readonly seconds: number;
  }): void;
  /** A thread broke down; another takes its place. */
  crashed(reason: string): void;
  /** The model could not be opened again; the next try follows. */
  failed(reason: string): void;
}
