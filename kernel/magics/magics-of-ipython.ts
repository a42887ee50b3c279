/** What cells have here in place of magics that users know from IPython and its extensions. */
const INSTEAD: readonly (readonly [names: string, advice: string])[] = [
  ["pip conda mamba micromamba uv", "Packages come from npm here: %npm install NAME."],
  ["html HTML", "A cell shows HTML by html`<b>text</b>` as its last expression."],
  ["markdown", "A cell shows Markdown by md`**text**` as its last expression."],
  ["svg SVG", "A cell shows SVG by svg`<circle r='9'/>` as its last expression."],
  ["latex", "A cell shows formulas by md`$a^2$` as its last expression."],
  ["javascript js typescript ts", "Cells are TypeScript, and so JavaScript, without a magic."],
  ["python python3 py python2 pypy", "Python runs as a command: !python3 FILE."],
  ["sh script system sx", "%%bash runs a cell as a shell script, !COMMAND a line."],
  ["cd", 'process.chdir("FOLDER") changes the folder.'],
  ["pwd", "process.cwd() is the folder."],
  ["ls ll dir cat cp mv rm mkdir rmdir less more man", "!COMMAND runs it in the shell: !ls."],
  ["env set_env", "process.env.NAME reads and sets a variable of the environment."],
  ["who who_ls", "%whos lists the variables."],
  ["reset reset_selective", "Restarting the kernel forgets all variables."],
  ["xdel", "A variable is let go by giving it another value."],
  ["run", 'await import("./FILE.ts") runs a file.'],
  ["load loadpy", "setNextInput(TEXT) puts text into the next cell."],
  ["writefile file", 'writeFileSync(FILE, TEXT), imported from "node:fs", writes a file.'],
  ["load_ext reload_ext unload_ext config alias", "This kernel has no extensions; %autoreload needs none."],
  ["matplotlib pylab", "A chart is an object with $schema of Vega-Lite as the last expression of a cell."],
  ["debug pdb tb", "JupyterLab's debugger stops in cells: the bug at the top right of the notebook."],
  ["prun lprun", "%profile CODE shows where the time goes."],
  ["memit mprun", "%memory shows the tensors that are alive."],
  ["capture", 'What a program prints: execSync(COMMAND), imported from "node:child_process".'],
  ["store", "Variables end with the kernel; writeFileSync(FILE, JSON.stringify(value)) keeps them."],
  ["sql", "A database is an npm package: %npm install better-sqlite3, or @duckdb/node-api."],
  [
    "pinfo pinfo2 pdoc pdef psource pfile psearch",
    "Shift+Tab behind a name shows its type and documentation.",
  ],
  ["edit ed", "JupyterLab's own editor opens files."],
  ["autosave notebook save", "JupyterLab saves notebooks itself."],
  ["clear cls", "clearOutput() clears the output of the cell."],
  ["precision xmode colors", "This kernel has no such setting; value.toFixed(3) rounds a number."],
  ["history hist recall rerun", "The results of earlier cells are Out[n] and _."],
];

/** What to type in place of a magic of IPython; empty for other names. */
export function insteadOf(name: string): string {
  return INSTEAD.find(([names]) => names.split(" ").includes(name))?.[1] ?? "";
}
