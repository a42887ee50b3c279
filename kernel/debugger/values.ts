import type { Runtime } from "node:inspector";
import { DebugFailure, type Variable } from "./dap.js";
import { asArgument, type Inspector, LOOK } from "./inspector.js";
import type { DescribedValue } from "./main-thread/target.js";
import type { Pauses } from "./pauses.js";

/** Part of the answer to `Runtime.getProperties` that Node's types leave out. */
interface PrivateProperties {
  readonly privateProperties?: readonly HiddenProperty[];
  readonly internalProperties?: readonly HiddenProperty[];
}

interface HiddenProperty {
  readonly name: string;
  readonly value?: Runtime.RemoteObject;
}

/** The values that front ends look into and set: of the stopped code's frames, and of the notebook. */
export class Values {
  constructor(
    private readonly inspector: Inspector,
    private readonly pauses: Pauses,
  ) {}

  async variables(reference: number, start?: number, count?: number): Promise<{ variables: Variable[] }> {
    const values = [reference, start ?? 0, count].map((plain) => ({ plain }));
    const variables = await this.inspector.call<Variable[]>("variables", ...values);
    return { variables: start ? variables : [...(await this.#privateFields(reference)), ...variables] };
  }

  /** `#name` of a class's objects and the result of a promise, which only V8 sees. */
  async #privateFields(reference: number): Promise<Variable[]> {
    const object = await this.inspector.callForObject("instance", { value: reference });
    if (!object.objectId) return [];
    const { privateProperties = [], internalProperties = [] } = await this.inspector.post<PrivateProperties>(
      "Runtime.getProperties",
      { objectId: object.objectId, ownProperties: true },
    );
    const fields: Variable[] = [];
    const results = internalProperties.filter(({ name }) => name === "[[PromiseResult]]");
    for (const { name, value } of [...privateProperties, ...results])
      if (value)
        fields.push({ name, ...(await this.inspector.call<DescribedValue>("describe", asArgument(value))) });
    await this.inspector.post("Runtime.releaseObjectGroup", { objectGroup: LOOK });
    return fields;
  }

  /** https://microsoft.github.io/debug-adapter-protocol/specification#Requests_SetVariable */
  async setVariable(reference: number, name: string, text: string): Promise<DescribedValue> {
    if (text.trim() === "") throw new DebugFailure(`There is no value for '${name}'.`);
    const { stack } = this.pauses;
    const scope = stack?.scopeReferences.get(reference);
    const value = asArgument(await this.#evaluated(text, scope?.frameId));
    if (stack && scope) await stack.setVariable(scope, name, value);
    else return this.inspector.call<DescribedValue>("assign", { value: reference }, { value: name }, value);
    return this.inspector.call<DescribedValue>("describe", value);
  }

  async evaluate(text: string, frameId: number | undefined, context: string | undefined) {
    const result = await this.#evaluated(text, frameId, context === "hover");
    const { value, type, variablesReference } = await this.inspector.call<DescribedValue>(
      "describe",
      asArgument(result),
    );
    return { result: value, type, variablesReference };
  }

  async #evaluated(text: string, frameId: number | undefined, pure = false): Promise<Runtime.RemoteObject> {
    if (this.pauses.stack) return this.pauses.stack.evaluate(text, frameId, { pure });
    throw new DebugFailure("Nothing is stopped: run the expression in a cell.");
  }

  /** The notebook's variables, with the debugger off too. */
  async inspectVariables() {
    const reference = await this.inspector.call<number>("notebook");
    return this.variables(reference);
  }

  async richInspectVariables(name: string, frameId: number | undefined) {
    const stack = this.pauses.stack;
    if (!stack) return this.inspector.call("rich", { value: name });
    const remote = await stack.evaluate(name, frameId);
    return this.inspector.call("richValue", asArgument(remote));
  }

  async copyToGlobals(from: string, to: string, frameId: number | undefined): Promise<void> {
    const stack = this.pauses.stack;
    if (!stack) throw new DebugFailure("Nothing is stopped: there is nothing to copy from.");
    const remote = await stack.evaluate(from, frameId);
    await this.inspector.call("assignGlobal", { value: to }, asArgument(remote));
  }
}
