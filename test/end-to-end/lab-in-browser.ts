import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { JupyterServer, requireJupyter } from "./jupyter-server.js";
import { findBrowser, launchBrowser } from "./lab-page.js";

export interface LabInBrowser {
  /** Of the notebooks. */
  folder: string;
  server: JupyterServer;
  browser: Browser;
}

/**
 * Starts JupyterLab and a browser before the tests of a suite, in a folder of their own, and ends them after.
 * Without one of the two the suite is skipped and says why.
 * @param fill puts the notebooks into the folder.
 * @returns what is there once the tests run.
 */
export function labInBrowser(fill: (folder: string) => void): LabInBrowser {
  const lab = {} as Partial<LabInBrowser>;
  before(async function () {
    const python = requireJupyter(this);
    const executable = findBrowser();
    if (executable === null) {
      console.log("      skipped, since there is no Chromium or Chrome (CHROMIUM may name one)");
      this.skip();
    }
    lab.folder = mkdtempSync(join(tmpdir(), "loadlab-notebooks-"));
    fill(lab.folder);
    lab.server = await JupyterServer.start(python, lab.folder);
    lab.browser = await launchBrowser(executable);
  });
  after(async () => {
    await lab.browser?.close();
    await lab.server?.stop();
    if (lab.folder) rmSync(lab.folder, { recursive: true });
  });
  return lab as LabInBrowser;
}
