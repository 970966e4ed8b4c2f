/** One predictor, or what else holds a session, for many callers: made when it is needed and closed when nobody uses it any more. */

interface Closable {
  close(): Promise<void>;
}

export interface SharedPredictor<P extends Closable> {
  /** Calls `work` with the predictor, which stays open until the work is done, whatever `retire` does meanwhile. */
  use<T>(work: (predictor: P) => Promise<T>): Promise<T>;
  /** The next use makes a new predictor. Resolves when the present one is closed. */
  retire(): Promise<void>;
}

interface Holder<P> {
  readonly predictor: Promise<P>;
  users: number;
  /** Called when it is retired and nobody uses it. */
  release: (() => void) | undefined;
}

/** @param lasts whether one may serve later work too; while it does not, as weights change, each piece of work gets its own */
export function createSharedPredictor<P extends Closable>(
  create: () => Promise<P>,
  lasts: () => boolean = () => true,
): SharedPredictor<P> {
  let current: Holder<P> | undefined;
  return {
    async use(work) {
      if (!lasts()) {
        const own = await create();
        return work(own).finally(() => own.close());
      }
      current ??= { predictor: create(), users: 0, release: undefined };
      const holder = current;
      holder.users++;
      try {
        const predictor = await holder.predictor.catch((error: unknown) => {
          // What failed once, for want of memory say, may be tried again.
          if (current === holder) current = undefined;
          throw error;
        });
        return await work(predictor);
      } finally {
        holder.users--;
        if (holder.users === 0) holder.release?.();
      }
    },
    async retire() {
      const holder = current;
      if (holder === undefined) return;
      current = undefined;
      if (holder.users > 0)
        await new Promise<void>((resolve) => {
          holder.release = resolve;
        });
      await holder.predictor.then(
        (predictor) => predictor.close(),
        () => {},
      );
    },
  };
}
