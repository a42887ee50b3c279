import Module, { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { uninterrupted } from "../../../src/uninterrupted.js";

/** Packages of which a process must have one copy only: models, layers and backends are registered in it. */
const OWN = /^(?:@tensorflow\/tfjs(?:-[a-z-]+)?|loadlab|tslab)(?=$|\/)/;

/** Builds of the same API with some functions more; the kernel's back ends take their place. */
const OF_NODE = /^@tensorflow\/tfjs-node(?:-gpu)?$/;
/** TensorFlow.js with some functions put right. */
const TFJS = fileURLToPath(new URL("../../../src/tfjs/index.js", import.meta.url));
const TFJS_NODE = fileURLToPath(new URL("../../../src/tfjs-node/index.js", import.meta.url));

/** The kernel and the library over TensorFlow.js itself, also where a package was loaded before them. */
const KERNEL = new URL("../../../", import.meta.url).href;

const require = createRequire(import.meta.url);

const files = new Map<string, string | undefined>();

/** The file of the kernel's own copy for a specifier that has to come from it; undefined for any other. */
export function kernelModule(specifier: string, by: "import" | "require" = "require"): string | undefined {
  if (!OWN.test(specifier)) return undefined;
  if (by === "import" && OF_NODE.test(specifier)) return TFJS_NODE;
  if (by === "import" && specifier === "@tensorflow/tfjs") return TFJS;
  if (!files.has(specifier)) {
    files.set(specifier, undefined); // the lookup itself comes here again when packages are redirected
    files.set(specifier, kernelFile(OF_NODE.test(specifier) ? "@tensorflow/tfjs" : specifier));
  }
  return files.get(specifier);
}

/** A cell that imports TensorFlow.js, or the library over it, finds a back end chosen and started. */
export async function beforeImport(specifier: string): Promise<void> {
  if (OWN.test(specifier) && specifier !== "tslab")
    await (await uninterrupted(() => import("../../../src/runtime/choose.js"))).ensureBackend();
}

/** Undefined where the kernel has no such package: the notebook's own copy is used, over the kernel's core. */
function kernelFile(specifier: string): string | undefined {
  if (specifier === "tslab") return fileURLToPath(new URL("./tslab.js", import.meta.url));
  try {
    return require.resolve(specifier);
  } catch {
    return undefined;
  }
}

/**
 * Lets packages that a notebook loads get the kernel's copies too, with `require` as with `import`.
 * Once per process; costs nothing before the first package is loaded.
 */
export function redirectPackages(): void {
  if (redirected) return;
  redirected = true;
  if (registerHooks) registerHooks({ resolve: toKernel });
  else {
    redirectRequire();
    Module.register(new URL("./kernel-modules-hook.js", import.meta.url));
  }
}

let redirected = false;

type Resolved = { url: string; shortCircuit?: boolean };
interface ResolveContext {
  readonly conditions?: Iterable<string>;
  readonly parentURL?: string;
}
type ResolveHook = (
  specifier: string,
  context: ResolveContext,
  next: (specifier: string, context: object) => Resolved,
) => Resolved;

/** Sends `@tensorflow/tfjs*` and `loadlab` to the kernel; a hook of `node:module`. */
export const toKernel: ResolveHook = (specifier, context, next) => {
  const ofCell = isImport(context) && !context.parentURL?.startsWith(KERNEL);
  const file = kernelModule(specifier, ofCell ? "import" : "require");
  // Not by `next`: for a `require`, it takes paths, for an `import` URLs.
  return file ? { url: pathToFileURL(file).href, shortCircuit: true } : next(specifier, context);
};

/** What a package requires at once gets TensorFlow.js alone. */
function isImport(context: ResolveContext): boolean {
  return [...(context.conditions ?? [])].includes("import");
}

/** Since Node 22.15; covers `require` and `import`. */
const { registerHooks } = Module as unknown as { registerHooks?: (hooks: { resolve: ResolveHook }) => void };

interface CommonJsResolution {
  _resolveFilename(request: string, ...rest: unknown[]): string;
}

function redirectRequire(): void {
  const resolution = Module as unknown as CommonJsResolution;
  const resolve = resolution._resolveFilename.bind(Module);
  resolution._resolveFilename = (request, ...rest) => kernelModule(request) ?? resolve(request, ...rest);
}
