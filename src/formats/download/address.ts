import { isIP } from "node:net";
import { FormatError } from "../model-file.js";

/** Whether what the user typed is an address to download from. */
export function isAddress(text: string): boolean {
  return /^https?:\/\//i.test(text);
}

/**
 * Where a server sends the reader on to, checked: to another place of the web, never from an encrypted connection to
 * an open one, and never from the web into the user's own network.
 * @throws FormatError F18
 */
export function redirected(from: URL, location: string | null): URL {
  const to = location !== null && URL.canParse(location, from.href) ? new URL(location, from) : null;
  if (to === null) throw refused(from, "it names no address");
  if (to.protocol !== "https:" && to.protocol !== "http:") throw refused(from, `it leads to ${to.protocol}`);
  if (from.protocol === "https:" && to.protocol === "http:")
    throw refused(from, `it leads from https to http (${to.host})`);
  if (isOwnNetwork(to.hostname) && !isOwnNetwork(from.hostname))
    throw refused(from, `it leads into your own network (${to.host})`);
  to.username = to.password = "";
  return to;
}

/** Hosts that only this machine or its network can reach. */
function isOwnNetwork(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, "").toLowerCase();
  if (name === "localhost" || /\.(localhost|local|internal)$/.test(name)) return true;
  if (isIP(name) === 6) return /^(::|::1|f[cd].*|fe[89ab].*|::ffff:.*)$/.test(name);
  return isIP(name) === 4 && /^(0|10|127|169\.254|192\.168|172\.(1[6-9]|2\d|3[01]))\./.test(name);
}

function refused(from: URL, detail: string): FormatError {
  return new FormatError({
    code: "F18",
    title: "Refused redirection",
    where: from.href,
    detail: `the server sends the download elsewhere: ${detail}`,
    advice: "Open the page in a browser and copy the address of the file itself.",
  });
}
