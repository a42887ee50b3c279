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

/** nvidia-smi where the PATH does not lead: in WSL2, and in Kubernetes. */
const OTHER_PLACES = ["usr/lib/wsl/lib/nvidia-smi", "usr/local/nvidia/bin/nvidia-smi"];

/** @param root the folder that holds `proc` and `dev` */
export function nvidiaDriver(env: NodeJS.ProcessEnv = process.env, root = "/"): NvidiaDriver {
  const kernelModule = existsSync(join(root, "proc/driver/nvidia/version"));
  const devices = existsSync(join(root, "dev/nvidiactl"));
  // WSL2: the driver is that of Windows. A sandbox with a kernel of its own (gVisor) has the devices alone.
  if (!kernelModule && !devices && !existsSync(join(root, "dev/dxg")))
    return none("No NVIDIA driver is loaded.", INSTALL);
  const asked = askDriver(
    env,
    OTHER_PLACES.map((place) => join(root, place)),
  );
  if (typeof asked !== "string" && asked.length > 0) return { gpus: asked, fault: null };
  if (/version mismatch/i.test(String(asked))) {
    return none("The NVIDIA driver was replaced while the old one is still loaded.", "restart the machine");
  }
  if (!kernelModule) {
    return devices
      ? none("The devices of an NVIDIA GPU are here, and nvidia-smi does not answer.", "nvidia-smi says more")
      : none("No NVIDIA driver is loaded.", INSTALL);
  }
  if (!devices) {
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
function askDriver(env: NodeJS.ProcessEnv, otherPlaces: readonly string[]): NvidiaGpu[] | string {
  let said = "";
  // Drivers before 510 do not know the last word, and then tell nothing at all.
  for (const words of [WORDS, WORDS.slice(0, -1)]) {
    const query = [`--query-gpu=${words.join(",")}`, "--format=csv,noheader,nounits"];
    for (const program of ["nvidia-smi", ...otherPlaces]) {
      try {
        const options = { encoding: "utf8", timeout: PATIENCE_MS, stdio: "pipe", env } as const;
        return execFileSync(program, query, options).trim().split("\n").flatMap(readGpu);
      } catch (error) {
        const { code, stdout = "", stderr = "" } = error as NodeJS.ErrnoException & Said;
        if (code === "ETIMEDOUT") return said;
        said += stdout + stderr;
      }
    }
  }
  return said;
}

interface Said {
  readonly stdout?: string;
  readonly stderr?: string;
}

/** A driver that nothing keeps awake (nvidia-persistenced) wakes each GPU first, some two seconds for one. */
const PATIENCE_MS = 30_000;

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
