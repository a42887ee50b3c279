import { MEASURED } from "./measured.js";
import { filled, type SettledBy, type TaxonomyEntry } from "./entry.js";

/** The page of a code, docs/problems/CODE.md, as `%explain CODE` shows it. */
export function problemPage(entry: TaxonomyEntry): string {
  const { code, title, keras, why, does, todo, python, settledBy } = entry;
  const said = keras.map(({ version, message }) => `- ${version}: ${inCode(filled(message))}`);
  const parts = [
    `# ${code}: ${title}`,
    `## What Keras says\n\n${said.join("\n")}`,
    ...measuredPart(code),
    `## Why\n\n${why}`,
    `## What loadlab does\n\n${does}`,
    `## What you can do\n\n${todo}\n\n${SETTLED[settledBy]}`,
  ];
  if (python !== undefined) parts.push(`## In Python\n\n${python}`);
  return `${parts.join("\n\n")}\n`;
}

/** What each Keras said of the file that the tests make of this code. */
function measuredPart(code: string): string[] {
  const rows = Object.entries(MEASURED[code] ?? {}).map(([version, said]) => `- ${version} ${rowText(said)}`);
  if (rows.length === 0) return [];
  return [`## Measured\n\nOf the file that the tests make of this code:\n\n${rows.join("\n")}`];
}

function rowText(said: string): string {
  return /^(loads|does not return)$/.test(said) ? `${said}.` : `says ${inCode(said)}`;
}

const SETTLED: Readonly<Record<SettledBy, string>> = {
  itself: "It is settled by itself, and reported.",
  choice: "It takes one choice.",
  code: "It takes a class or a function of yours.",
  file: "It takes another file.",
  refused: "It is refused.",
};

/** A backquote inside is quoted by two outside. */
function inCode(message: string): string {
  const line = message.replaceAll(/\s+/g, " ");
  if (!line.includes("`")) return `\`${line}\``;
  return line.startsWith("`") || line.endsWith("`") ? `\`\` ${line} \`\`` : `\`\`${line}\`\``;
}

const PARTS: readonly (readonly [letter: string, title: string])[] = [
  ["F", "The file"],
  ["C", "Classes and functions"],
  ["A", "Arguments"],
  ["G", "The graph of calls"],
  ["W", "Weights"],
  ["O", "Training state and the rest"],
];

/** docs/problems/README.md: the list of all codes, with how each is settled. */
export function problemIndex(entries: Iterable<TaxonomyEntry>): string {
  const all = [...entries];
  const parts = PARTS.map(([letter, title]) => {
    const rows = all.filter(({ code }) => code.startsWith(letter));
    return `## ${title}\n\n${rows.map(({ code, title: about }) => `- [${code}](${code}.md): ${about}`).join("\n")}`;
  });
  const counted = (kind: SettledBy) => all.filter(({ settledBy }) => settledBy === kind).length;
  return [
    "# Problems",
    "What can be wrong with a model file, by the codes that cards show. `%explain CODE` shows a page in the notebook.",
    `Of these ${all.length}, ${counted("itself")} are settled by themselves and reported, ${counted("choice")} take one choice, ` +
      `${counted("code")} a class or function of yours, ${counted("file")} another file; ${counted("refused")} are refused.`,
    ...parts,
    "These pages are made from src/loading/taxonomy by `npm run docs:problems`.",
  ]
    .join("\n\n")
    .concat("\n");
}
