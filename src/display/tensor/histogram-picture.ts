import { html, type Html } from "../html.js";
import { shortNumber, type Histogram } from "./tensor-statistics.js";

const HEIGHT = 18;
const BAR = 4;

/**
 * A histogram as a small picture. An `img`: inline SVG does not pass JupyterLab's sanitiser. Its colour reads on white
 * and on black.
 */
export function histogramPicture({ from, to, counts }: Histogram, zoom = 1): Html {
  const most = Math.max(...counts);
  const bars = counts.map((number, i) => {
    const height = number === 0 ? 0 : Math.max(1, Math.round((number / most) * HEIGHT));
    return height === 0 ? "" : `M${i * BAR} ${HEIGHT}v-${height}h${BAR - 1}v${height}z`;
  });
  const width = counts.length * BAR;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${HEIGHT}"><path fill="#4a8fd4" d="${bars.join("")}"/></svg>`;
  const fullest = counts.indexOf(most);
  const step = (to - from) / counts.length;
  const alt = `Histogram from ${shortNumber(from)} to ${shortNumber(to)}, most values around ${shortNumber(from + (fullest + 0.5) * step)}`;
  const style = "vertical-align:middle;max-width:none";
  return html`<img
    src="data:image/svg+xml,${encodeURIComponent(svg)}"
    alt="${alt}"
    title="${alt}"
    width="${width * zoom}"
    height="${HEIGHT * zoom}"
    style="${style}"
  />`;
}
