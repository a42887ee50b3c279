/**
 * Inline styles of the cards. Only properties that JupyterLab's sanitiser lets through (packages/apputils,
 * sanitizer.ts): no flex, no grid, no gaps. Each colour is said twice: a plain one that reads on white and on black, which is all
 * that survives JupyterLab's sanitiser in an untrusted notebook, then the theme's variable, which wins where the
 * front end has it. Nothing depends on style to be understood.
 */
const colour = (property: string, plain: string, theme: string) =>
  `${property}:${plain};${property}:var(${theme},${plain})`;

/**
 * Text apart from the rest that still reads (WCAG AA, 4.5 to 1) where a front end has none of JupyterLab's variables, as
 * VS Code and Colab, light or dark: the colour of the text around it, mixed with grey or with a colour that says something.
 */
const mixed = (part: string, percent: number) => `color-mix(in srgb,${part} ${percent}%,currentColor)`;
const MUTED = `color:#808080;color:var(--jp-content-font-color2,${mixed("#808080", 28)})`;
const tone = (plain: string, theme: string) => `color:${plain};color:${mixed(`var(${theme},${plain})`, 40)}`;

const LINE = "1px solid rgba(128,128,128,0.28)";
const CODE =
  "font-family:Menlo,Consolas,monospace;font-family:var(--jp-code-font-family,Menlo,Consolas,monospace)";

export const STYLE = {
  card: `max-width:1100px;margin:4px 0 10px 0;border:${LINE};border-radius:6px;overflow:hidden;line-height:1.5;font-size:13px`,
  head: `padding:10px 16px;border-bottom:${LINE};background-color:rgba(128,128,128,0.07)`,
  title: "font-size:15px;font-weight:600;overflow-wrap:break-word;word-wrap:break-word",
  subtitle: `font-size:12px;${MUTED};overflow-wrap:break-word;word-wrap:break-word`,
  section: `padding:10px 16px;border-bottom:${LINE}`,
  foot: `padding:8px 16px;font-size:12px;${MUTED}`,
  lead: "font-size:14px;font-weight:600;margin:0 0 2px 0;overflow-wrap:break-word;word-wrap:break-word",
  muted: MUTED,
  label: `font-size:11px;${MUTED};letter-spacing:0.4px;text-transform:uppercase;margin:10px 0 2px 0`,
  text: "margin:0;overflow-wrap:break-word;word-wrap:break-word",
  code: `${CODE};font-size:12px;padding:0 4px;border-radius:3px;background-color:rgba(128,128,128,0.13);color:inherit;white-space:pre-wrap;overflow-wrap:break-word;word-wrap:break-word`,
  bare: `${CODE};font-size:12px;overflow-wrap:break-word;word-wrap:break-word;white-space:pre-wrap`,
  rows: "border-collapse:collapse;margin:4px 0 0 0;table-layout:fixed;width:100%;font-size:13px;line-height:1.5;border:none",
  row: "background-color:transparent;border:none",
  rowLabel: `text-align:left;vertical-align:top;padding:1px 8px 1px 0;line-height:1.5;width:74px;white-space:nowrap;${MUTED}`,
  rowBody:
    "text-align:left;vertical-align:top;padding:1px 0;line-height:1.5;overflow-wrap:break-word;word-wrap:break-word",
  scroll: "overflow-x:auto",
  table: "border-collapse:collapse;margin:0;table-layout:auto;width:100%;font-size:12px",
  headCell: `text-align:left;padding:5px 14px 5px 0;font-weight:600;${MUTED};border-bottom:${LINE};white-space:nowrap`,
  headNumber: `text-align:right;padding:5px 14px 5px 0;font-weight:600;${MUTED};border-bottom:${LINE};white-space:nowrap`,
  cell: "text-align:left;padding:3px 14px 3px 0;vertical-align:top;white-space:nowrap",
  wideCell:
    "text-align:left;padding:3px 0;vertical-align:top;min-width:130px;word-wrap:break-word;overflow-wrap:anywhere",
  number: "text-align:right;padding:3px 14px 3px 0;vertical-align:top;white-space:nowrap",
  steps: `padding:8px 16px;font-size:12px;border-bottom:${LINE}`,
  step: "display:inline-block;margin-right:16px;white-space:nowrap",
  arrow: `display:inline-block;padding:0 8px;vertical-align:middle;${MUTED}`,
  group: "display:inline-block;vertical-align:middle;max-width:100%",
  node: `border:${LINE};border-radius:4px;padding:4px 10px;margin:2px 0;overflow-wrap:break-word;word-wrap:break-word`,
  remedy: `border-top:${LINE};padding:6px 0`,
  remedyText:
    "display:inline-block;vertical-align:top;width:54%;min-width:250px;padding-right:12px;box-sizing:border-box",
  remedyCommand: "display:inline-block;vertical-align:top;max-width:100%",
  summary: `cursor:pointer;${MUTED}`,
} as const;

/** Colours that say how things stand. */
export const TONE = {
  good: tone("#2e8b57", "--jp-success-color1"),
  warn: tone("#c77700", "--jp-warn-color1"),
  bad: tone("#d64545", "--jp-error-color1"),
  here: tone("#2b83d6", "--jp-brand-color1"),
} as const;
export type Tone = keyof typeof TONE;

const EDGE: Record<Tone, string> = {
  good: colour("border-left-color", "#2e8b57", "--jp-success-color1"),
  warn: colour("border-left-color", "#c77700", "--jp-warn-color1"),
  bad: colour("border-left-color", "#d64545", "--jp-error-color1"),
  here: colour("border-left-color", "#2b83d6", "--jp-brand-color1"),
};

/** A card with an edge in the colour of its state. */
export function edged(tone: Tone): string {
  return `${STYLE.card};border-left-width:4px;border-left-style:solid;${EDGE[tone]}`;
}

export function tag(tone: Tone): string {
  return `font-size:11px;font-weight:600;border:1px solid;border-radius:9px;padding:0 7px;margin-right:2px;white-space:nowrap;${TONE[tone]}`;
}
