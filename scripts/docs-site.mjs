// npm run docs: the site in dist/docs-site, pages of docs/ and the library's API, by TypeDoc.
import { readFileSync } from "node:fs";
import path from "node:path";
import { Application, Converter } from "typedoc";
import { contents } from "./setup/docs-contents.mjs";
import { inRoot } from "./setup/repository.mjs";

const chapters = contents();
const pages = chapters.flatMap(({ title, pages }) => pages.map((page) => ({ ...page, chapter: title })));

const site = await Application.bootstrapWithPlugins({
  name: "loadlab",
  entryPoints: [inRoot("src", "index.ts")],
  tsconfig: inRoot("tsconfig.json"),
  projectDocuments: pages.map(({ file }) => file),
  readme: inRoot("docs", "README.md"),
  out: inRoot("dist", "docs-site"),
  customCss: inRoot("docs", "site.css"),
  sort: ["documents-first", "source-order"],
  groupOrder: [...chapters.map(({ title }) => title), "*"],
  navigation: { includeGroups: true },
  categorizeByGroup: false,
  headings: { readme: false, document: false },
  disableSources: true,
  highlightLanguages: ["typescript", "javascript", "tsx", "json", "sh", "python"],
  excludePrivate: true,
  hideGenerator: true,
  // The tests compile the sources; here they would only be checked again.
  skipErrorChecking: true,
  treatWarningsAsErrors: true,
  excludeExternals: true,
  validation: {
    invalidLink: true,
    invalidPath: true,
    rewrittenLink: true,
    notExported: false,
    notDocumented: false,
  },
  logLevel: "Warn",
});

/** TypeDoc names a page by its file; here by its heading, in the chapter that docs/README.md gives it. */
site.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_context, document) => {
  const place = pages.findIndex(({ file }) => file.endsWith(`${path.sep}${fileOf(document.name)}`));
  if (place < 0) return;
  document.name = headingOf(pages[place].file);
  document.frontmatter.group = pages[place].chapter;
});

function fileOf(name) {
  return path.normalize(`${name}.md`);
}

function headingOf(file) {
  return /^# (.*)$/m.exec(readFileSync(file, "utf8"))[1].replaceAll("`", "");
}

const project = await site.convert();
if (!project) process.exit(1);
site.validate(project);
await site.generateOutputs(project);
if (site.logger.hasErrors() || site.logger.hasWarnings()) process.exitCode = 1;
else console.log(`${pages.length} pages and the API: dist/docs-site/index.html`);
