const NO_URL = "Failed to parse URL from ";

/**
 * What to do where `fetch` was given a file; empty for other errors.
 * @param message of the error that was thrown, with its cause.
 */
export function fetchAdvice(message: string, cause: unknown): string {
  const path = message.startsWith(NO_URL) ? message.slice(NO_URL.length) : null;
  const isFile =
    message === "fetch failed" && cause instanceof Error && /^not implemented/.test(cause.message);
  if (path === null && !isFile) return "";
  const file = JSON.stringify(path ?? "data.json");
  return (
    "fetch reads addresses (https:, http:, data:), not files. A file of the notebook's folder: " +
    `await (await import("node:fs/promises")).readFile(${file}, "utf8")`
  );
}
