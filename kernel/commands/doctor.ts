import { examine, type Finding } from "../install/examination.js";
import type { Command } from "./command.js";

export const doctor: Command = {
  name: "doctor",
  summary: "Say whether everything that the kernel needs is there, and what to do where it is not.",
  options: [{ name: "json", summary: "print the findings as JSON" }],
  async run({ options }) {
    const findings = await examine();
    console.log(options["json"] === true ? JSON.stringify(findings, null, 2) : findings.map(line).join("\n"));
    return findings.some(({ ok }) => ok === false) ? 1 : 0;
  },
};

function line({ what, ok, found, advice }: Finding): string {
  const state = ok === true ? "ok" : ok === false ? "wrong" : "absent";
  const first = `${state.padEnd(6)}  ${what.padEnd(10)}  ${found}`;
  return advice === "" ? first : `${first}\n${" ".repeat(20)}-> ${advice}`;
}
