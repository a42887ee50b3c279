import { html, type Html } from "../../src/display/html.js";

/**
 * A button that sends its form. One that cannot be used now keeps the focus, so it is only said to be disabled.
 * @param label its name for a screen reader; begins with what it shows
 */
export function button(text: string, isOff: boolean, label = text): Html {
  return html`<button
    type="submit"
    class="loadlab-button"
    aria-disabled="${isOff ? "true" : "false"}"
    aria-label="${label}"
  >
    ${text}
  </button>`;
}

/** A button that does something by itself. */
export function actButton(
  act: string,
  text: string,
  isOff: boolean,
  {
    title = text,
    spot = "",
    isMain = false,
  }: { readonly title?: string; readonly spot?: string; readonly isMain?: boolean } = {},
): Html {
  const kind = isMain ? "loadlab-button loadlab-main" : "loadlab-button";
  return html`<button
    type="button"
    class="${kind}"
    data-act="${act}"
    data-spot="${spot}"
    aria-disabled="${isOff ? "true" : "false"}"
    title="${title}"
  >
    ${text}
  </button>`;
}
