import { PROTOCOL_VERSION } from "../wire/message.js";
import { VERSION } from "../version.js";
import type { Handler } from "./handler.js";

/**
 * Says who this kernel is; answered while the runner still starts.
 * https://jupyter-client.readthedocs.io/en/stable/messaging.html#kernel-info
 */
export const kernelInfo: Handler = () => ({
  status: "ok",
  protocol_version: PROTOCOL_VERSION,
  implementation: "loadlab",
  implementation_version: VERSION,
  // Every field but the version is what makes front ends highlight TypeScript (and nbconvert write .ts).
  language_info: {
    name: "typescript",
    version: TYPESCRIPT_VERSION,
    mimetype: "application/typescript",
    file_extension: ".ts",
    codemirror_mode: "typescript",
    pygments_lexer: "typescript",
    nbconvert_exporter: "script",
  },
  banner: `loadlab ${VERSION}: TypeScript, and Keras models that will not load. %lsmagic lists the magics.`,
  help_links: [
    { text: "TypeScript", url: "https://www.typescriptlang.org/docs/" },
    { text: "TensorFlow.js", url: "https://js.tensorflow.org/api/latest/" },
    { text: "Keras", url: "https://keras.io/api/" },
  ],
  debugger: true,
  supported_features: ["debugger", "kernel subshells"],
});

const TYPESCRIPT_VERSION = "6.0";
