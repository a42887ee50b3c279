import { randomUUID } from "node:crypto";
import { BadRequest, stringField } from "./content.js";
import type { Handler } from "./handler.js";

/**
 * A queue of its own beside the main one: its cells run while a cell of another queue awaits something.
 * https://jupyter-client.readthedocs.io/en/stable/messaging.html#create-subshell
 */
export const createSubshell: Handler = (kernel) => {
  const subshell_id = randomUUID();
  kernel.openSubshell(subshell_id);
  return { status: "ok", subshell_id };
};

/** https://jupyter-client.readthedocs.io/en/stable/messaging.html#delete-subshell */
export const deleteSubshell: Handler = (kernel, { message: { content } }) => {
  const id = stringField(content, "subshell_id");
  if (!kernel.closeSubshell(id)) throw new BadRequest(`There is no subshell ${id}`);
  return { status: "ok" };
};

/** https://jupyter-client.readthedocs.io/en/stable/messaging.html#list-subshells */
export const listSubshells: Handler = (kernel) => ({ status: "ok", subshell_id: kernel.subshells });
