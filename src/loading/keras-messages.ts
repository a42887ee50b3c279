import type { Problem } from "./problem.js";

type Messages = Problem["kerasSays"];

/**
 * What Keras itself says, word for word.
 * Sources: Keras 3.15 `src/legacy/saving/serialization.py`, `src/saving/serialization_lib.py`,
 * `src/layers/core/lambda_layer.py`, `src/legacy/saving/legacy_h5_format.py`; Keras 2.4 and 2.2.
 */
export function unknownClassMessages(className: string, archive: boolean): Messages {
  const scope =
    "Please ensure you are using a `keras.utils.custom_object_scope` and that this object is included in the scope. " +
    "See https://www.tensorflow.org/guide/keras/save_and_serialize#registering_the_custom_object for details.";
  const located =
    `Could not locate class '${className}'. Make sure custom classes and functions are decorated with ` +
    "`@keras.saving.register_keras_serializable()`.";
  if (archive) return [{ version: "Keras 3", message: located }];
  return [
    { version: "Keras 3", message: `Unknown layer: '${className}'. ${scope}` },
    { version: "Keras 2.4", message: `Unknown layer: ${className}. ${scope}` },
    { version: "Keras 2.2", message: `Unknown layer: ${className}` },
  ];
}

export function lambdaMessages(): Messages {
  return [
    {
      version: "Keras 3",
      message:
        "Requested the deserialization of a `Lambda` layer whose `function` is a Python lambda. This carries a " +
        "potential risk of arbitrary code execution and thus it is disallowed by default. If you trust the source of " +
        "the artifact, you can override this error by passing `safe_mode=False` to the loading function, or calling " +
        "`keras.config.enable_unsafe_deserialization().",
    },
    { version: "Keras 2", message: "bad marshal data (unknown type code)" },
  ];
}

export function activationMessages(name: string): Messages {
  return [
    { version: "Keras 3", message: `Could not interpret activation function identifier: ${name}` },
    {
      version: "Keras 2",
      message:
        `Unknown activation function: '${name}'. Please ensure you are using a \`keras.utils.custom_object_scope\` ` +
        "and that this object is included in the scope.",
    },
  ];
}

/** Messages of the file and graph codes, where the text does not depend on what was found. */
export const MESSAGES: ReadonlyMap<string, Messages> = new Map<string, Messages>([
  [
    "F02",
    [
      {
        version: "Keras 2 and 3",
        message: "OSError: Unable to synchronously open file (file signature not found)",
      },
    ],
  ],
  [
    "G01",
    [
      {
        version: "Keras 3",
        message:
          "Invalid Functional model configuration. The graph … either has loops or disconnected nodes…",
      },
      { version: "Keras 2", message: "nothing: it never returns" },
    ],
  ],
  ["G02", [{ version: "Keras 3", message: "Invalid Functional model configuration. Missing node: …" }]],
  ["G03", [{ version: "Keras 2 and 3", message: "IndexError: list index out of range" }]],
  [
    "W01",
    [
      {
        version: "Keras 3",
        message:
          "Layer count mismatch when loading weights from file. Model expected N layers, found M saved layers.",
      },
      {
        version: "Keras 2.2",
        message: "You are trying to load a weight file containing M layers into a model with N layers",
      },
    ],
  ],
  [
    "W02",
    [
      {
        version: "Keras 3",
        message:
          "Weight count mismatch for layer #k (named …). Layer expects N weight(s). Received M saved weight(s)",
      },
    ],
  ],
  [
    "W03",
    [
      {
        version: "Keras 3",
        message:
          "Shape mismatch in layer #k (named …) for weight …. Weight expects shape …. Received saved weight with shape …",
      },
    ],
  ],
]);

/** F01, F04 and F09 carry the path. */
export function fileMessages(code: string, path: string): Messages {
  const table: Record<string, Messages> = {
    F01: [
      {
        version: "Keras 3",
        message: `File not found: filepath=${path}. Please ensure the file is an accessible \`.keras\` zip file.`,
      },
    ],
    F04: [
      { version: "Keras 2", message: `No file or directory found at ${path}` },
      {
        version: "Keras 3",
        message: `[Errno 2] Unable to synchronously open file (unable to open file: name = '${path}', errno = 2, error message = 'No such file or directory')`,
      },
    ],
    F03: [
      {
        version: "Keras 2 and 3",
        message: "truncated file: eof = N, sblock->base_addr = 0, stored_eof = M",
      },
    ],
    F09: [{ version: "Keras 2.4 and 3", message: `No model config found in the file at ${path}.` }],
  };
  return table[code] ?? MESSAGES.get(code) ?? [];
}
