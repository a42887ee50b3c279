import assert from "node:assert/strict";
import { PROBLEM_CARD } from "../../../src/display/bundle.js";
import { cardBundle } from "../../../src/display/card/problem-card.js";
import { progressBundle } from "../../../src/display/training/progress-bar.js";
import { hostileReport, waitingReport } from "./sample-report.js";

describe("problem card", () => {
  const { data } = cardBundle(waitingReport());
  const text = data["text/plain"] as string;
  const html = data["text/html"] as string;

  it("has three forms, with valid MIME types", () => {
    assert.deepEqual(Object.keys(data), ["text/plain", "text/html", PROBLEM_CARD]);
    for (const type of Object.keys(data)) assert.match(type, /^[a-z]+\/[a-z0-9.+-]+$/);
    assert.deepEqual(structuredClone(data[PROBLEM_CARD]), data[PROBLEM_CARD]);
  });

  it("says in plain text what is wrong, where, and what to type", () => {
    for (const part of [
      "custom.h5 waits for 1 decision",
      "✓ configure ● resolve ○ connect",
      "C01  The class MyAttention is unknown",
      "where     encoder/attention",
      "attention/w (16, 8)",
      "attention/b (8,) float16",
      "lstm (None, 12, 16) -> [encoder/attention: MyAttention] -> hidden",
      "Keras 3, .h5",
      "%%register_custom MyAttention",
      "stub: computes something else",
      "1 adjustment, exact",
    ]) {
      assert.ok(text.includes(part), `${part}\nis not in\n${text}`);
    }
  });

  it("says the same in HTML", () => {
    for (const part of [
      "waits for 1 decision",
      "C01",
      "(16, 8)",
      "(None, 12, 16)",
      "%step fix 1 identity-stub",
    ]) {
      assert.ok(html.includes(part), part);
    }
  });

  it("keeps its words apart where a page takes all styles away, and names its rows", () => {
    const bare = html.replaceAll(/<[^>]*>/g, "").replaceAll(/\s+/g, " ");
    assert.match(bare, /C01 The class MyAttention is unknown/);
    assert.match(bare, / · stub: computes something else/);
    assert.match(html, /<th scope="row"[^>]*>Found<\/th>/);
    const bar = progressBundle({ label: "fit", done: 1, total: 2, seconds: 0, state: "running" });
    assert.match(String(bar.data["text/html"]).replaceAll(/<[^>]*>/g, ""), /fit\s+50% 1\/2/);
  });

  it("offers nothing once the load was given up", () => {
    const { data } = cardBundle({ ...waitingReport(), state: "aborted" });
    for (const form of [data["text/plain"], data["text/html"]]) {
      assert.match(String(form), /was given up/);
      assert.match(String(form), /The class MyAttention is unknown/);
      assert.doesNotMatch(String(form), /What you can do/);
    }
  });

  it("keeps what a file says from acting: no script, no attribute, no terminal escape, no turned text", () => {
    const hostile = cardBundle(hostileReport()).data;
    const [htmlText, plain] = [hostile["text/html"] as string, hostile["text/plain"] as string];
    assert.ok(!/<script|onmouseover="/.test(htmlText));
    assert.ok(htmlText.includes("&lt;script&gt;"));
    // eslint-disable-next-line no-control-regex -- the characters that must not pass
    for (const shown of [htmlText, plain]) assert.ok(!/[\u001b\u202e]/.test(shown));
  });

  it("has no script, style element, heading or id, which untrusted notebooks lose", () => {
    assert.ok(!/<(script|style|h[1-6]|svg)\b|\sid=/.test(html));
  });

  it("gives every colour a plain value before the theme's variable", () => {
    const themed = [...html.matchAll(/(?<before>[^;"]*);(?<property>[a-z-]*color):[^;"]*var\(/g)];
    assert.ok(themed.length > 10);
    for (const { 0: declaration, groups } of themed)
      assert.match(groups!["before"]!, new RegExp(`^${groups!["property"]}:#[0-9a-f]{6}$`), declaration);
  });
});
