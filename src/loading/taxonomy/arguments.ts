import type { TaxonomyEntry } from "./entry.js";

/** Arguments: codes A01 and on. */
export const ARGUMENTS: readonly TaxonomyEntry[] = [
  {
    code: "A01",
    title: "DepthwiseConv2D with groups",
    settledBy: "itself",
    keras: [
      {
        version: "Keras 3",
        message: "Unrecognized keyword arguments passed to DepthwiseConv2D: {'groups': 1}",
      },
    ],
    why: "Keras 2 writes the argument, Keras 3 does not know it.",
    does: "Drops it where it is 1, which changes nothing, and notes it.",
    todo: "Nothing.",
    python: "Load with Keras 2, or edit the config.",
  },
  {
    code: "A02",
    title: "A recurrent layer with time_major",
    settledBy: "itself",
    keras: [
      { version: "Keras 3", message: "Unrecognized keyword arguments passed to LSTM: {'time_major': False}" },
    ],
    why: "Keras 2 writes the argument, Keras 3 does not know it.",
    does: "Drops it where it is false, and notes it.",
    todo: "Nothing.",
    python: "Load with Keras 2, or edit the config.",
  },
  {
    code: "A03",
    title: "batch_shape and batch_input_shape",
    settledBy: "itself",
    keras: [{ version: "Keras 2", message: "Unrecognized keyword arguments: ['batch_shape']" }],
    why: "The name changed between Keras 2 and 3.",
    does: "Takes either.",
    todo: "Nothing.",
    python: "Load with the Keras that wrote the file.",
  },
  {
    code: "A04",
    title: "input_shape and batch_input_shape on a layer",
    settledBy: "itself",
    keras: [
      {
        version: "Keras 3",
        message:
          "Unrecognized keyword arguments passed to LocallyConnected1D: {'batch_input_shape': [None, 8, 3]}",
      },
      {
        version: "Keras 3",
        message:
          "Error when deserializing class 'InputLayer' using config={'input_shape': …}. Exception encountered: InputLayer.__init__() got an unexpected keyword argument 'input_shape'",
      },
    ],
    why: "Keras 1 and 2 let the first layer carry the shape of the input, under four names.",
    does: "Takes any of them for the input.",
    todo: "Nothing.",
    python: "Load with Keras 2.",
  },
  {
    code: "A05",
    title: "BatchNormalization with arguments of Keras 2",
    settledBy: "itself",
    keras: [
      {
        version: "Keras 3.15",
        message:
          "Unrecognized keyword arguments passed to BatchNormalization: {'fused': True, 'virtual_batch_size': None}",
      },
      {
        version: "Keras 3.0 to 3.14",
        message:
          "Unrecognized keyword arguments passed to BatchNormalization: {'renorm': False, 'fused': True}",
      },
    ],
    why: "Keras 2 writes `renorm`, `fused`, `virtual_batch_size` and `adjustment`; Keras 3.0 to 3.14 know none of them.",
    does: "Leaves `fused` and what is off away; computes with `renorm` where it is on.",
    todo: "Nothing.",
    python: "Load with Keras 2, or edit the config.",
  },
  {
    code: "A06",
    title: "An argument of another version",
    settledBy: "itself",
    keras: [
      {
        version: "Keras 3.15",
        message: "Unrecognized keyword arguments passed to {class}: {…}",
      },
      { version: "Keras 2", message: "TypeError: __init__() got an unexpected keyword argument 'ragged'" },
    ],
    why: "Newer and older versions write arguments that this layer does not use.",
    does: "Ignores it and says so: exact where it is null or false, approximate otherwise, for what it did is not in the file.",
    todo: "Look at it if it is not marked exact.",
    python: "Load with the Keras that wrote the file.",
  },
  {
    code: "A07",
    title: "An argument of Keras 1",
    settledBy: "itself",
    keras: [
      {
        version: "Keras 3.15",
        message:
          "Unknown layer: 'Convolution2D'. Please ensure you are using a `keras.utils.custom_object_scope` and that this object is included in the scope.",
      },
      { version: "Keras 2", message: "TypeError: ('Keyword argument not understood:', 'nb_filter')" },
    ],
    why: "Keras 2 renamed most arguments.",
    does: "Renames them: `nb_filter` to `filters`, `border_mode` to `padding`, and so on.",
    todo: "Nothing.",
    python: "Keras 2.2 still has the table of names.",
  },
  {
    code: "A08",
    title: "An axis that is a list",
    settledBy: "itself",
    keras: [
      { version: "Keras 2.2", message: "TypeError: tuple indices must be integers or slices, not list" },
      {
        version: "Keras 2.1",
        message: "TypeError: list indices must be integers or slices, not ListWrapper",
      },
    ],
    why: "tf.keras saved BatchNormalization's axis as `[3]`, where Keras writes `3`.",
    does: "Takes a list of one for its item.",
    todo: "Nothing.",
    python: "`tf.keras` instead of `keras`.",
  },
  {
    code: "A09",
    title: "LayerNormalization over several axes in a .h5",
    settledBy: "itself",
    keras: [
      {
        version: "Keras 3.15",
        message:
          "Shape mismatch in layer #… (named {name})for weight …. Weight expects shape …. Received saved weight with shape …",
      },
    ],
    why: "Keras 3 shortens the list of axes while it reads a `.h5`, and then the weights do not fit. It cannot read its own file.",
    does: "Keeps the list.",
    todo: "Nothing.",
    python: "Save as `.keras`.",
  },
  {
    code: "A10",
    title: "alpha and negative_slope",
    settledBy: "itself",
    keras: [
      { version: "TensorFlow.js", message: "nothing: it takes 0.3, whatever the file says" },
      { version: "Keras 3", message: "Argument `alpha` is deprecated. Use `negative_slope` instead." },
    ],
    why: "Keras 3 calls the slope of LeakyReLU `negative_slope`, Keras 2 `alpha`.",
    does: "Takes either.",
    todo: "Nothing.",
  },
  {
    code: "A11",
    title: "An Embedding with input_length",
    settledBy: "itself",
    keras: [{ version: "Keras 3", message: "Argument `input_length` is deprecated. Just remove it." }],
    why: "Keras 2 fixed the length of the sequences in the layer; Keras 3 ignores it.",
    does: "Uses it for the shape of the input where nothing else tells it, else leaves it out.",
    todo: "Nothing.",
  },
  {
    code: "A12",
    title: "A subclass of Model saved as a functional model",
    settledBy: "itself",
    keras: [
      {
        version: "Keras 2 and 3, .h5",
        message:
          "Unknown layer: 'TorchModel'. Please ensure you are using a `keras.utils.custom_object_scope` and that this object is included in the scope.",
      },
      {
        version: "Keras 3, .keras",
        message: "Unrecognized keyword arguments passed to TorchModel: {'layers': …}",
      },
    ],
    why: "A class that calls `super().__init__(inputs, outputs)` is saved with its own name and the whole graph. Keras wants the class, although the graph says everything.",
    does: "Builds the graph and keeps the name. Methods of the class are not in the file.",
    todo: "Nothing.",
    python: "`custom_objects={'MyModel': keras.Model}`.",
  },
  {
    code: "A13",
    title: "A string that is also the name of a function",
    settledBy: "itself",
    keras: [
      {
        version: "Keras 3",
        message:
          "Error when deserializing class 'Attention' using config={…}. Exception encountered: Invalid value for argument score_mode. Expected one of {'dot', 'concat'}. Received: score_mode=<function dot at 0x…>",
      },
    ],
    why: "Keras 3 looks up every string of a `.h5` config among its functions, and `dot` is one. It cannot read its own file.",
    does: "Takes a string as a function only where the argument is one.",
    todo: "Nothing.",
    python: "Save as `.keras`.",
  },
  {
    code: "A14",
    title: "A Lambda whose bytecode cannot be read",
    settledBy: "code",
    keras: [
      {
        version: "Keras 2 under another Python",
        message: "ValueError: bad marshal data (unknown type code)",
      },
      { version: "Keras 2 under another Python", message: "EOFError: marshal data too short" },
      { version: "Keras 2 under another Python", message: "SystemError: unknown opcode" },
    ],
    why: "The bytes of the function are cut off, damaged, or of a Python that nobody knows.",
    does: "Says where the reading ended, with what came before: the name and the constants, if they were reached.",
    todo: "`%register_custom NAME = (x) => ...`.",
    python: "The Python that wrote the file.",
  },
  {
    code: "A15",
    title: "A Lambda holds Python code",
    settledBy: "code",
    keras: [
      {
        version: "Keras 3",
        message:
          "Requested the deserialization of a `Lambda` layer whose `function` is a Python lambda. This carries a potential risk of arbitrary code execution and thus it is disallowed by default.",
      },
      { version: "Keras 2 under another Python", message: "bad marshal data (unknown type code)" },
    ],
    why: "A Lambda is saved as Python bytecode, which only the Python that wrote it can run, or by its function's name alone.",
    does: "Reads the bytecode as data (Python 2.7, 3.5 to 3.14) and never runs it. Shows the function, and where it is one expression over tensors offers its translation into TypeScript, which you see before you take it.",
    todo: "`%step fix 1 translate`, `%step fix all`, or `%register_custom NAME = (x) => ...`.",
    python: "`safe_mode=False`, with the Python that wrote the file, if you trust it.",
  },
  {
    code: "A16",
    title: "A Lambda that uses what is outside it",
    settledBy: "code",
    keras: [
      { version: "Keras 2", message: "NameError: name 'K' is not defined" },
      {
        version: "Keras 3",
        message: "Exception encountered when calling Lambda.call(). name 'tf' is not defined",
      },
    ],
    why: "The function uses a name of the program that saved it: a module imported there, a helper defined there. A file holds the function alone.",
    does: "Knows `K`, `tf`, `np`, `keras` and their functions by name. For anything else, names what is missing and shows the function.",
    todo: "`%step fix 1 variables latent_dim=2` says what a variable was, and the translation is shown; else `%register_custom NAME = (x) => ...` with what the helper did.",
    python: "`custom_objects={'helper': helper}`, or define the name where Keras looks for it.",
  },
  {
    code: "A17",
    title: "Lambdas that share one function",
    settledBy: "choice",
    keras: [{ version: "Keras", message: "nothing: the model loads and predicts something else" }],
    why: "Lambdas made in a loop share their code, and each saw the loop's last value when it was called. What the file holds is the value at the time of saving, which need not be the one that the layer was built with.",
    does: "Shows the function with the stored values, and asks once for all of them.",
    todo: "`%step fix 1 translate` takes each with the values stored for it; `%register_custom LAYER = (x) => ...` gives one layer its own.",
    python: "`lambda x, i=i: ...` keeps the value of each turn.",
  },
  {
    code: "A18",
    title: "A Lambda whose output shape is open",
    settledBy: "choice",
    keras: [
      {
        version: "Keras 3",
        message:
          "We could not automatically infer the shape of the Lambda's output. Please specify the `output_shape` argument for this Lambda layer.",
      },
    ],
    why: "The shape of a function's output is found by running it on zeros. Where a length is free or the function looks at values, that fails or differs from run to run.",
    does: "Tries two lengths, then one; where neither works, asks for the shape.",
    todo: "`%step fix 1 output-shape null,8` says it, batch first.",
    python: "`Lambda(f, output_shape=(8,))`.",
  },
  {
    code: "A19",
    title: "A constant where a tensor is expected",
    settledBy: "itself",
    keras: [{ version: "Keras 2", message: "AttributeError: 'float' object has no attribute 'shape'" }],
    why: "A mask, a state or an operand of a call was a plain number when the model was built, and stands as a number in the graph.",
    does: "Takes numbers and lists as constants of the call.",
    todo: "Nothing.",
  },
  {
    code: "A20",
    title: "The dtype of a constant",
    settledBy: "itself",
    keras: [
      {
        version: "Keras 2",
        message:
          "TypeError: Input 'y' of 'AddV2' Op has type float32 that does not match type float16 of argument 'x'.",
      },
    ],
    why: "An operation of a model in mixed precision has a constant in its graph, which comes back as float32 while the tensor is float16.",
    does: "Constants take the dtype of the tensor that they meet; each layer's numbers are rounded to it.",
    todo: "Nothing.",
  },
  {
    code: "A21",
    title: "A Sequential of Keras 2.0 to 2.2",
    settledBy: "itself",
    keras: [{ version: "Keras 3", message: "TypeError: pop expected at most 1 argument, got 2" }],
    why: "The config is the list of the layers, without a dict around it.",
    does: "Reads the list.",
    todo: "Nothing.",
    python: "tf_keras.",
  },
  {
    code: "A22",
    title: "An architecture whose config is a list",
    settledBy: "itself",
    keras: [
      {
        version: "Keras 2 and 3",
        message:
          "`model_from_config` expects a dictionary, not a list. Received: config=[…]. Did you meant to use `Sequential.from_config(config)`?",
      },
    ],
    why: "`model.get_config()` of an old Sequential was saved in place of `model.to_json()`.",
    does: "Reads the list as a Sequential.",
    todo: "Nothing.",
    python: "`Sequential.from_config(config)`.",
  },
  {
    code: "A23",
    title: "A Sequential without a name",
    settledBy: "itself",
    keras: [
      {
        version: "Keras 3.15",
        message:
          "A Sequential model configuration must be a dictionary containing the 'name' and 'layers' keys. Received: config={'layers': […]}",
      },
      {
        version: "Keras 2",
        message:
          "Unknown layer: 'layers'. Please ensure you are using a `keras.utils.custom_object_scope` and that this object is included in the scope.",
      },
    ],
    why: "The name was left out when the config was written or edited by hand.",
    does: "Gives it a name.",
    todo: "Nothing.",
  },
  {
    code: "A24",
    title: "An argument cannot be right",
    settledBy: "choice",
    keras: [
      {
        version: "Keras 3.15",
        message: "Received an invalid value for `…`, expected a positive integer. Received: …",
      },
    ],
    why: "The config was edited or damaged, or asks for something that cannot be made.",
    does: "Names the layer and the argument.",
    todo: "`%step fix 1 adopt` takes what the stored weights imply, `%step fix 1 set units=8` what you say.",
  },
];
