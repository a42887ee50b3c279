/** Boxes by falling score that overlap no chosen one beyond the threshold; `sigma` lowers scores instead (non_max_suppression_op.cc). */
export function chooseBoxes(
  boxes: ArrayLike<number> | ((i: number, j: number) => number),
  scores: ArrayLike<number>,
  most: number,
  overlap: number,
  least: number,
  sigma = 0,
): { index: number; score: number }[] {
  const overlapOf = typeof boxes === "function" ? boxes : (i: number, j: number) => intersection(boxes, i, j);
  const open = Array.from(scores).flatMap((score, index) =>
    score > least ? [{ index, score, seen: 0 }] : [],
  );
  open.sort((a, b) => a.score - b.score || b.index - a.index);
  const chosen: { index: number; score: number }[] = [];
  while (chosen.length < most && open.length > 0) {
    const candidate = open.pop()!;
    const original = candidate.score;
    let dropped = false;
    for (let j = chosen.length - 1; j >= candidate.seen; j--) {
      const shared = overlapOf(candidate.index, chosen[j]!.index);
      if (sigma === 0 && shared > overlap) {
        dropped = true;
        break;
      }
      if (sigma > 0) candidate.score *= Math.exp((-0.5 * shared * shared) / sigma);
      if (candidate.score <= least) break;
    }
    candidate.seen = chosen.length;
    if (dropped) continue;
    if (candidate.score === original) chosen.push({ index: candidate.index, score: candidate.score });
    else if (candidate.score > least) {
      const at = open.findIndex(
        ({ score, index }) =>
          score > candidate.score || (score === candidate.score && index < candidate.index),
      );
      open.splice(at < 0 ? open.length : at, 0, candidate);
    }
  }
  return chosen;
}

/** Intersection over union of two boxes, whichever corners they are given by. */
function intersection(boxes: ArrayLike<number>, i: number, j: number): number {
  const corners = (at: number): [number, number, number, number] => {
    const [a, b, c, d] = [0, 1, 2, 3].map((i) => boxes[4 * at + i]!) as [number, number, number, number];
    return [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)];
  };
  const [ay, ax, by, bx] = corners(i);
  const [cy, cx, dy, dx] = corners(j);
  const areas = [(by - ay) * (bx - ax), (dy - cy) * (dx - cx)] as const;
  if (areas[0] <= 0 || areas[1] <= 0) return 0;
  const shared =
    Math.max(0, Math.min(by, dy) - Math.max(ay, cy)) * Math.max(0, Math.min(bx, dx) - Math.max(ax, cx));
  return shared / (areas[0] + areas[1] - shared);
}
