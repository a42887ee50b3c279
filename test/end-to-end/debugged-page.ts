import type { Browser, Page } from "playwright-core";
import type { JupyterServer } from "./jupyter-server.js";
import { LabPage } from "./lab-page.js";

/** A notebook in JupyterLab with the debugger's side bar, used by clicks and keys as a person would. */
export class DebuggedPage {
  private constructor(private readonly lab: LabPage) {}

  static async open(browser: Browser, server: JupyterServer, notebook: string): Promise<DebuggedPage> {
    return new DebuggedPage(await LabPage.open(browser, server, notebook, { width: 1500, height: 950 }));
  }

  get page(): Page {
    return this.lab.page;
  }

  /** Restarts of futures that JupyterLab itself drops are not ours. */
  get errors(): string[] {
    return this.lab.errors.filter((text) => !/Canceled future for debug_request/.test(text));
  }

  command(id: string): Promise<void> {
    return this.lab.command(id);
  }

  theme(name: "JupyterLab Light" | "JupyterLab Dark"): Promise<void> {
    return this.lab.theme(name);
  }

  outputOf(text: string): Promise<string> {
    return this.lab.outputOf(text);
  }

  /** More room for the notebook; JupyterLab's offer of news goes too. */
  async hideFiles(): Promise<void> {
    await this.command("application:toggle-left-area");
    await this.page
      .getByRole("button", { name: "No", exact: true })
      .click({ timeout: 3000 })
      .catch(() => {});
  }

  /** The bug button of the notebook's tool bar. */
  async turnOn(): Promise<void> {
    // The button shows before JupyterLab has asked the kernel whether it can be debugged.
    const on = this.page.locator('.jp-DebuggerBugButton[aria-pressed="true"]');
    for (let tries = 0; tries < 10 && (await on.count()) === 0; tries++) {
      await this.page.locator(".jp-NotebookPanel .jp-DebuggerBugButton").first().click();
      await on.waitFor({ timeout: 2000 }).catch(() => {});
    }
    await this.page.locator(".jp-DebuggerVariables").first().waitFor();
  }

  /** Sets a breakpoint at a line of a cell, from 1, or takes it away. */
  async clickGutter(cellText: string, line: number): Promise<void> {
    const gutter = this.lab.cell(firstLine(cellText)).locator(".cm-breakpoint-gutter .cm-gutterElement");
    await gutter.nth(line).waitFor();
    const listed = this.page.locator(".jp-DebuggerBreakpoint");
    const before = await listed.count();
    await gutter.nth(line).dispatchEvent("mousedown");
    while ((await listed.count()) === before) await this.page.waitForTimeout(50);
  }

  /** Does not wait for the end. */
  async run(cellText: string): Promise<void> {
    await this.lab.cell(firstLine(cellText)).locator(".cm-content").click();
    void this.command("notebook:run-cell");
  }

  async stopped(): Promise<void> {
    await this.page.locator(".jp-DebuggerCallstackFrame").first().waitFor();
    await this.page.locator(".jp-DebuggerEditor-highlight").first().waitFor();
  }

  async callStack(): Promise<string[]> {
    const frames = await this.page.locator(".jp-DebuggerCallstackFrame-name").allInnerTexts();
    return frames.map((text) => text.trim());
  }

  /** Clicks a frame of the call stack, from 0. */
  async selectFrame(index: number): Promise<void> {
    await this.page.locator(".jp-DebuggerCallstackFrame").nth(index).click();
    await this.page.waitForTimeout(500);
  }

  /** The line at which the program is stopped. */
  async highlighted(text: string): Promise<void> {
    await this.page.locator(".jp-DebuggerEditor-highlight", { hasText: text }).waitFor();
  }

  /** What the variables' tree shows, once it has something. */
  async variables(): Promise<string> {
    await this.page.locator(".jp-DebuggerVariables-name").first().waitFor();
    await this.page.waitForTimeout(300);
    return this.page.locator(".jp-DebuggerVariables-body").first().innerText();
  }

  /** Types an expression into the debug console. */
  async evaluate(expression: string): Promise<string> {
    void this.command("debugger:evaluate");
    const dialog = this.page.locator(".jp-DebugConsole, .jp-CodeConsole").last();
    await dialog.locator(".cm-content").last().click();
    await this.page.keyboard.type(expression);
    await this.page.keyboard.press("Shift+Enter");
    const output = dialog.locator(".jp-OutputArea-output").last();
    await output.waitFor();
    const text = (await output.innerText()).trim();
    await this.page.keyboard.press("Escape");
    return text;
  }
}

function firstLine(text: string): string {
  return text.split("\n")[0]!;
}
