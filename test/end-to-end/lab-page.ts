import { existsSync } from "node:fs";
import { type Browser, chromium, type Locator, type Page } from "playwright-core";
import type { JupyterServer } from "./jupyter-server.js";

const CHROMIUM = [
  process.env["CHROMIUM"],
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/** The part of the DOM's Element that runs in the page here; the project has no DOM types. */
interface PageElement {
  checkVisibility(options: { contentVisibilityAuto: boolean }): boolean;
  scrollIntoView(options: { block: "center" }): void;
}

/** Runs in the page. JupyterLab leaves cells out of sight without layout (content-visibility), and so without text. */
async function bringIntoSight(element: PageElement): Promise<void> {
  while (!element.checkVisibility({ contentVisibilityAuto: true })) {
    element.scrollIntoView({ block: "center" });
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Chromium or Chrome of this machine, or null. */
export function findBrowser(): string | null {
  return CHROMIUM.find((path) => path !== undefined && existsSync(path)) ?? null;
}

export function launchBrowser(executablePath: string): Promise<Browser> {
  const quiet = [
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
  ];
  return chromium.launch({ executablePath, args: ["--no-sandbox", ...quiet] });
}

/** A notebook, open in JupyterLab in a browser. */
export class LabPage {
  /** What the page wrote to its console as an error, and exceptions in it. */
  readonly errors: string[] = [];

  private constructor(readonly page: Page) {
    page.on("pageerror", (error) => this.errors.push(error.message));
    page.on("console", (message) => message.type() === "error" && this.errors.push(message.text()));
  }

  /** Waits until the kernel of the notebook is idle. */
  static async open(
    browser: Browser,
    server: JupyterServer,
    notebook: string,
    viewport = { width: 1300, height: 900 },
  ): Promise<LabPage> {
    const lab = new LabPage(await browser.newPage({ viewport }));
    await lab.page.goto(`${server.url}lab/tree/${notebook}?reset&token=${server.token}`);
    await lab.kernelIsIdle();
    return lab;
  }

  /** The same in Notebook 7. */
  static async openNotebook(browser: Browser, server: JupyterServer, notebook: string): Promise<LabPage> {
    const lab = new LabPage(await browser.newPage({ viewport: { width: 1300, height: 900 } }));
    await lab.page.goto(`${server.url}notebooks/${notebook}?token=${server.token}`);
    await lab.kernelIsIdle();
    return lab;
  }

  async kernelIsIdle(): Promise<void> {
    await this.page.waitForSelector(".jp-NotebookPanel .jp-CodeCell", { timeout: 60_000 });
    await this.page.waitForFunction(
      "window.jupyterapp?.shell?.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'",
      undefined,
      { timeout: 60_000 },
    );
  }

  /** Reads something of the open notebook, by an expression over its panel. */
  read<T>(expression: string): Promise<T> {
    return this.page.evaluate(`((panel) => ${expression})(window.jupyterapp.shell.currentWidget)`);
  }

  /** Waits until each code cell has its number. */
  async runAllCells(): Promise<void> {
    await this.command("notebook:clear-all-cell-outputs");
    void this.command("notebook:run-all-cells");
    await this.page.waitForFunction(
      "[...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].every((prompt) => /\\[\\d+\\]/.test(prompt.textContent))",
      undefined,
      { timeout: 120_000 },
    );
  }

  /** How many outputs of the notebook are errors. */
  errorOutputs(): Promise<number> {
    return this.page.evaluate<number>(
      "[...window.jupyterapp.shell.currentWidget.content.model.cells].flatMap((cell) => cell.toJSON().outputs ?? []).filter((output) => output.output_type === 'error').length",
    );
  }

  /** A command of JupyterLab, e.g. `docmanager:save`. */
  async command(id: string, args: object = {}): Promise<void> {
    const call = `window.jupyterapp.commands.execute(${JSON.stringify(id)}, ${JSON.stringify(args)}).then(() => 0)`;
    await this.page.evaluate(call);
  }

  async theme(name: "JupyterLab Light" | "JupyterLab Dark"): Promise<void> {
    await this.command("apputils:change-theme", { theme: name });
    await this.page.waitForSelector(`body[data-jp-theme-name="${name}"]`, { state: "attached" });
  }

  /** The code cell whose text has `text` in it. */
  cell(text: string | RegExp): Locator {
    const input = this.page.locator(".cm-content", { hasText: text });
    return this.page.locator(".jp-NotebookPanel .jp-CodeCell", { has: input });
  }

  /** What a person reads below that cell. */
  async outputOf(text: string | RegExp): Promise<string> {
    const outputs = this.cell(text).locator(".jp-OutputArea-output");
    await outputs.first().evaluate(bringIntoSight as (element: unknown) => Promise<void>);
    return (await outputs.allInnerTexts()).join("\n");
  }
}
