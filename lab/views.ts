import { problemCard } from "./problem-card/view.js";
import type { View } from "./view.js";

/** What is shown by the extension instead of the HTML that comes with it. */
export const VIEWS: readonly View[] = [problemCard as View];
