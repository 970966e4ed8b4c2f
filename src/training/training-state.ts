/** A training between two steps: all that the rest of it depends on, and where it is kept. */

export interface TrainingState {
  /** Steps done. */
  readonly step: number;
  /** What is not weights: objects, lists, text and numbers, NaN and infinite ones included. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** Numbers by name. Of a training that goes on they are live: what is to be kept is written before the next step. */
  readonly tensors: ReadonlyMap<string, Float32Array>;
}

/** Where the states of one training are kept. */
export interface StateStore {
  /** Keeps a state, whole or not at all. @throws E_STORE when it cannot be written; those kept before stay */
  save(state: TrainingState): Promise<void>;
  /**
   * The newest state that is whole; undefined where there is none.
   *
   * @param onDamaged is told of states that are not whole
   */
  latest(onDamaged: (message: string) => void): Promise<TrainingState | undefined>;
  /** Forgets all states. */
  clear(): Promise<void>;
  /** Lets others use the place. */
  close(): Promise<void>;
}
