import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import type { TestClient } from "../client.js";
import { startKernel } from "../start-kernel.js";

const engine = new URL("../../../kernel/cells/index.js", import.meta.url).href;

type Content = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- as it comes

/** The widget protocol, message by message: ipywidgets, packages/schema/messages.md. */
describe("Widgets", () => {
  let client: TestClient;
  let stop: () => Promise<void>;
  before(async function () {
    this.timeout(60_000);
    ({ client, stop } = await startKernel({ engine }));
  });
  after(() => stop());

  /** Runs a cell; the models that it opened, by name, and what it showed. */
  async function run(code: string) {
    const { published, reply } = await client.execute(code);
    assert.equal(reply.content.status, "ok", JSON.stringify(reply.content));
    const opened = published.filter((m) => m.header.msg_type === "comm_open");
    const models = opened.map((m) => ({
      id: String(m.content.comm_id),
      target: m.content.target_name,
      version: (m as Content).metadata.version as string,
      state: (m.content.data as Content).state as Content,
    }));
    const shown = published.filter((m) => /display_data|execute_result/.test(m.header.msg_type));
    const updates = published
      .filter((m) => m.header.msg_type === "comm_msg")
      .map((m) => (m.content.data as Content).state as Content);
    const text = shown.map((m) => (m.content.data as Content)["text/plain"] as string).join("\n");
    return { models, shown: shown.map((m) => m.content.data as Content), updates, text, published };
  }

  const named = (models: { state: Content; id: string }[], name: string) =>
    models.find(({ state }) => state._model_name === name)!;

  const send = (id: string, data: Content) => client.send("comm_msg", { comm_id: id, data });

  async function until(code: string, expected: string) {
    for (let tries = 0; tries < 100; tries++) {
      const { text } = await run(code);
      if (text === expected) return;
      await delay(50);
    }
    assert.equal((await run(code)).text, expected);
  }

  it("a slider: opens a model, is shown, follows the user, follows the cell", async () => {
    const { models, shown } = await run(
      "const slider = widgets.intSlider({ min: 1, max: 9, value: 3, description: 'size', layout: { maxWidth: '50%' } }); let seen = 0\nslider.onChange((value) => { seen = value })\nslider",
    );
    const slider = named(models, "IntSliderModel") as (typeof models)[0];
    assert.deepEqual([slider.target, slider.version], ["jupyter.widget", "2.1.0"]);
    const { state } = slider;
    assert.deepEqual(
      [state.min, state.max, state.value, state.step, state.description],
      [1, 9, 3, 1, "size"],
    );
    assert.deepEqual(
      [state._model_module, state._model_module_version, state._view_name],
      ["@jupyter-widgets/controls", "2.0.0", "IntSliderView"],
    );
    const layout = named(models, "LayoutModel");
    assert.equal(state.layout, `IPY_MODEL_${layout.id}`);
    assert.equal(layout.state.max_width, "50%");
    assert.deepEqual(shown.at(-1)!["application/vnd.jupyter.widget-view+json"], {
      version_major: 2,
      version_minor: 0,
      model_id: slider.id,
    });
    assert.equal(shown.at(-1)!["text/plain"], 'IntSlider(description: "size", value: 3)');
    send(slider.id, { method: "update", state: { value: 7 }, buffer_paths: [] });
    await until("[slider.value, seen]", "[ 7, 7 ]");
    assert.deepEqual((await run("slider.value = 2")).updates, [{ value: 2 }]);
    await until("[slider.value, seen]", "[ 2, 7 ]");
  });

  it("what a handler prints belongs to the cell that set it", async () => {
    const { models, published } = await run(
      "const press = widgets.button({ description: 'Go', style: 'primary' });\nconst end = press.onClick(() => console.log('clicked'))",
    );
    const button = named(models, "ButtonModel");
    assert.equal(button.state.button_style, "primary");
    const cell = published[0]!.parentHeader.msg_id;
    send(button.id, { method: "custom", content: { event: "click" } });
    const printed = await client.next((m) => m.header.msg_type === "stream");
    assert.deepEqual([printed.content.text, printed.parentHeader.msg_id], ["clicked\n", cell]);
    await run("end(); let after = 0; press.onClick(() => { after++ })");
    send(button.id, { method: "custom", content: { event: "click" } });
    await until("after", "1");
  });

  it("a dropdown gives values, not numbers", async () => {
    const { models } = await run(
      "const choice = widgets.dropdown({ options: { small: 1, large: { n: 2 } } }); let chosen: unknown; choice.onChange((v) => { chosen = v })",
    );
    const { id, state } = named(models, "DropdownModel");
    assert.deepEqual([state._options_labels, state.index], [["small", "large"], 0]);
    send(id, { method: "update", state: { index: 1 }, buffer_paths: [] });
    await until("chosen", "{ n: 2 }");
    const { reply } = await client.execute("choice.value = 3 as any");
    assert.match(String(reply.content.evalue), /There is no option 3\. There are: small, large\./);
  });

  it("text, checkbox, HTML and boxes", async () => {
    const { models } = await run(
      "const parts = [widgets.text({ placeholder: 'name' }), widgets.checkbox({ value: true }), widgets.html('<b>x</b>'), widgets.floatSlider()]\nwidgets.hbox([widgets.vbox(parts)])",
    );
    const box = named(models, "VBoxModel");
    const names = ["TextModel", "CheckboxModel", "HTMLModel", "FloatSliderModel"];
    assert.deepEqual(
      box.state.children,
      names.map((name) => `IPY_MODEL_${named(models, name).id}`),
    );
    assert.deepEqual(named(models, "HBoxModel").state.children, [`IPY_MODEL_${box.id}`]);
    const { reply } = await client.execute("widgets.hbox([1 as any])");
    assert.match(String(reply.content.evalue), /A box takes controls/);
  });

  it("gives its state to a page that is opened later", async () => {
    const { models } = await run("const late = widgets.text({ value: 'kept' })");
    const { id } = named(models, "TextModel");
    const info = await client.request("comm_info_request", { target_name: "jupyter.widget" });
    assert.ok(id in (info.reply.content.comms as Content));
    send(id, { method: "request_state" });
    const answer = await client.next((m) => m.header.msg_type === "comm_msg" && m.content.comm_id === id);
    const data = answer.content.data as Content;
    assert.deepEqual(
      [data.method, data.state.value, data.state._model_name],
      ["update", "kept", "TextModel"],
    );
  });
});
