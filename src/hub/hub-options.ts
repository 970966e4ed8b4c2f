/** How repositories of the Hugging Face Hub are reached. */
export interface HubOptions {
  /** Branch, tag or commit. Default `"main"`. */
  readonly revision?: string | undefined;
  /** Access token. Default: HF_TOKEN, or what `hf auth login` stored. */
  readonly token?: string | undefined;
  /** Use what the cache holds and no network. Default: what HF_HUB_OFFLINE says. */
  readonly offline?: boolean | undefined;
  /** Where downloads are kept. Default: the cache of Hugging Face's own tools. */
  readonly cacheDir?: string | undefined;
  /** Address of the hub. Default: HF_ENDPOINT, or https://huggingface.co. */
  readonly endpoint?: string | undefined;
  /** Called while files are downloaded. */
  readonly onDownload?: ((event: DownloadProgress) => void) | undefined;
  /** Stops a download; it goes on where it ended next time. */
  readonly signal?: AbortSignal | undefined;
}

/** Bytes of one file that are there, of all that it has. */
export interface DownloadProgress {
  /** Its name in the repository. */
  readonly file: string;
  /** Bytes that are there. */
  readonly loaded: number;
  /** Bytes that it has; 0 where the server does not say. */
  readonly total: number;
  /** What is waited for, where a try failed and another follows: "503 for config.json: next try in 4 s". */
  readonly waiting?: string | undefined;
}
