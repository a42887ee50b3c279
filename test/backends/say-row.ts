import type { Row } from "./document.js";

/** Prints how a back end did, and each thing that it computes wrongly. */
export function sayRow({ backend, device, verdicts }: Row): void {
  console.log(`${backend} on ${device.device}${device.driver ? ` (${device.driver})` : ""}`);
  for (const [kind, { right, wrong, raised }] of Object.entries(verdicts)) {
    console.log(`  ${kind}: ${right} right, ${wrong.length} silently wrong, ${raised.length} raised`);
    for (const line of wrong) console.log(`    WRONG ${line}`);
  }
}
