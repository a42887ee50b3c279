import process from "node:process";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { basename } from "node:path";
import { promisify } from "node:util";
import { jupyterDataFolders, userDataFolder } from "./jupyter-paths.js";
import { kernelspecFolder, readKernelspec } from "./kernelspec.js";
import { builtEntry, labextensionFolder, readLabextension } from "./labextension.js";
import { commandLine } from "../../src/command-line.js";

const run = promisify(execFile);

/** One thing that the kernel needs, as it was found on this machine. */
export interface Finding {
  readonly what: string;
  /** False where the kernel does not work without it; `optional` where it only works better with it. */
  readonly ok: boolean | "optional";
  readonly found: string;
  /** What to do about it; empty when nothing is to be done. */
  readonly advice: string;
}

/** Looks at everything between Jupyter and a running kernel. */
export async function examine(): Promise<Finding[]> {
  const jupyter = await jupyterDataFolders();
  const dataFolders = jupyter ?? [userDataFolder()];
  return [
    examineNode(),
    await examineJupyter(),
    ...(await examineKernelspecs(dataFolders)),
    await examineLabextension(dataFolders),
    await examineSockets(),
    ...(await examineBackends()),
  ];
}

function examineNode(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const ok = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major >= 24;
  const advice = ok ? "" : "Install Node 20.19, 22.12, 24 or newer from https://nodejs.org";
  return { what: "Node", ok, found: `${process.versions.node} at ${process.execPath}`, advice };
}

async function examineJupyter(): Promise<Finding> {
  try {
    const { stdout } = await run("jupyter", ["--version"]);
    const versions = [
      ...stdout.matchAll(/^(jupyterlab|notebook|jupyter_server|jupyter_client)\s*: (\d\S*)/gm),
    ];
    const found = versions.map(([, name, version]) => `${name} ${version}`).join(", ");
    return { what: "Jupyter", ok: true, found, advice: "" };
  } catch {
    const advice = "pip install jupyterlab, or start the one of a checkout by npm start";
    return { what: "Jupyter", ok: false, found: "no jupyter program on the PATH", advice };
  }
}

async function examineKernelspecs(dataFolders: readonly string[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const dataFolder of dataFolders) {
    const spec = await readKernelspec(dataFolder);
    if (spec === null) continue;
    const missing = spec.argv.filter((part, i) => (i === 0 || part.endsWith(".js")) && !existsSync(part));
    const found =
      missing.length === 0
        ? kernelspecFolder(dataFolder)
        : `${kernelspecFolder(dataFolder)} starts ${missing.join(", ")}, which is gone`;
    const advice =
      missing.length === 0 ? "" : `${commandLine("install")} (with the same place options) writes it again`;
    findings.push({ what: "Kernelspec", ok: missing.length === 0, found, advice });
  }
  if (findings.length > 0) return findings;
  const found = `none in ${dataFolders.join(", ")}`;
  return [{ what: "Kernelspec", ok: false, found, advice: commandLine("install") }];
}

/** JupyterLab takes the first that it finds; without it the cards are there, but have no buttons. */
async function examineLabextension(dataFolders: readonly string[]): Promise<Finding> {
  const what = "Extension";
  const advice = `${commandLine("install")} (with the same place options) writes it`;
  for (const dataFolder of dataFolders) {
    const installed = await readLabextension(dataFolder);
    if (installed === null) continue;
    const folder = labextensionFolder(dataFolder);
    const built = await builtEntry();
    if (!existsSync(installed.entry))
      return { what, ok: false, found: `${folder} names ${installed.entry}, which is gone`, advice };
    const isOther = built !== null && !installed.entry.endsWith(basename(built));
    const found = `${folder}, version ${installed.version}${isOther ? ", not the one of this loadlab" : ""}`;
    return { what, ok: isOther ? "optional" : true, found, advice: isOther ? advice : "" };
  }
  return { what, ok: "optional", found: "cards in JupyterLab have no buttons", advice };
}

/** What tensors can be computed with, in the order in which the kernel tries them. */
async function examineBackends(): Promise<Finding[]> {
  const { BACKENDS, BACKEND_VARIABLE } = await import("../../src/runtime/choose.js");
  const findings: Finding[] = [];
  const named = process.env[BACKEND_VARIABLE];
  const names: readonly string[] = [...BACKENDS.keys()];
  if (named && !names.includes(named)) {
    const found = `names "${named}", and there is no such back end`;
    const advice = `one of ${names.join(", ")}, or unset it for the first that works`;
    findings.push({ what: BACKEND_VARIABLE, ok: false, found, advice });
  }
  for (const { name, examine } of BACKENDS.values()) {
    const examined = await examine();
    findings.push(
      examined.usable
        ? { what: name, ok: true, found: examined.found, advice: "" }
        : { what: name, ok: "optional", found: examined.why, advice: examined.remedy },
    );
  }
  return findings;
}

/** ZeroMQ is the one native part of the kernel: loading it shows whether this platform has a build of it. */
async function examineSockets(): Promise<Finding> {
  try {
    const { version } = await import("zeromq");
    return { what: "ZeroMQ", ok: true, found: version, advice: "" };
  } catch (error) {
    const advice = "npm rebuild zeromq; it needs a C++ compiler and CMake where no build is ready-made";
    return { what: "ZeroMQ", ok: false, found: (error as Error).message, advice };
  }
}
