import { Kernel } from "../../kernel/kernel.js";
import { freeConnection, TestClient } from "./client.js";

export const ECHO_ENGINE = new URL("./echo-engine.js", import.meta.url).href;

/** A kernel in this process with a client, and how to end both. */
export async function startKernel(engine = ECHO_ENGINE) {
  const connection = await freeConnection();
  const kernel = await Kernel.start(connection, { engine });
  const client = await TestClient.connect(connection);
  const stop = async () => {
    client.close();
    await kernel.close();
  };
  return { kernel, client, stop };
}
