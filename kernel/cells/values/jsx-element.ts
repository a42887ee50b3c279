import { inspect } from "node:util";

/** An element that JSX made, as far as it is looked at here. */
interface JsxElement {
  readonly type: unknown;
  readonly key: unknown;
  readonly props: Readonly<Record<string, unknown>>;
}

const LINE_WIDTH = 88;
const ONE_LINE = { depth: 1, maxArrayLength: 10, breakLength: Infinity, compact: true } as const;
const REACT = [Symbol.for("react.element"), Symbol.for("react.transitional.element")];

/**
 * The JSX that makes a React or Preact element, where the value is one or a list of them: components by their names,
 * which are not called, children on lines of their own where they are long.
 */
export function jsxText(value: object): string | null {
  if (isElement(value)) return linesOf(value).join("\n");
  if (!Array.isArray(value) || !isElement(value[0]) || !Array.from(value).every(isElement)) return null;
  return `[\n${value
    .map((one) =>
      linesOf(one)
        .map((line) => `  ${line}`)
        .join("\n"),
    )
    .join(",\n")}\n]`;
}

function isElement(value: unknown): value is JsxElement {
  if (typeof value !== "object" || value === null) return false;
  const { $$typeof, props, type } = value as Record<string, unknown>;
  if (typeof props !== "object" || props === null) return false;
  const isReact = typeof $$typeof === "symbol" && REACT.includes($$typeof);
  // Preact's hide their constructor, so that JSON makes none.
  const isPreact = "__v" in value && "__k" in value && Object.hasOwn(value, "constructor");
  return isReact || (isPreact && type !== undefined);
}

function linesOf(element: JsxElement): string[] {
  const { type, key, props } = element;
  const name = nameOf(type);
  const attributes = Object.entries({ ...(key == null ? {} : { key }), ...props })
    .filter(([attribute, value]) => attribute !== "children" && value !== undefined)
    .map(([attribute, value]) => ` ${attributeText(attribute, value)}`)
    .join("");
  const children = [props["children"]]
    .flat(Infinity)
    .flatMap((child) => (isShown(child) ? [childLines(child)] : []));
  if (children.length === 0) return [`<${name}${attributes}${name === "" ? "></>" : " />"}`];
  const line = `<${name}${attributes}>${children.map((lines) => lines[0]).join("")}</${name}>`;
  if (children.every((lines) => lines.length === 1) && line.length <= LINE_WIDTH) return [line];
  return [`<${name}${attributes}>`, ...children.flat().map((one) => `  ${one}`), `</${name}>`];
}

/** React renders nothing for these. */
function isShown(child: unknown): boolean {
  return child !== undefined && child !== null && typeof child !== "boolean" && child !== "";
}

function childLines(child: unknown): string[] {
  if (isElement(child)) return linesOf(child);
  if (typeof child !== "string") return [`{${inspect(child, ONE_LINE)}}`];
  return [/[{}<>\n]|^\s|\s$/.test(child) ? `{${JSON.stringify(child)}}` : child];
}

function attributeText(name: string, value: unknown): string {
  if (value === true) return name;
  if (typeof value === "string" && !/["\n]/.test(value)) return `${name}="${value}"`;
  if (isElement(value)) return `${name}={${linesOf(value).join(" ")}}`;
  return `${name}={${inspect(value, ONE_LINE)}}`;
}

/** A tag; a component by its name, also behind `memo` and `forwardRef`; nothing for a fragment. */
function nameOf(type: unknown): string {
  if (typeof type === "string") return type;
  if (typeof type === "function") {
    const { displayName, name } = type as { displayName?: unknown; name: string };
    return typeof displayName === "string" ? displayName : name === "Fragment" ? "" : name || "Anonymous";
  }
  if (typeof type === "symbol") {
    const [, kind = "Anonymous"] = /^(?:react\.)?(.*)$/.exec(type.description ?? "") ?? [];
    return kind === "fragment" ? "" : kind.replace(/(?:^|_)(\w)/g, (_, first: string) => first.toUpperCase());
  }
  const { displayName, type: inner, render } = Object(type) as Record<string, unknown>;
  if (typeof displayName === "string") return displayName;
  return inner || render ? nameOf(inner ?? render) : "Anonymous";
}
