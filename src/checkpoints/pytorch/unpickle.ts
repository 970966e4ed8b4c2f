/**
 * A reader of Python's pickles that builds plain values and runs nothing.
 *
 * A pickle is a program for a stack machine that may import and call any function. Here the machine has the
 * instructions for plain values only, and what it may import stands in a table of the caller's: anything else is
 * refused by its name.
 *
 * @source CPython Lib/pickletools.py, protocols 2 to 5
 */
import { damaged } from "../weight-reader.js";

/** A function or class that a pickle may name; `call` gets the arguments that the pickle has for it. */
export interface Allowed {
  readonly name: string;
  readonly call?: (args: readonly unknown[]) => unknown;
}

export interface UnpickleOptions {
  /** Shown in errors. */
  readonly path: string;
  /** What a pickle may name, by "module name". */
  readonly globals: ReadonlyMap<string, Allowed>;
  /** The value of a reference to something outside the pickle. */
  readonly persistent?: (id: unknown) => unknown;
  /** Complains of a name that is not in `globals`. */
  readonly refuse: (name: string) => never;
}

const MARK = Symbol("mark");

/**
 * The value of the pickle that begins at `start`, and where it ends. Lists and tuples become arrays, dictionaries
 * Maps, numbers beyond 2^53 bigints.
 *
 * @throws E_WEIGHTS for what is no pickle, is cut off, or wants more than plain values
 */
