import type { TaxonomyEntry } from "./entry.js";

/** The graph of calls: codes G01 and on. */
export const GRAPH: readonly TaxonomyEntry[] = [
  {
    code: "G01",
    title: "The calls wait for each other",
    settledBy: "choice",
    keras: [
      {
        version: "Keras 3.15",
        message:
          "Invalid Functional model configuration. The graph of the Functional model either has loops or disconnected nodes. The following nodes failed to be resolved: {<Dense name=left, built=False>: …}",
      },
      { version: "Keras 2.2 to 2.21, TensorFlow.js", message: "an endless loop" },
    ],
    why: "The config was edited or damaged.",
    does: "Finds it before anything is called; nothing hangs.",
    todo: "`%step fix 1 connect LAYER` connects the first of the layers that wait to one that does not; the nearest before it is suggested.",
  },
  {
    code: "G02",
    title: "A layer that others are connected to is missing",
    settledBy: "choice",
    keras: [{ version: "Keras 3", message: "Invalid Functional model configuration. Missing node: …" }],
    why: "The config names it in a call, but not among the layers.",
    does: "Names the hole and who looks for it. An input layer that the list of layers lacks is put there, as the model names it among its inputs.",
    todo: "`%step fix 1 connect LAYER` takes another layer instead; the nearest by name is suggested. It is a guess: `%step fix all` and `%step skip` leave it to you.",
  },
  {
    code: "G03",
    title: "A connection points at a call that does not exist",
    settledBy: "itself",
    keras: [
      { version: "Keras 2.4 to 2.21", message: "an endless loop, or IndexError: list index out of range" },
    ],
    why: "Majors of Keras count the calls of nested models from different numbers.",
    does: "Reads the numbers by the rule of the major that wrote the file; what is out of range even so is shown.",
    todo: "Correct the config.",
  },
  {
    code: "G04",
    title: "A nested model with more outputs than it hands on",
    settledBy: "itself",
    keras: [
      { version: "Keras 3", message: 'Layer "dense" expects 1 input(s), but it received 2 input tensors.' },
      { version: "Keras 3", message: "ValueError: Exception encountered when calling Sequential.call()." },
    ],
    why: "A pretrained model inside a Sequential is called again while the file is read, and Keras hands on what each call returned, not the output that was declared.",
    does: "Takes the declared outputs of the nested model, once.",
    todo: "Nothing.",
    python: "Build the model again and load the weights.",
  },
  {
    code: "G05",
    title: "Outputs that no input reaches",
    settledBy: "choice",
    keras: [
      { version: "Keras 3.15", message: "Output with path `0` is not connected to `inputs`" },
      { version: "Keras 2", message: "Graph disconnected: cannot obtain value for tensor …" },
    ],
    why: "A layer on the way is missing.",
    does: "Names the output.",
    todo: "`%step fix 1 input LAYER` lists the input that is missing; `%step fix 1 output LAYER` ends the model elsewhere.",
  },
  {
    code: "G06",
    title: "A saved model without its input layer",
    settledBy: "itself",
    keras: [
      {
        version: "Keras 2.2",
        message:
          "ValueError: You are trying to load a weight file containing 1 layers into a model with 0 layers.",
      },
      {
        version: "Keras 3",
        message:
          "Layer count mismatch when loading weights from file. Model expected 0 layers, found 1 saved layers.",
      },
    ],
    why: "Keras 2.2 left the InputLayer of a Sequential out of the file, so that the model is never built.",
    does: "Takes the number of features from the first kernel; what a kernel leaves open stays open.",
    todo: "Nothing.",
    python: "Add `input_shape` to the first layer's config.",
  },
  {
    code: "G07",
    title: "The input shape is not in the file",
    settledBy: "choice",
    keras: [
      {
        version: "TensorFlow.js",
        message: "The first layer in a Sequential model must get an inputShape or batchInputShape",
      },
    ],
    why: "Keras before 2.2.3 dropped the input layer of some models; others were never built.",
    does: "Takes the shape from the build config or the first kernel where either tells it.",
    todo: "Nothing where it is found; else `%step fix 1 input-shape null,28,28,1`.",
    python: "`model.build(input_shape)`.",
  },
  {
    code: "G08",
    title: "Inputs in another structure",
    settledBy: "itself",
    keras: [
      {
        version: "Keras 3",
        message:
          "The structure of `inputs` doesn't match the expected structure. Expected: ['x']. Received: the structure of inputs=*",
      },
    ],
    why: "A model built with one tensor, a list of one or a dict takes exactly that, and what is saved differs in small things.",
    does: "Reads all three; the model takes a tensor, a list in the order of `model.inputs`, or a dict by name.",
    todo: "Nothing.",
  },
  {
    code: "G09",
    title: "Two layers of one name",
    settledBy: "itself",
    keras: [
      {
        version: "Keras 3.15",
        message:
          "All layers added to a Sequential model should have unique names. Name '{name}' is already the name of a layer in this model. Update the `name` argument to pass a unique name.",
      },
      {
        version: "Keras 2",
        message: 'The name "x" is used 2 times in the model. All layer names should be unique.',
      },
    ],
    why: "Older versions of Keras allowed it in a Sequential.",
    does: "Tells them apart by a number behind the name; their weights are taken in order.",
    todo: "Nothing.",
  },
  {
    code: "G10",
    title: "A graph that is too deep",
    settledBy: "itself",
    keras: [{ version: "Keras 3.15", message: "RecursionError: maximum recursion depth exceeded" }],
    why: "TensorFlow.js walks a graph recursively.",
    does: "Says so instead of crashing.",
    todo: "Start Node with a larger `--stack-size`.",
    python: "`sys.setrecursionlimit`.",
  },
  {
    code: "G11",
    title: "The shapes do not fit together",
    settledBy: "choice",
    keras: [
      {
        version: "Keras 3.15",
        message:
          "Input 0 with name '…' of layer '{name}' is incompatible with the layer: expected …, found …. Full shape received: …",
      },
    ],
    why: "A layer gets another shape than the one it was built for: an edited config, a stub, or a registered class with the wrong output.",
    does: "Names the layer, what it expects and what reaches it.",
    todo: "`%step fix 1 input-shape` takes the shape that the first kernel wants; `set NAME=VALUE` corrects an argument; `cut` ends the model before the layer.",
  },
];
