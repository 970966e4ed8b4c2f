/** Texts that wait for their turn, so that one client with many does not keep the others waiting. */

export interface FairQueue<T> {
  readonly length: number;
  add(client: string, item: T): void;
  /** Puts items back in front of all others, in their order. */
  putBack(items: readonly T[]): void;
  /** The item whose turn it is; it stays in the queue. */
  peek(): T | undefined;
  take(): T | undefined;
  /** Takes out the items that `gone` says, wherever they stand. */
  remove(gone: (item: T) => boolean): void;
}

/** Clients take turns; the items of one client keep their order. */
export function createFairQueue<T>(): FairQueue<T> {
  const returned: T[] = [];
  /** In the order of their turns. A client without items is not in it. */
  const clients = new Map<string, T[]>();
  let length = 0;
  const first = (): [string, T[]] | undefined => clients.entries().next().value;
  return {
    get length() {
      return length;
    },
    add(client, item) {
      const own = clients.get(client);
      if (own === undefined) clients.set(client, [item]);
      else own.push(item);
      length++;
    },
    putBack(items) {
      returned.unshift(...items);
      length += items.length;
    },
    peek: () => returned[0] ?? first()?.[1][0],
    take() {
      if (length === 0) return undefined;
      length--;
      if (returned.length > 0) return returned.shift();
      const [client, own] = first() as [string, T[]];
      clients.delete(client);
      const item = own.shift();
      // To the end of the round.
      if (own.length > 0) clients.set(client, own);
      return item;
    },
    remove(gone) {
      const keep = (items: readonly T[]): T[] => items.filter((item) => !gone(item));
      returned.splice(0, returned.length, ...keep(returned));
      for (const [client, items] of clients) {
        const kept = keep(items);
        if (kept.length === 0) clients.delete(client);
        else clients.set(client, kept);
      }
      length = returned.length + [...clients.values()].reduce((sum, items) => sum + items.length, 0);
    },
  };
}