export function unpickle(bytes: Uint8Array, start: number, options: UnpickleOptions): { value: unknown; end: number } {
  const { path, globals, persistent, refuse } = options;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = new TextDecoder("utf-8", { fatal: true });
  const stack: unknown[] = [];
  const memo = new Map<number, unknown>();
  let at = start;
  const broken = (expected: string, got: string): never => damaged(`${path}, byte ${at}`, expected, got);

  const take = (length: number): number => {
    if (length > bytes.length - at) broken(`${length} bytes of a pickle`, `${bytes.length - at}`);
    at += length;
    return at - length;
  };
  const long = (length: number): number => {
    const value = view.getBigUint64(take(8), true);
    return value > BigInt(length) ? broken("a length within the file", String(value)) : Number(value);
  };
  const string = (length: number): string => {
    const from = take(length);
    try {
      return text.decode(bytes.subarray(from, from + length));
    } catch {
      return broken("text in UTF-8", "other bytes");
    }
  };
  const line = (): string => {
    const end = bytes.indexOf(10, at);
    if (end === -1) broken("a line", "the end");
    const from = at;
    at = end + 1;
    return latin(bytes.subarray(from, end));
  };
  const pop = (): unknown => (stack.length === 0 ? broken("a value on the stack", "none") : stack.pop());
  const popText = (): string => {
    const value = pop();
    return typeof value === "string" ? value : broken("a name", typeof value);
  };
  const toMark = (): unknown[] => {
    const mark = stack.lastIndexOf(MARK);
    if (mark === -1) broken("a mark on the stack", "none");
    const items = stack.splice(mark + 1);
    stack.pop();
    return items;
  };
  const last = (count: number): unknown[] =>
    stack.length < count ? broken(`${count} values on the stack`, String(stack.length)) : stack.splice(-count);
  const list = (): unknown[] => {
    const top = stack.at(-1);
    return Array.isArray(top) ? top : broken("a list", kindOf(top));
  };
  const dictionary = (): Map<unknown, unknown> => {
    const top = stack.at(-1);
    return top instanceof Map ? top : broken("a dictionary", kindOf(top));
  };
  const setAll = (target: Map<unknown, unknown>, items: readonly unknown[]): void => {
    if (items.length % 2 !== 0) broken("a value for each key", "a key without one");
    for (let i = 0; i < items.length; i += 2) target.set(items[i], items[i + 1]);
  };
  const fetch = (key: number): unknown => (memo.has(key) ? memo.get(key) : broken("a value kept before", `${key}`));
  const global = (module: string, name: string): Allowed => {
    const found = globals.get(`${module} ${name}`);
    return found ?? refuse(`${module}.${name}`);
  };
  const call = (callee: unknown, args: unknown): unknown => {
    const allowed = callee as Allowed | undefined;
    if (typeof allowed?.call !== "function") return broken("something to call", kindOf(callee));
    if (!Array.isArray(args)) return broken("arguments", kindOf(args));
    return allowed.call(args);
  };

  for (;;) {
    const code = bytes[take(1)] as number;
    switch (code) {
      case 0x80: // PROTO
        if ((bytes[take(1)] as number) > 5) broken("protocol 2 to 5", "a later one");
        break;
      case 0x95: // FRAME
        take(8);
        break;
      case 0x2e: // STOP
        return { value: pop(), end: at };
      case 0x28: // MARK
        stack.push(MARK);
        break;
      case 0x30: // POP
        pop();
        break;
      case 0x31: // POP_MARK
        toMark();
        break;
      case 0x32: // DUP
        stack.push(stack.length === 0 ? broken("a value on the stack", "none") : stack.at(-1));
        break;
      case 0x4e: // NONE
        stack.push(null);
        break;
      case 0x88: // NEWTRUE
        stack.push(true);
        break;
      case 0x89: // NEWFALSE
        stack.push(false);
        break;
      case 0x4a: // BININT
        stack.push(view.getInt32(take(4), true));
        break;
      case 0x4b: // BININT1
        stack.push(bytes[take(1)]);
        break;
      case 0x4d: // BININT2
        stack.push(view.getUint16(take(2), true));
        break;
      case 0x8a: {
        // LONG1
        const length = bytes[take(1)] as number;
        const from = take(length);
        stack.push(integer(bytes.subarray(from, from + length)));
        break;
      }
      case 0x47: // BINFLOAT
        stack.push(view.getFloat64(take(8), false));
        break;
      case 0x58: // BINUNICODE
        stack.push(string(view.getUint32(take(4), true)));
        break;
      case 0x8c: // SHORT_BINUNICODE
        stack.push(string(bytes[take(1)] as number));
        break;
      case 0x8d: // BINUNICODE8
        stack.push(string(long(bytes.length)));
        break;
      case 0x55: // SHORT_BINSTRING, of Python 2
      case 0x43: {
        // SHORT_BINBYTES
        const length = bytes[take(1)] as number;
        const from = take(length);
        stack.push(latin(bytes.subarray(from, from + length)));
        break;
      }
      case 0x54: // BINSTRING, of Python 2
      case 0x42: {
        // BINBYTES
        const length = view.getUint32(take(4), true);
        const from = take(length);
        stack.push(latin(bytes.subarray(from, from + length)));
        break;
      }
      case 0x5d: // EMPTY_LIST
      case 0x29: // EMPTY_TUPLE
        stack.push([]);
        break;
      case 0x7d: // EMPTY_DICT
        stack.push(new Map());
        break;
      case 0x6c: // LIST
      case 0x74: // TUPLE
        stack.push(toMark());
        break;
      case 0x85: // TUPLE1
      case 0x86: // TUPLE2
      case 0x87: // TUPLE3
        stack.push(last(code - 0x84));
        break;
      case 0x64: {
        // DICT
        const made = new Map<unknown, unknown>();
        setAll(made, toMark());
        stack.push(made);
        break;
      }
      case 0x61: {
        // APPEND
        const item = pop();
        list().push(item);
        break;
      }
      case 0x65: {
        // APPENDS
        const items = toMark();
        const target = list();
        for (const item of items) target.push(item);
        break;
      }
      case 0x73: {
        // SETITEM
        const [key, value] = last(2);
        dictionary().set(key, value);
        break;
      }
      case 0x75: {
        // SETITEMS
        const items = toMark();
        setAll(dictionary(), items);
        break;
      }
      case 0x71: // BINPUT
        memo.set(bytes[take(1)] as number, stack.at(-1));
        break;
      case 0x72: // LONG_BINPUT
        memo.set(view.getUint32(take(4), true), stack.at(-1));
        break;
      case 0x94: // MEMOIZE
        memo.set(memo.size, stack.at(-1));
        break;
      case 0x68: // BINGET
        stack.push(fetch(bytes[take(1)] as number));
        break;
      case 0x6a: // LONG_BINGET
        stack.push(fetch(view.getUint32(take(4), true)));
        break;
      case 0x63: {
        // GLOBAL
        const module = line();
        stack.push(global(module, line()));
        break;
      }
      case 0x93: {
        // STACK_GLOBAL
        const name = popText();
        stack.push(global(popText(), name));
        break;
      }
      case 0x51: // BINPERSID
        stack.push(persistent === undefined ? broken("no outside reference", "one") : persistent(pop()));
        break;
      case 0x52: // REDUCE
      case 0x81: {
        // NEWOBJ
        const [callee, args] = last(2);
        stack.push(call(callee, args));
        break;
      }
      case 0x62: // BUILD: attributes of the object below, which plain values do not need
        pop();
        break;
      default:
        at--;
        broken("an instruction for plain values and tensors", `0x${code.toString(16).padStart(2, "0")}`);
    }
  }
}

/** Bytes as text, one character each. */
function latin(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** A little-endian whole number in two's complement. */
function integer(bytes: Uint8Array): number | bigint {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i] as number);
  const signed = BigInt.asIntN(8 * bytes.length, value);
  const small = Number(signed);
  return Number.isSafeInteger(small) ? small : signed;
}

function kindOf(value: unknown): string {
  if (value === MARK) return "a mark";
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  return value instanceof Map ? "a dictionary" : typeof value === "object" ? "an object" : typeof value;
}
