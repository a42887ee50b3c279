const NAME = String.raw`[\p{ID_Start}$_][\p{ID_Continue}$]*`;

/** What V8 says of a name that cells may declare, and that is global until then: `("x" in $_x?$_x.x:x)`. */
const GLOBAL = "(intermediate value)(intermediate value)(intermediate value)";

/** A box's value as a function, a box's value, and what a loop keeps in a local (localize-loops.ts). */
const OF_COMPILED = new RegExp(
  String.raw`\(0\s?,\s?\$_+(${NAME})\.\1\)|\$_+(${NAME})\.\2|\$_+0(${NAME})`,
  "gu",
);

/** The steps of a `for await` loop (rewrite-cell.ts). */
const STEPS = /\$_+\.steps\(\.\.\.\)(?: is not a function or its return value(?= is not))?/u;

/** Whether a message may quote what a cell was compiled to. */
export function quotesCompiled(message: string): boolean {
  return message.includes("$_") || message.includes(GLOBAL);
}

/**
 * V8 quotes the code that it ran: `(0 , $_f.f) is not a function` is said of `f`.
 * @param line the user's line where it happened, and where in it, from 0.
 */
export function readable(message: string, line = "", at = 0): string {
  const named = message.replace(STEPS, () => steppedThrough(line)).replace(OF_COMPILED, "$1$2$3");
  const start = named.indexOf(GLOBAL);
  if (start < 0) return named;
  const rest = named.slice(start + GLOBAL.length);
  const members = /^(?:\??\.[\p{ID_Continue}$]+)*/u.exec(rest)![0];
  const isCalled = rest.startsWith("(", members.length);
  const name = nameBefore(members, isCalled, line, at) ?? "(intermediate value)";
  return named.slice(0, start) + name + rest;
}

/** What the `for await` of a line goes through. */
function steppedThrough(line: string): string {
  const [, name, call] = new RegExp(String.raw`\bof\s+(${NAME}(?:\.${NAME})*)\s*(\()?`, "u").exec(line) ?? [];
  return name === undefined ? "(intermediate value)" : `${name}${call ? "(...)" : ""}`;
}

/** The name in a line that these members are read of, `.a.b`, and that is called behind them; of several the one around the place, or nearest to it. */
function nameBefore(members: string, isCalled: boolean, line: string, at: number): string | undefined {
  const links = members.split(/\??\./).slice(1);
  const chain = links.map((link) => {
    const escaped = link.replaceAll("$", String.raw`\$`);
    return String.raw`\s*(?:\??\.\s*${escaped}(?![\p{ID_Continue}$])|(?:\?\.)?\[\s*["'\x60]${escaped}["'\x60]\s*\])`;
  });
  const found = [
    ...line.matchAll(
      new RegExp(
        String.raw`(?<![\p{ID_Continue}$]|(?<!\.\.)\.)(${NAME})(?=${chain.join("")}${isCalled ? String.raw`\s*\(` : ""})`,
        "gu",
      ),
    ),
  ];
  const distance = (match: RegExpExecArray) => {
    const end = match.index + match[0].length;
    return at < match.index ? match.index - at : Math.max(0, at - end);
  };
  return found
    .filter(({ 1: name, index }) => !KEYWORDS.test(name!) && !isInText(line, index))
    .sort((a, b) => distance(a) - distance(b))[0]?.[1];
}

function isInText(line: string, at: number): boolean {
  const texts = line.matchAll(/(["'])(?:\\.|(?!\1).)*\1/g);
  return [...texts].some(({ 0: text, index }) => index < at && at < index + text.length);
}

/** Of what may stand right before such a name. */
const KEYWORDS =
  /^(?:await|case|const|do|else|for|if|in|instanceof|let|new|of|return|throw|typeof|var|void|yield)$/;
