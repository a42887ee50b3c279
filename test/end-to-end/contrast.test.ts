import assert from "node:assert/strict";
import type { Browser } from "playwright-core";
import { cardBundle } from "../../src/display/card/problem-card.js";
import { summaryBundle } from "../../src/display/summary/model-summary.js";
import { progressBundle } from "../../src/display/training/progress-bar.js";
import { summary, waitingReport } from "../src/display/sample-report.js";
import { findBrowser, launchBrowser } from "./lab-page.js";

/** Background and text of front ends that have none of JupyterLab's variables, as their own style sheets say them. */
const FRONT_ENDS = {
  "VS Code, light": ["#ffffff", "#3b3b3b"],
  "VS Code, dark": ["#1f1f1f", "#cccccc"],
  "Colab, light": ["#ffffff", "#212121"],
  "Colab, dark": ["#383838", "#d5d5d5"],
  "a page without a theme": ["#ffffff", "#000000"],
} as const;

/** Runs in the page: texts whose contrast with what is behind them is below WCAG AA, and how many texts there are. */
const CONTRAST = `(() => {
  const paint = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
  const over = (colours) => {
    for (const colour of colours) { paint.fillStyle = colour; paint.fillRect(0, 0, 1, 1); }
    return [...paint.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((v) => (v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const low = [];
  let texts = 0;
  for (let node; (node = walker.nextNode()); ) {
    const element = node.parentElement;
    if (node.data.trim() === "" || element.getClientRects().length === 0) continue;
    texts++;
    const behind = [];
    for (let at = element; at; at = at.parentElement) behind.unshift(getComputedStyle(at).backgroundColor);
    const { color } = getComputedStyle(element);
    const [a, b] = [light(over(behind)), light(over([...behind, color]))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) low.push(ratio.toFixed(2) + " " + color + " " + node.data.trim().slice(0, 40));
  }
  return { texts, low };
})()`;

describe("contrast of stored outputs where there is no JupyterLab", function () {
  this.timeout(60_000);
  let browser: Browser;
  before(async function () {
    const executable = findBrowser();
    if (executable === null) {
      console.log("      skipped, since there is no Chromium or Chrome (CHROMIUM may name one)");
      return this.skip();
    }
    browser = await launchBrowser(executable);
  });
  after(() => browser?.close());

  const outputs = [
    cardBundle(waitingReport()),
    summaryBundle(summary),
    progressBundle({ label: "train", done: 3, total: 4, seconds: 1, state: "running" }),
  ].map(({ data }) => String(data["text/html"]));

  for (const [name, [background, text]] of Object.entries(FRONT_ENDS))
    it(`is 4.5 to 1 or more in ${name}`, async () => {
      const page = await browser.newPage();
      const style = `background:${background};color:${text}`;
      await page.setContent(`<!doctype html><body style="${style}">${outputs.join("")}</body>`);
      await page.evaluate(`document.querySelectorAll("details").forEach((one) => (one.open = true))`);
      const { texts, low } = await page.evaluate<{ texts: number; low: string[] }>(CONTRAST);
      await page.close();
      assert.ok(texts > 50);
      assert.deepEqual(low, []);
    });
});
