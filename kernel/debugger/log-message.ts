/** A piece of a log point's message. */
export interface LogPart {
  readonly text: string;
  /** Whether the text is code, whose value is printed. */
  readonly isExpression: boolean;
}

/**
 * `i={i} of {list.map((x) => ({ x }))}`, cut at the outer braces; `\{` is a brace, as is one that nothing closes.
 * https://microsoft.github.io/debug-adapter-protocol/specification#Types_SourceBreakpoint
 */
export function logParts(message: string): LogPart[] {
  const parts: LogPart[] = [];
  let text = "";
  for (let at = 0; at < message.length; at++) {
    const char = message[at]!;
    const end = char === "{" ? closing(message, at) : -1;
    if (char === "\\" && /[{}]/.test(message[at + 1] ?? "")) text += message[++at]!;
    else if (end <= at + 1) text += char;
    else {
      parts.push({ text, isExpression: false }, { text: message.slice(at + 1, end), isExpression: true });
      text = "";
      at = end;
    }
  }
  return [...parts, { text, isExpression: false }].filter((part) => part.text !== "");
}

/** Where the brace at `start` is closed; -1 where it is not. */
function closing(message: string, start: number): number {
  let depth = 0;
  for (let at = start; at < message.length; at++) {
    if (message[at] === "{") depth++;
    if (message[at] === "}" && --depth === 0) return at;
  }
  return -1;
}
