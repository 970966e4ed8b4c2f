import { fail } from "../errors.js";

/**
 * Loads packages that only some need: npm installs them, unless told `--omit=optional`.
 *
 * @param purpose what they are for, such as "Parquet files"
 * @throws E_PACKAGE with the command to run, where one is missing or does not fit the machine
 */
export async function loadOptional<T>(
  purpose: string,
  packages: readonly string[],
  load: () => Promise<T>,
): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const names = packages.join(", ").replace(/, ([^,]*)$/, " and $1");
    return fail(
      "E_PACKAGE",
      {
        where: purpose,
        expected: `the package${packages.length > 1 ? "s" : ""} ${names}`,
        got: isMissing(error, packages) ? "none" : `a failure to load: ${firstLine(error)}`,
        fix: `run npm install ${packages.join(" ")}`,
      },
      error,
    );
  }
}

function isMissing(error: unknown, packages: readonly string[]): boolean {
  const code = (error as { code?: unknown } | undefined)?.code;
  return code === "ERR_MODULE_NOT_FOUND" && packages.some((name) => firstLine(error).includes(`'${name}'`));
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0] as string;
}
