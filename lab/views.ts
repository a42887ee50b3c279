import { modelGraph } from "./graph/view.js";
import { problemCard } from "./problem-card/view.js";
import { profile } from "./profile/view.js";
import { layerSummary } from "./summary/view.js";
import { tensor } from "./tensor/view.js";
import type { View } from "./view.js";

/** What is shown by the extension instead of the HTML that comes with it. */
export const VIEWS: readonly View[] = [
  problemCard as View,
  layerSummary as View,
  modelGraph as View,
  tensor as View,
  profile as View,
];
