import { expect, it } from "vitest";
import { withoutPassword } from "./without-password.js";

it("leaves passwords out of addresses, wherever they stand, and nothing else", () => {
  const words = [
    "--dir",
    "postgres://me:s3cr:et@host:5432/db",
    "https://a:b@example.org/x",
    "hf://owner/name",
    "a: b@c",
  ];
  expect(withoutPassword(JSON.stringify(words))).toBe(
    JSON.stringify(["--dir", "postgres://me@host:5432/db", "https://a@example.org/x", "hf://owner/name", "a: b@c"]),
  );
  expect(withoutPassword("https://host:80/a@b")).toBe("https://host:80/a@b");
});
