import type { TaxonomyEntry } from "./entry.js";

/** Training state and the rest: codes O01 and on. */
export const TRAINING: readonly TaxonomyEntry[] = [
  {
    code: "O01",
    title: "An optimizer whose state does not fit",
    settledBy: "itself",
    keras: [
      {
        version: "Keras 3",
        message:
          "UserWarning: Skipping variable loading for optimizer 'adam', because it has … variables whereas the saved optimizer has … variables.",
      },
      {
        version: "Keras 2",
        message:
          "WARNING:tensorflow:Error in loading the saved optimizer state. As a result, your model is starting with a freshly initialized optimizer.",
      },
    ],
    why: "Layers were frozen, added or left out since, so that the state is of other variables.",
    does: "Says so; predictions need no optimizer, and a fresh one starts where training goes on.",
    todo: "Nothing.",
  },
  {
    code: "O02",
    title: "The state of a legacy optimizer",
    settledBy: "itself",
    keras: [
      {
        version: "Keras 2.11 and later",
        message:
          "You are trying to restore a checkpoint from a legacy Keras optimizer into a v2.11+ Optimizer, which can cause errors. Please update the optimizer referenced in your code to be an instance of `tf.keras.optimizers.legacy.Optimizer`, e.g.: `tf.keras.optimizers.legacy.Adam`.",
      },
    ],
    why: "Keras 2.11 rewrote the optimizers, and stores their variables in another order.",
    does: "Knows both orders; what cannot be told is left out.",
    todo: "Nothing.",
    python: "`tf.keras.optimizers.legacy.Adam`.",
  },
  {
    code: "O03",
    title: "A vocabulary is missing",
    settledBy: "itself",
    keras: [{ version: "TensorFlow", message: "Table not initialized" }],
    why: "StringLookup and TextVectorization keep their words in assets, which were not saved or not copied.",
    does: "Reads assets, config and constants; asks where none has it.",
    todo: "`%step fix 1 vocabulary words.txt` where none is found.",
    python: "`layer.set_vocabulary(words)`.",
  },
  {
    code: "O04",
    title: "A vocabulary outside the file",
    settledBy: "file",
    keras: [
      {
        version: "Keras 3.12",
        message:
          "Requested the loading of a vocabulary file outside of the model archive. This carries a potential risk of loading arbitrary and sensitive files and thus it is disallowed by default.",
      },
    ],
    why: "The layer names a file by its path on the machine that saved it. A model file may not make the reader open other files.",
    does: "Shows the path, never opens it, and asks for the file.",
    todo: "`%step fix 1 vocabulary words.txt`, one word a line.",
    python: "`layer.set_vocabulary(words)`.",
  },
  {
    code: "O05",
    title: "A layer of another framework",
    settledBy: "refused",
    keras: [
      { version: "Keras 3", message: "Requested the deserialization of a TFSMLayer / TorchModuleWrapper" },
    ],
    why: "It stands for a SavedModel elsewhere, or for a pickled PyTorch module. Running either would run what a file says.",
    does: "Never follows the path, never unpickles. Asks.",
    todo: "For a TFSMLayer `%step fix 1 saved-model PATH`; for a PyTorch module register a class under its name before loading.",
    python: "`safe_mode=False`, if you trust the file.",
  },
  {
    code: "O06",
    title: "A graph of a newer TensorFlow",
    settledBy: "itself",
    keras: [
      {
        version: "TensorFlow.js for Node",
        message: "Op type not registered 'DisableCopyOnRead' in binary running on …",
      },
      {
        version: "TensorFlow.js for Node",
        message: "NodeDef mentions attribute debug_name not in Op<name=VarHandleOp; …>",
      },
      { version: "TensorFlow.js for Node", message: "Unsupported tensor DataType: DT_INT64" },
    ],
    why: "tfjs-node runs SavedModels with TensorFlow 2.9, which does not know what later ones write.",
    does: "Reads and runs the graph by itself.",
    todo: "Nothing.",
    python: "TensorFlow 2.16 or later.",
  },
  {
    code: "O07",
    title: "An operation of the graph is not known",
    settledBy: "code",
    keras: [{ version: "TensorFlow.js", message: "Unsupported Ops in the model before optimization: X" }],
    why: "The graph uses an operation that nothing here computes.",
    does: "Names it, and the outputs that need it; the others work.",
    todo: "`%register_custom OpName` prints a cell to complete; `%step` goes on.",
    python: "TensorFlow has them all.",
  },
  {
    code: "O08",
    title: "Numbers that would differ without a word",
    settledBy: "itself",
    keras: [{ version: "Keras", message: "nothing" }],
    why: "Formulas changed between versions: hard_sigmoid between Keras 2 and 3, the flip of Theano's kernels, bilinear resizing. Nothing fails, the numbers are others. And layers may fit by their shapes and still fail to compute.",
    does: "Takes the formula of the Keras that wrote the file, and says where today's Keras would take another. After loading it runs the model once on zeros where that is cheap, and says what fails.",
    todo: "Compare with outputs that you know.",
  },
];
