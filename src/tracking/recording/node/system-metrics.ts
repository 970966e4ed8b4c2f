/** What the machine does: processor, memory, disk, network and NVIDIA cards, under W&B's names where it has one. */
import { execFile } from "node:child_process";
import { readFile, statfs } from "node:fs/promises";
import { cpus, freemem, totalmem } from "node:os";

/** Looks at the machine; each look reports what happened since the one before. */
export interface MachineMeter {
  read(): Promise<Record<string, number>>;
}

interface Counters {
  readonly at: number;
  /** Milliseconds that all cores were busy, and that they were there. */
  readonly busy: number;
  readonly total: number;
  /** Microseconds of processor time of this process. */
  readonly own: number;
  readonly received: number | undefined;
  readonly sent: number | undefined;
}

const MEGABYTE = 2 ** 20;
const GIGABYTE = 2 ** 30;

/** @param folder whose disk is looked at */
export function createMachineMeter(folder: string): MachineMeter {
  let before: Counters | undefined;
  let gpus = true;
  return {
    async read() {
      const now = await counters();
      const last = before;
      before = now;
      const disk = await statfs(folder).catch(() => undefined);
      const cards = gpus ? await readCards() : [];
      // A machine without cards is asked once.
      gpus = cards.length > 0;
      const rss = process.memoryUsage.rss();
      return {
        ...(last === undefined ? {} : rates(last, now)),
        "proc.memory.rssMB": rss / MEGABYTE,
        memory_percent: 100 * (1 - freemem() / totalmem()),
        "proc.memory.availableMB": freemem() / MEGABYTE,
        ...(disk === undefined
          ? {}
          : {
              "disk.usagePercent": 100 * (1 - disk.bavail / disk.blocks),
              "disk.freeGB": (disk.bavail * disk.bsize) / GIGABYTE,
            }),
        ...Object.assign({}, ...cards),
      };
    },
  };
}

function rates(last: Counters, now: Counters): Record<string, number> {
  const milliseconds = Math.max(1, now.at - last.at);
  const difference = (a: number | undefined, b: number | undefined): number | undefined =>
    a === undefined || b === undefined ? undefined : ((b - a) * 1000) / milliseconds;
  const received = difference(last.received, now.received);
  const sent = difference(last.sent, now.sent);
  return {
    cpu: now.total === last.total ? 0 : (100 * (now.busy - last.busy)) / (now.total - last.total),
    // In per cent of one core, as `top` has it.
    "proc.cpu": (now.own - last.own) / 10 / milliseconds,
    ...(received === undefined ? {} : { "network.recvBytesPerSecond": received }),
    ...(sent === undefined ? {} : { "network.sentBytesPerSecond": sent }),
  };
}

async function counters(): Promise<Counters> {
  let busy = 0;
  let total = 0;
  for (const { times } of cpus()) {
    const all = times.user + times.nice + times.sys + times.irq + times.idle;
    total += all;
    busy += all - times.idle;
  }
  const { user, system } = process.cpuUsage();
  const network = await networkBytes();
  return { at: performance.now(), busy, total, own: user + system, received: network?.[0], sent: network?.[1] };
}

/** Bytes received and sent by all interfaces but the loopback; undefined where the system does not tell. */
async function networkBytes(): Promise<readonly [number, number] | undefined> {
  const text = await readFile("/proc/net/dev", "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  let received = 0;
  let sent = 0;
  for (const line of text.split("\n").slice(2)) {
    const [name, numbers] = line.split(":");
    if (numbers === undefined || name.trim() === "lo") continue;
    const values = numbers.trim().split(/\s+/).map(Number);
    received += values[0] ?? 0;
    sent += values[8] ?? 0;
  }
  return [received, sent];
}

const CARD_FIELDS = "utilization.gpu,memory.used,memory.total,temperature.gpu,power.draw";

/** The state of each NVIDIA card; none where there is no card or no driver. */
function readCards(): Promise<Record<string, number>[]> {
  return new Promise((resolve) => {
    execFile(
      "nvidia-smi",
      [`--query-gpu=${CARD_FIELDS}`, "--format=csv,noheader,nounits"],
      { timeout: 4000, windowsHide: true },
      (error, stdout) => {
        if (error !== null) return resolve([]);
        const cards = stdout
          .trim()
          .split("\n")
          .map((line, index) => {
            const [gpu, used, memory, temp, power] = line.split(",").map((field) => Number(field.trim()));
            const values = {
              [`gpu.${index}.gpu`]: gpu,
              [`gpu.${index}.memoryAllocated`]: (100 * used) / memory,
              [`gpu.${index}.memoryAllocatedMB`]: used,
              [`gpu.${index}.temp`]: temp,
              [`gpu.${index}.powerWatts`]: power,
            };
            return Object.fromEntries(Object.entries(values).filter(([, value]) => Number.isFinite(value)));
          });
        resolve(cards);
      },
    );
  });
}
