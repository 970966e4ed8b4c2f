/** Where files are kept, and what the environment says. */
import { constants } from "node:fs";
import { access, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { archivesFolder } from "../../checkpoints/node/archive-cache.js";
import { defaultCache } from "../../hub/node/hub-cache.js";
import { userTokenCache } from "../../tokenizing/node/token-cache.js";
import { type Examination, type Finding, formatBytes } from "./finding.js";
import { folderSize } from "./folder-size.js";

const LITTLE_SPACE = 2e9;

/** Variables that change what Textune does; of a secret only that it is there. */
const VARIABLES = [
  ["TEXTUNE_CACHE", "TEXTUNE_DEBUG", "TEXTUNE_MODE", "TEXTUNE_STORE"],
  ["HF_HOME", "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_ENDPOINT", "HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"],
  ["HF_TOKEN", "HF_TOKEN_PATH", "XDG_CACHE_HOME", "ORT_DISABLE_TELEMETRY", "NO_COLOR"],
  ["HF_HUB_DOWNLOAD_TIMEOUT", "KAGGLE_API_ENDPOINT", "KAGGLE_USERNAME", "KAGGLE_KEY", "KAGGLE_API_TOKEN"],
  ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"],
].flat();
const SECRET = /^HF_TOKEN$|^KAGGLE_(?:KEY|API_TOKEN)$|proxy$|^TEXTUNE_STORE$/i;

async function cache(what: string, folder: string): Promise<Finding> {
  const { files, bytes } = await folderSize(folder);
  const place = await existing(folder);
  const writable = await access(place, constants.W_OK).then(
    () => true,
    () => false,
  );
  const size = files === 0 ? "empty" : `${formatBytes(bytes)} in ${files} ${files === 1 ? "file" : "files"}`;
  const found = `${folder}: ${size}`;
  if (!writable)
    return {
      kind: "problem",
      what,
      found: `${found}; it cannot be written to`,
      advice: `see to the rights of ${place}`,
    };
  const { bavail, bsize } = await statfs(place);
  const free = bavail * bsize;
  if (free >= LITTLE_SPACE) return { kind: "ok", what, found };
  return {
    kind: "note",
    what,
    found: `${found}; ${formatBytes(free)} free`,
    advice: "make room, or delete the folder",
  };
}

/** The nearest folder above a path that is there. */
async function existing(path: string): Promise<string> {
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  return isThere || dirname(path) === path ? path : existing(dirname(path));
}

function variables(environment: NodeJS.ProcessEnv): Finding[] {
  return VARIABLES.flatMap((name): Finding[] => {
    const value = environment[name];
    if (value === undefined) return [];
    return [{ kind: "ok", what: name, found: SECRET.test(name) ? "set" : JSON.stringify(value) }];
  });
}

/** @param environment the variables as the user set them: some are set while Textune runs */
export function storage(environment: NodeJS.ProcessEnv): Examination {
  return {
    title: "Storage",
    examine: async () => [
      await cache("downloads", defaultCache()),
      await cache("unpacked archives", archivesFolder({})),
      await cache("token cache", userTokenCache().folder),
      ...variables(environment),
    ],
  };
}
