import { Kernel, type KernelOptions } from "../../kernel/kernel.js";
import { bindSockets } from "../../kernel/wire/bind.js";
import type { ConnectionInfo } from "../../kernel/wire/connection-file.js";
import { freeConnection, TestClient } from "./client.js";

export const ECHO_ENGINE = new URL("./echo-engine.js", import.meta.url).href;

/** A kernel in this process with a client, and how to end both. */
export async function startKernel(
  options: KernelOptions = {},
  transport: Partial<ConnectionInfo> = {},
  limits: { readonly maxMessageBytes?: number } = {},
) {
  const connection = { ...(await freeConnection()), ...transport };
  const logged: string[] = [];
  const kernel = Kernel.start(await bindSockets(connection, limits), {
    engine: ECHO_ENGINE,
    log: (text) => logged.push(text),
    ...options,
  });
  const client = await TestClient.connect(connection);
  const stop = async () => {
    client.close();
    await kernel.close();
  };
  return { kernel, client, logged, stop };
}
