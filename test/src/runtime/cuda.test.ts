import { strict as assert } from "node:assert";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import process from "node:process";
import { changed } from "../../../src/runtime/native/backend.js";
import { buildOf, chooseGpu } from "../../../src/runtime/native/choose-gpu.js";
import {
  cudaToolsOnPath,
  neededLibraries,
  openCudaLibraries,
} from "../../../src/runtime/native/cuda-libraries.js";
import type { PythonTensorFlow } from "../../../src/runtime/native/find-tensorflow.js";
import { nvidiaDriver } from "../../../src/runtime/native/nvidia-driver.js";

/** Files as a driver leaves them, and a program in the place of nvidia-smi: no GPU is needed. */
describe("which NVIDIA GPU computes, and why none does", () => {
  let scratch: string;
  beforeEach(function () {
    if (process.platform !== "linux") {
      console.log("      skipped: TensorFlow supports NVIDIA GPUs on Linux alone");
      return this.skip();
    }
    scratch = mkdtempSync(join(tmpdir(), "loadlab-cuda-"));
  });
  afterEach(() => {
    if (scratch) rmSync(scratch, { recursive: true, force: true });
  });

  const MODULE = "NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.104.05  Sat Aug 19 01:15:15 UTC 2023\n";
  const A4000 = "NVIDIA RTX A4000, GPU-11, 535.104.05, 16376, 8.6";

  function write(path: string, text = "", mode?: number): void {
    mkdirSync(dirname(join(scratch, path)), { recursive: true });
    writeFileSync(join(scratch, path), text, { mode });
  }

  /** @param answer by the words of the query, what nvidia-smi writes; @param code its exit status */
  function driver(answer: string | null, code = 0, { devices = true, loaded = true } = {}) {
    if (loaded) write("proc/driver/nvidia/version", MODULE);
    if (devices) write("dev/nvidiactl");
    if (answer !== null)
      write("bin/nvidia-smi", `#!/bin/sh\n/bin/cat <<'X'\n${answer}\nX\nexit ${code}\n`, 0o755);
    return nvidiaDriver({ PATH: join(scratch, "bin") }, scratch);
  }

  function tensorflow(more: Partial<PythonTensorFlow> = {}): PythonTensorFlow {
    const build = {
      cuda: "12.5.1",
      cudnn: "9",
      capabilities: ["sm_60", "sm_70", "sm_80", "sm_89", "compute_90"],
    };
    return {
      python: "python",
      version: "2.21.0",
      folder: scratch,
      cuda: true,
      build,
      nvidiaFolders: [],
      ...more,
    };
  }

  it("reads what nvidia-smi lists", () => {
    const { gpus, fault } = driver(`${A4000}\nTesla T4, GPU-22, 535.104.05, [N/A], 7.5`);
    assert.equal(fault, null);
    assert.deepEqual(gpus[0], {
      name: "NVIDIA RTX A4000",
      uuid: "GPU-11",
      driver: "535.104.05",
      memory: 16376 * 2 ** 20,
      capability: "8.6",
    });
    assert.equal(gpus[1]!.memory, null);
  });

  it("asks where a sandbox shows the devices alone, and in the folder of Kubernetes", () => {
    assert.equal(driver(A4000, 0, { loaded: false }).gpus[0]!.name, "NVIDIA RTX A4000");
    write("usr/local/nvidia/bin/nvidia-smi", `#!/bin/sh\necho '${A4000}'\n`, 0o755);
    assert.equal(nvidiaDriver({ PATH: "" }, scratch).gpus[0]!.uuid, "GPU-11");
  });

  it("asks an older driver again, without the word that it does not know", () => {
    write("proc/driver/nvidia/version", MODULE);
    const script = `case "$1" in *compute_cap*) echo 'Field "compute_cap" is not a valid field to query.'; exit 2;; esac\necho 'Tesla K80, GPU-1, 470.82.01, 11441'`;
    write("bin/nvidia-smi", `#!/bin/sh\n${script}\n`, 0o755);
    const [gpu] = nvidiaDriver({ PATH: join(scratch, "bin") }, scratch).gpus;
    assert.equal(gpu!.name, "Tesla K80");
    assert.equal(gpu!.capability, null);
  });

  for (const [name, made, why, remedy] of [
    [
      "no driver",
      () => driver(A4000, 0, { loaded: false, devices: false }),
      /No NVIDIA driver is loaded/,
      /install/,
    ],
    [
      "devices without a driver to ask",
      () => driver(null, 0, { loaded: false }),
      /devices of an NVIDIA GPU are here, and nvidia-smi does not answer/,
      /nvidia-smi/,
    ],
    [
      "a driver that was replaced",
      () => driver("Failed to initialize NVML: Driver/library version mismatch", 18),
      /replaced while the old one is still loaded/,
      /restart the machine/,
    ],
    ["no device on the bus", () => driver("No devices were found", 6), /finds no GPU/, /nvidia-smi/],
    [
      "a container without its devices",
      () => driver(null, 0, { devices: false }),
      /not to be seen here, as in a container/,
      /--gpus all/,
    ],
  ] as const) {
    it(`says so of ${name}`, () => {
      const { gpus, fault } = made();
      assert.deepEqual(gpus, []);
      assert.match(fault!.why, why);
      assert.match(fault!.remedy, remedy);
      assert.deepEqual(chooseGpu({ gpus, fault }, tensorflow(), undefined), fault);
    });
  }

  it("lists what the kernel module lists where nvidia-smi is missing", () => {
    write(
      "proc/driver/nvidia/gpus/0000:01:00.0/information",
      "Model: \t\t NVIDIA RTX A4000\nGPU UUID: \t GPU-33\n",
    );
    const { gpus } = driver(null);
    assert.deepEqual(gpus, [
      { name: "NVIDIA RTX A4000", uuid: "GPU-33", driver: "535.104.05", memory: null, capability: null },
    ]);
  });

  /** The reason against, or the name of the GPU. */
  function choice(lines: string, more: Partial<PythonTensorFlow> = {}, visible?: string): string {
    const chosen = chooseGpu(driver(lines), tensorflow(more), visible);
    return "why" in chosen ? chosen.why : `${chosen.gpu.name} ${chosen.visible}`;
  }

  it("takes the one with the most memory that TensorFlow has kernels for", () => {
    const lines = `Quadro K2200, GPU-1, 535.1, 80000, 5.0\n${A4000}\nTesla T4, GPU-22, 535.1, 15000, 7.5`;
    assert.equal(choice(lines), "NVIDIA RTX A4000 GPU-11");
    assert.equal(choice(lines, {}, "2"), "Tesla T4 null");
    assert.equal(choice(lines, {}, "GPU-22,1"), "NVIDIA RTX A4000 null");
    // As CUDA: the first that is none hides what comes after it.
    assert.equal(choice(lines, {}, "1,7,2"), "NVIDIA RTX A4000 null");
    assert.match(choice(lines, {}, "-1"), /^CUDA_VISIBLE_DEVICES=-1 hides the GPU/);
    assert.match(choice(lines, {}, ""), /^CUDA_VISIBLE_DEVICES= hides the GPU/);
    assert.match(
      choice(lines, {}, "0"),
      /no kernels for Quadro K2200: its compute capability is 5\.0, .* 6\.0 to 9\.0/,
    );
  });

  it("takes none that TensorFlow's kernels would have to be compiled for", () => {
    assert.match(
      choice("NVIDIA GeForce RTX 5090, GPU-1, 575.1, 32000, 12.0"),
      /no kernels for NVIDIA GeForce RTX 5090/,
    );
    assert.equal(choice("NVIDIA H100, GPU-1, 575.1, 80000, 9.0"), "NVIDIA H100 null");
  });

  it("tells a driver that is too old for the CUDA of this TensorFlow", () => {
    const line = "Tesla T4, GPU-1, 515.65.01, 15000, 7.5";
    assert.match(
      choice(line),
      /driver 515\.65\.01 is too old: TensorFlow 2\.21\.0 is built for CUDA 12\.5\.1, .* 525\.60\.13/,
    );
    assert.equal(choice(line, { version: "2.14.0", build: {} }), "Tesla T4 null");
    assert.match(choice(A4000, { build: { cuda: "13.0" } }), /needs 580\.65\.06 or newer/);
  });

  it("knows the libraries of each CUDA", () => {
    assert.deepEqual(
      ["2.13.0", "2.17.1", "2.18.0"].map((version) =>
        neededLibraries(tensorflow({ version, build: {} })).at(-1),
      ),
      ["libcudnn.so.8", "libcudnn.so.8", "libcudnn.so.9"],
    );
    assert.ok(neededLibraries(tensorflow({ version: "2.13.0", build: {} })).includes("libcudart.so.11.0"));
    assert.ok(neededLibraries(tensorflow({ build: { cuda: "13.0" } })).includes("libcudart.so.13"));
    assert.equal(buildOf(tensorflow({ version: "2.15.0", build: {} })).cuda, "12");
  });

  it("opens the wheels' libraries in an order that works, and names what is missing", () => {
    const libraries = [
      "cublas/lib/libcublas.so.12",
      "cublas/lib/libcublasLt.so.12",
      "cu13/lib/libcudart.so.12",
    ];
    for (const path of libraries) write(`nvidia/${path}`);
    const opened = new Set<string>();
    const open = (path: string) => {
      const name = path.split("/").at(-1)!;
      const there = path.includes("/") || opened.has(name);
      if (!there || (name === "libcublas.so.12" && !opened.has("libcublasLt.so.12"))) return "cannot open";
      opened.add(name);
      return null;
    };
    const found = tensorflow({ nvidiaFolders: [join(scratch, "nvidia")] });
    assert.deepEqual(openCudaLibraries(found, open), [
      "libcuda.so.1",
      "libcufft.so.11",
      "libcusolver.so.11",
      "libcusparse.so.12",
      "libcudnn.so.9",
    ]);
  });

  it("tells a TensorFlow that was changed after the binding was built on it", () => {
    const remark = (version: string, running: string) =>
      changed({ tensorflow: tensorflow({ version }) }, running).length;
    assert.deepEqual(
      [remark("2.16.2", "2.20.0"), remark("2.16.0rc0", "2.16.0-rc0"), remark("unknown", "2.20.0")],
      [1, 0, 0],
    );
  });

  it("finds the compiler for GPUs of the wheels, and keeps a flag apart from a folder with a space", () => {
    write("nvidia/cuda_nvcc/bin/ptxas");
    const env: NodeJS.ProcessEnv = { PATH: "there" };
    cudaToolsOnPath(tensorflow({ nvidiaFolders: [join(scratch, "nvidia")] }), env);
    const folder = join(scratch, "nvidia/cuda_nvcc");
    assert.equal(env["PATH"], `${join(folder, "bin")}${delimiter}there`);
    assert.equal(env["XLA_FLAGS"], `--xla_gpu_cuda_data_dir=${folder}`);
    write("a b/cu13/bin/ptxas");
    const other: NodeJS.ProcessEnv = {};
    cudaToolsOnPath(tensorflow({ nvidiaFolders: [join(scratch, "a b")] }), other);
    assert.equal(other["XLA_FLAGS"], undefined);
  });
});
