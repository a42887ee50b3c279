import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** An NVIDIA GPU as its driver describes it. */
export interface NvidiaGpu {
  readonly name: string;
  /** `GPU-8c3f...`; null where nvidia-smi is missing. */
  readonly uuid: string | null;
  /** `535.104.05` */
  readonly driver: string;
  /** Bytes. */
  readonly memory: number | null;
  /** Compute capability, `8.6`; null where the driver does not tell it. */
  readonly capability: string | null;
}

/** What the driver of this machine says, TensorFlow unasked. */
export interface NvidiaDriver {
  /** In the order of the PCI bus, as nvidia-smi counts them. */
  readonly gpus: readonly NvidiaGpu[];
  /** Why no GPU can be used; null when one can, as far as the driver knows. */
  readonly fault: { readonly why: string; readonly remedy: string } | null;
}

const INSTALL = "install the NVIDIA driver (525.60 or newer); nvidia-smi then lists the GPU";

/** @param root the folder that holds `proc` and `dev` */
export function nvidiaDriver(env: NodeJS.ProcessEnv = process.env, root = "/"): NvidiaDriver {
  const kernelModule = existsSync(join(root, "proc/driver/nvidia/version"));
  // WSL2: the driver is that of Windows.
  if (!kernelModule && !existsSync(join(root, "dev/dxg")))
    return none("No NVIDIA driver is loaded.", INSTALL);
  const asked = askDriver(env, join(root, "usr/lib/wsl/lib/nvidia-smi"));
  if (typeof asked !== "string" && asked.length > 0) return { gpus: asked, fault: null };
  if (/version mismatch/i.test(String(asked))) {
    return none("The NVIDIA driver was replaced while the old one is still loaded.", "restart the machine");
  }
  if (!kernelModule) return none("No NVIDIA driver is loaded.", INSTALL);
  if (!existsSync(join(root, "dev/nvidiactl"))) {
    return none(
      "The machine has an NVIDIA driver, but its devices (/dev/nvidiactl) are not to be seen here, as in a container that was started without them.",
      "start the container with --gpus all (NVIDIA Container Toolkit)",
    );
  }
  const gpus = gpusOfKernelModule(join(root, "proc/driver/nvidia"));
  return gpus.length > 0
    ? { gpus, fault: null }
    : none("The NVIDIA driver is loaded and finds no GPU.", "nvidia-smi says more");
}

function none(why: string, remedy: string): NvidiaDriver {
  return { gpus: [], fault: { why, remedy } };
}

/** @returns what nvidia-smi lists, or what it said instead; empty without one. */
function askDriver(env: NodeJS.ProcessEnv, ofWsl: string): NvidiaGpu[] | string {
  let said = "";
  // Drivers before 510 do not know the last word, and then tell nothing at all.
  for (const words of [WORDS, WORDS.slice(0, -1)]) {
    const query = [`--query-gpu=${words.join(",")}`, "--format=csv,noheader,nounits"];
    for (const program of ["nvidia-smi", ofWsl]) {
      try {
        const options = { encoding: "utf8", timeout: 5000, stdio: "pipe", env } as const;
        return execFileSync(program, query, options).trim().split("\n").flatMap(readGpu);
      } catch (error) {
        const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
        said += stdout + stderr;
      }
    }
  }
  return said;
}

const WORDS = ["name", "uuid", "driver_version", "memory.total", "compute_cap"];

/** A line of values; of anything else that it may say, nothing. */
function readGpu(line: string): NvidiaGpu[] {
  const [name = "", uuid = "", driver = "", mebibytes = "", capability = ""] = line
    .split(",")
    .map((word) => word.trim());
  if (!uuid.startsWith("GPU-") && !/^\d/.test(driver)) return [];
  return [
    {
      name,
      uuid: uuid || null,
      driver,
      memory: /^\d+$/.test(mebibytes) ? Number(mebibytes) * 2 ** 20 : null,
      capability: /^\d+\.\d+$/.test(capability) ? capability : null,
    },
  ];
}

/** Without nvidia-smi (containers leave it out): the kernel module lists its devices, by their place on the bus. */
function gpusOfKernelModule(folder: string): NvidiaGpu[] {
  const driver = /\s(\d+\.\d+(?:\.\d+)?)\s/.exec(readFileSync(join(folder, "version"), "utf8"))?.[1];
  const root = join(folder, "gpus");
  return (existsSync(root) ? readdirSync(root).sort() : []).map((bus) => {
    const described = readFileSync(join(root, bus, "information"), "utf8");
    const [, name = "NVIDIA GPU"] = /^Model:\s*(.+)$/m.exec(described) ?? [];
    const [, uuid = null] = /^GPU UUID:\s*(GPU-\S+)$/m.exec(described) ?? [];
    return { name, uuid, driver: driver ?? "unknown", memory: null, capability: null };
  });
}
