import morphdom from "morphdom";
import type { Html } from "../src/display/html.js";

/**
 * Makes a node show HTML. What is there already is changed as little as possible: focus, open details, what was typed
 * and where was scrolled to stay. Nodes with `data-loadlab-island` belong to who put them there and are left alone.
 * @throws Error when the HTML holds what none of ours does: a script, a handler, a link
 */
export function draw(node: HTMLElement, html: Html): void {
  const template = document.createElement("template");
  template.innerHTML = html.text;
  for (const element of template.content.querySelectorAll("*")) checkElement(element);
  const next = node.cloneNode(false) as HTMLElement;
  next.append(template.content);
  morphdom(node, next, { childrenOnly: true, getNodeKey: keyOf, onBeforeElUpdated: updates });
}

const FORBIDDEN =
  'script,style,iframe,object,embed,link,meta,base,a,use,form[action],[formaction],[href],[src]:not([src^="data:image/"])';

/** A second lock: all our HTML is escaped where it is made. */
function checkElement(element: Element): void {
  const hasHandler = [...element.attributes].some(({ name }) => name.startsWith("on"));
  if (hasHandler || element.matches(FORBIDDEN)) throw new Error(`Not ours to show: <${element.localName}>`);
  // JupyterLab's shortcuts of one key would fire while one of ours has the focus; only the focused element counts.
  if (element.matches("button,summary,select,[tabindex]"))
    element.setAttribute("data-lm-suppress-shortcuts", "true");
}

/** Elements with a `data-key` stay what they are wherever they move to; others go by their place. */
function keyOf(node: Node): string | undefined {
  return node instanceof HTMLElement ? (node.dataset["key"] ?? (node.id || undefined)) : undefined;
}

function updates(from: HTMLElement, to: HTMLElement): boolean {
  if (from.hasAttribute("data-loadlab-island")) return false;
  if (from.isEqualNode(to)) return false;
  if (from instanceof HTMLDetailsElement) (to as HTMLDetailsElement).open = from.open;
  if (isField(from) && isField(to)) keepTyped(from, to);
  return true;
}

/** What the user has typed or chosen stays while the same is asked. */
function keepTyped(from: Field, to: Field): void {
  if (!(from instanceof HTMLSelectElement)) {
    if (from.value !== from.defaultValue) to.value = from.value;
  } else if ([...(to as HTMLSelectElement).options].some(({ value }) => value === from.value))
    to.value = from.value;
}

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

function isField(element: Element): element is Field {
  return element.matches("input,select,textarea");
}
