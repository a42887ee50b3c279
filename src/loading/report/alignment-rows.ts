import { permutedShapes, sameShapes } from "../../keras/align-layers.js";
import type { AlignedLayer, AlignmentRow } from "../problem.js";

/** A row of the alignment with what differs. */
export function compared({
  model,
  file,
}: {
  readonly model: AlignedLayer | null;
  readonly file: AlignedLayer | null;
}): AlignmentRow {
  if (model === null) return { model, file, difference: "file" };
  if (file === null) return { model, file, difference: "model" };
  if (sameShapes(model.shapes, file.shapes))
    return { model, file, difference: model.name === file.name ? "same" : "name" };
  return { model, file, difference: permutedShapes(model.shapes, file.shapes) ? "layout" : "shape" };
}
