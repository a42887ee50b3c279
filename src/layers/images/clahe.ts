import * as tf from "@tensorflow/tfjs";

const LEVELS = 256;

/**
 * Contrast limited adaptive histogram equalization of images [batch, height, width, channels] with values 0 to 255
 * (clahe.py): one table of levels a tile, blended between the centres of the four nearest tiles.
 */
export function equalizedByTiles(
  images: tf.Tensor,
  limit: number,
  [gridRows, gridColumns]: readonly [number, number],
): tf.Tensor {
  const [batch, height, width, channels] = images.shape as [number, number, number, number];
  const [tall, wide] = [Math.ceil(height / gridRows), Math.ceil(width / gridColumns)];
  const data = images.dataSync();
  const result = new Float32Array(data.length);
  const level = (value: number) => Math.trunc(Math.min(Math.max(value, 0), 255));
  const rows = blends(height, tall, gridRows);
  const columns = blends(width, wide, gridColumns);
  for (let image = 0; image < batch; image++) {
    for (let channel = 0; channel < channels; channel++) {
      const at = (y: number, x: number) => ((image * height + y) * width + x) * channels + channel;
      const tables = Array.from({ length: gridRows * gridColumns }, (_, tile) => {
        const [top, left] = [Math.floor(tile / gridColumns) * tall, (tile % gridColumns) * wide];
        const counts = new Float32Array(LEVELS);
        for (let y = top; y < top + tall; y++) {
          for (let x = left; x < left + wide; x++) {
            counts[level(data[at(mirrored(y, height), mirrored(x, width))]!)]!++;
          }
        }
        return levelTable(counts, limit, tall * wide);
      });
      for (const [y, row] of rows.entries()) {
        for (const [x, column] of columns.entries()) {
          const from = level(data[at(y, x)]!);
          const blend = (tileRow: number) => {
            const table = (tileColumn: number) => tables[tileRow * gridColumns + tileColumn]![from]!;
            return table(column.low) * (1 - column.share) + table(column.high) * column.share;
          };
          result[at(y, x)] = blend(row.low) * (1 - row.share) + blend(row.high) * row.share;
        }
      }
    }
  }
  return tf.tensor(result, images.shape);
}

/** The two tiles that each pixel of an axis lies between, and the share of the second. */
function blends(length: number, tile: number, count: number): { low: number; high: number; share: number }[] {
  const inside = (index: number) => Math.min(Math.max(index, 0), count - 1);
  return Array.from({ length }, (_, i) => {
    const place = (i - tile / 2) / tile;
    const low = Math.floor(place);
    return { low: inside(low), high: inside(low + 1), share: place - low };
  });
}

/** An index beyond the end counts back, the last element twice. */
function mirrored(index: number, length: number): number {
  return index < length ? index : Math.max(2 * length - 1 - index, 0);
}

/** Where each level goes: the summed histogram, what is above the limit spread over all levels. */
function levelTable(counts: Float32Array, limit: number, size: number): Float32Array {
  const most = limit > 0 ? (limit * size) / LEVELS : Infinity;
  const excess = counts.reduce((sum, count) => sum + Math.max(count - most, 0), 0);
  let sum = 0;
  const reached = Array.from(counts, (count) => (sum += Math.min(count, most) + excess / LEVELS));
  const least = reached[0]!;
  const span = size - least || 1;
  return Float32Array.from(reached, (value) => Math.min(Math.max(((value - least) * 255) / span, 0), 255));
}
