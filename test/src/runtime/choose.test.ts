import { strict as assert } from "node:assert";
import { execFile } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { commandLine } from "../../../src/command-line.js";

const run = promisify(execFile);
const here = dirname(fileURLToPath(import.meta.url));
const choose = join(here, "../../../src/runtime/choose.js");

/** A back end is one of a whole process, so each test has its own. */
async function inProcess(code: string, env: NodeJS.ProcessEnv = {}): Promise<unknown> {
  const script = `import * as runtime from ${JSON.stringify(choose)};\n${code}`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", script], {
    env: { ...process.env, LOADLAB_BACKEND: "", ...env },
  });
  return JSON.parse(stdout);
}

describe("choice of a back end", () => {
  it("leaves no process handlers behind on wasm", async () => {
    const counts = await inProcess(`
      await runtime.useBackend("wasm");
      console.log(JSON.stringify(["uncaughtException", "unhandledRejection"].map((e) => process.listenerCount(e))));
    `);
    assert.deepEqual(counts, [0, 0]);
  });

  it("ends no process for what is rejected while wasm starts, and keeps the handlers that others put on then", async () => {
    const seen = await inProcess(`
      let seen = 0;
      process.on("unhandledRejection", () => seen++);
      const turn = setInterval(() => { void Promise.reject(new Error("a cell's")); process.once("uncaughtException", () => {}); });
      await runtime.useBackend("wasm");
      clearInterval(turn);
      console.log(JSON.stringify([seen > 1, process.listenerCount("uncaughtException") > 1]));
    `);
    assert.deepEqual(seen, [true, true]);
  });

  it("passes over what is not there, with the line that enables it", async () => {
    const choice = (await inProcess(
      `const { backend, passedOver } = await runtime.ensureBackend();
       console.log(JSON.stringify({ name: backend.name, passedOver }));`,
      { XDG_CACHE_HOME: join(here, "nothing-here") },
    )) as { name: string; passedOver: { name: string; why: string; remedy: string }[] };
    const native = choice.passedOver.find(({ name }) => name === "native");
    assert.equal(native?.remedy, commandLine("backend add native"));
    assert.ok(choice.passedOver.every(({ why, remedy }) => why !== "" && remedy !== ""));
  });

  it("takes the one that the environment names", async () => {
    const name = await inProcess(
      `console.log(JSON.stringify((await runtime.ensureBackend()).backend.name));`,
      { LOADLAB_BACKEND: "cpu" },
    );
    assert.equal(name, "cpu");
  });

  it("says where a name that it does not know came from, and how to go on", async () => {
    const message = await inProcess(
      `console.log(JSON.stringify(await runtime.ensureBackend().catch((error) => error.message)));`,
      { LOADLAB_BACKEND: "cuba" },
    );
    assert.match(
      String(message),
      /^LOADLAB_BACKEND=cuba .*no back end "cuba"\.\n.*one of cuda.*\n.*%backend wasm here/,
    );
  });

  it("says which there are when it does not know one, and stays where it was", async () => {
    const answer = (await inProcess(`
      await runtime.useBackend("cpu");
      const error = await runtime.useBackend("cuba").catch((error) => error);
      console.log(JSON.stringify({ message: error.message, remedy: error.remedy, now: runtime.currentBackend().backend.name }));
    `)) as Record<string, string>;
    assert.match(answer["message"]!, /no back end "cuba"/);
    assert.match(answer["remedy"]!, /cuda, webgpu, native, wasm, cpu/);
    assert.equal(answer["now"], "cpu");
  });
});
