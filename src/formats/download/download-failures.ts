import { FormatError } from "../model-file.js";

/** F04: the server has no such file, or does not give it. */
export function httpStatus(address: string, { status, statusText }: Response): FormatError {
  const [title, advice] = saidBy(status);
  const detail = `the server answers ${status} ${statusText}`.trim();
  return new FormatError({ code: "F04", title, where: address, detail, advice });
}

/** What an answer without a file means (RFC 9110, 15), and what can be done. */
function saidBy(status: number): readonly [title: string, advice: string] {
  const withheld = "The server does not give this file";
  if (status === 401 || status === 403)
    return [
      withheld,
      "It asks who you are: download the file in the browser where you are logged in, and open it from disk.",
    ];
  if (status === 429 || status >= 500)
    return [withheld, "It is busy or out of order: try again in a while, or look for the file elsewhere."];
  return [
    "No such file",
    "Check the address; where it names a page about the file, copy the address of the file itself.",
  ];
}

/** F02: an answer for people. */
export function webPage(address: string): FormatError {
  return new FormatError({
    code: "F02",
    title: "Not a model file",
    where: address,
    detail: "the server answers with a web page (HTML)",
    advice:
      'The address is that of a page. Copy the address of its download button (on Hugging Face: "resolve" in place of "blob").',
  });
}

/** @throws FormatError F02 for bytes that begin a web page, whatever the server calls them */
export function checkNoWebPage(address: string, head: Uint8Array): void {
  const text = new TextDecoder().decode(head.subarray(0, 256)).trimStart();
  if (/^(<!doctype html|<html|<head)/i.test(text)) throw webPage(address);
}

/** F18: more than there is room for. */
export function tooLarge(address: string, total: number | null, most: number): FormatError {
  return new FormatError({
    code: "F18",
    title: "The file is too large",
    where: address,
    detail: `${total === null ? "the server sends" : `it has ${megabytes(total)},`} more than the ${megabytes(most)} that are allowed or free on the disk`,
    advice: "Make room, or name a folder on a larger disk: LOADLAB_DOWNLOADS=/path.",
  });
}

export function tooManyRedirections(address: string): FormatError {
  return new FormatError({
    code: "F18",
    title: "Refused redirection",
    where: address,
    detail: "the server sends the download elsewhere again and again",
    advice: "Open the page in a browser and copy the address of the file itself.",
  });
}

/** F04 where nothing came at all, F03 where it broke off. */
export function broken(address: string, cause: unknown, done: number, total: number | null): FormatError {
  const reason = reasonOf(cause);
  const finding =
    done === 0
      ? {
          code: "F04",
          title: "The address cannot be reached",
          where: address,
          detail: reason,
          advice: "Check the address and the network connection.",
        }
      : {
          code: "F03",
          title: "The download breaks off",
          where: address,
          detail: `${megabytes(done)}${total === null ? "" : ` of ${megabytes(total)}`} have arrived; ${reason}`,
          advice: "What has arrived is kept: the same command goes on from there, if the server allows it.",
        };
  return new FormatError(finding, { cause });
}

/** `fetch failed` has its reason in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause;
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  const inner = cause instanceof Error && cause.message !== "" ? cause.message : (code ?? "");
  return inner === "" ? error.message : `${error.message} (${inner})`;
}

function megabytes(bytes: number): string {
  return bytes < 100_000 ? `${bytes} bytes` : `${(bytes / 1e6).toFixed(1)} MB`;
}
