import type { LayerDefinition } from "../../layers/registry.js";
import { parseShape } from "./shape-argument.js";

/** One for each definition and shape: that it is the same says that nothing has to be made anew. */
const shaped = new WeakMap<LayerDefinition, Map<string, LayerDefinition>>();

/** A definition whose layers have an output shape that the user said. */
export function withOutputShape(definition: LayerDefinition, text: string): LayerDefinition {
  const known = shaped.get(definition) ?? new Map<string, LayerDefinition>();
  shaped.set(definition, known);
  let made = known.get(text);
  if (!made) {
    const shape = parseShape(text);
    made = {
      ...definition,
      create(spec, context) {
        const layer = definition.create(spec, context);
        layer.computeOutputShape = () => shape;
        return layer;
      },
    };
    known.set(text, made);
  }
  return made;
}
