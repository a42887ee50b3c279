import {
  type Kernel,
  KernelManager,
  type KernelMessage,
  ServerConnection,
  SessionManager,
} from "@jupyterlab/services";
import { join } from "node:path";
import WebSocket from "ws";
import { JupyterServer, requireJupyter, root } from "./jupyter-server.js";
import { assertOutputs, codeCells, type Output, readNotebook, sourceOf } from "./notebook.js";

const NOTEBOOK = "first-light.ipynb";
const notebooks = join(root, "notebooks");

describe("JupyterLab's client, on a real Jupyter Server", function () {
  this.timeout(120_000);
  let server: JupyterServer | undefined;
  let kernels: KernelManager | undefined;
  let sessions: SessionManager | undefined;
  let kernel: Kernel.IKernelConnection;

  before(async function () {
    server = await JupyterServer.start(requireJupyter(this), notebooks);
    const serverSettings = ServerConnection.makeSettings({
      baseUrl: server.url,
      wsUrl: server.url.replace("http", "ws"),
      token: server.token,
      WebSocket: WebSocket as unknown as typeof globalThis.WebSocket,
      appendToken: true,
    });
    kernels = new KernelManager({ serverSettings });
    sessions = new SessionManager({ serverSettings, kernelManager: kernels });
    const options = { path: NOTEBOOK, name: NOTEBOOK, type: "notebook", kernel: { name: "loadlab" } };
    kernel = (await sessions.startNew(options)).kernel!;
  });

  after(async () => {
    await sessions?.shutdownAll();
    sessions?.dispose();
    kernels?.dispose();
    await server?.stop();
  });

  it("runs first-light.ipynb with the outputs that the notebook shows", async () => {
    for (const cell of codeCells(readNotebook(join(notebooks, NOTEBOOK)))) {
      assertOutputs(await run(kernel, sourceOf(cell)), cell);
    }
  });
});

/** Executes a cell and returns its outputs as a notebook would store them. */
async function run(kernel: Kernel.IKernelConnection, code: string): Promise<Output[]> {
  const future = kernel.requestExecute({ code, stop_on_error: false });
  const outputs: Output[] = [];
  future.onIOPub = ({ header, content }: KernelMessage.IIOPubMessage) => {
    if (["stream", "display_data", "execute_result", "error"].includes(header.msg_type)) {
      outputs.push({ output_type: header.msg_type, ...(content as object) });
    }
  };
  await future.done;
  future.dispose();
  return outputs;
}
