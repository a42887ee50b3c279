import type { TaxonomyEntry } from "./entry.js";

/** Classes and functions: codes C01 and on. */
export const CLASSES: readonly TaxonomyEntry[] = [
  {
    code: "C01",
    title: "A layer's class is unknown (.h5, SavedModel)",
    settledBy: "code",
    keras: [
      {
        version: "Keras 3",
        message:
          "Unknown layer: '{class}'. Please ensure you are using a `keras.utils.custom_object_scope` and that this object is included in the scope.",
      },
      { version: "Keras 2", message: "Unknown layer: {class}" },
    ],
    why: "A file holds a custom layer's arguments and weights, never its code.",
    does: "Stops at the layer, with its arguments, the shapes of its weights and its neighbours. Everything that does not depend on it is made. All unknown classes are shown at once.",
    todo: "Write the class or a function: `%%register_custom X`, then `%step`. `%register_custom X` prints a skeleton, with the class's Python where a `.py` file beside the model has it. Stubs let the input through (`identity-stub`) or give zeros (`zeros-like-stub`, `zeros-stub`); `cut` ends the model before it. A SavedModel also offers its graph.",
    python: "`keras.models.load_model(path, custom_objects={'X': X})`.",
  },
  {
    code: "C02",
    title: "A layer's class is unknown (.keras)",
    settledBy: "code",
    keras: [
      {
        version: "Keras 3",
        message:
          "Could not locate class '{class}'. Make sure custom classes and functions are decorated with `@keras.saving.register_keras_serializable()`.",
      },
    ],
    why: "As C01. A subclassed model has no layers in its config at all: they are in Python code.",
    does: "As C01; only the innermost cause is shown.",
    todo: "As C01.",
    python: "Decorate the class, or pass `custom_objects`.",
  },
  {
    code: "C03",
    title: "Modules of Keras 2 in a .keras archive",
    settledBy: "itself",
    keras: [
      {
        version: "Keras 3",
        message:
          "Could not deserialize class 'Functional' because its parent module keras.src.engine.functional cannot be imported.",
      },
      {
        version: "Keras 3.15, innermost",
        message: "ModuleNotFoundError: No module named 'keras.src.engine'",
      },
    ],
    why: "The archive names the Python module of each class, and Keras 3 moved them all. Files of Keras 2.12 to 2.15, keras_core and tf_keras name modules that are no longer there.",
    does: "Goes by the class name; a module is only looked at to tell a layer from an operation of the same name.",
    todo: "Nothing.",
    python: "`TF_USE_LEGACY_KERAS=1` and tf_keras.",
  },
  {
    code: "C04",
    title: "Modules of Keras 3, opened by Keras 2",
    settledBy: "itself",
    keras: [
      {
        version: "Keras 2",
        message:
          "Could not deserialize class 'Functional' because its parent module keras.src.models.functional cannot be imported.",
      },
      {
        version: "Keras 2.21, innermost",
        message: "ModuleNotFoundError: No module named 'tf_keras.src.models.functional'",
      },
    ],
    why: "The other way round: an archive of Keras 3 opened with TensorFlow 2.15 or older.",
    does: "Goes by the class name.",
    todo: "Nothing.",
    python: "`pip install --upgrade keras`.",
  },
  {
    code: "C05",
    title: "A layer that Keras 3 dropped",
    settledBy: "itself",
    keras: [
      {
        version: "Keras 3",
        message:
          "Could not deserialize 'keras.layers.LocallyConnected1D' because it is not a KerasSaveable subclass",
      },
      { version: "Keras 3", message: "Unknown layer: 'LocallyConnected1D'." },
    ],
    why: "Keras 3 has no LocallyConnected1D and 2D, ThresholdedReLU, CuDNNLSTM, CuDNNGRU and a few more.",
    does: "Has them all.",
    todo: "Nothing.",
    python: "tf_keras still has them.",
  },
  {
    code: "C06",
    title: "An operation of TensorFlow stands between the layers",
    settledBy: "itself",
    keras: [{ version: "Keras 3", message: "Unknown layer: TFOpLambda" }],
    why: "Keras 2 saved each TensorFlow function used on a Keras tensor as a layer of its own.",
    does: "Makes those that it knows; asks for the others.",
    todo: "Register a function under the class's name, or run the graph of a SavedModel.",
    python: "Load with Keras 2 (`TF_USE_LEGACY_KERAS=1`).",
  },
  {
    code: "C07",
    title: "An operation of Keras 3 in its own .h5",
    settledBy: "itself",
    keras: [
      {
        version: "Keras 3",
        message:
          "Unknown layer: 'GetItem'. Please ensure you are using a `keras.utils.custom_object_scope` and that this object is included in the scope.",
      },
    ],
    why: "The `.h5` of Keras 3 leaves out the module of each class, so that Keras looks for operations such as `GetItem`, `NotEqual` or `Mean` among the layers, where they are not. Keras 3 cannot read such a file back itself.",
    does: "Looks among the operations as well.",
    todo: "Nothing.",
    python: "Save as `.keras`.",
  },
  {
    code: "C08",
    title: "An operation with the name of a layer",
    settledBy: "itself",
    keras: [
      {
        version: "Keras 3",
        message: "ValueError: Only input tensors may be passed as positional arguments.",
      },
      {
        version: "Keras 3",
        message: "TypeError: Reshape.__init__() missing 1 required positional argument: 'target_shape'",
      },
    ],
    why: "Add, Reshape, Softmax and seven others are both a layer and an operation of Keras 3. A `.h5` does not say which, and Keras takes the layer.",
    does: "Tells them apart: only a layer has `trainable` in its config.",
    todo: "Nothing.",
    python: "Save as `.keras`.",
  },
  {
    code: "C09",
    title: "A TensorFlow symbol that is not known",
    settledBy: "choice",
    keras: [{ version: "Keras 2", message: "TF symbol 'X' could not be found." }],
    why: "Keras 2 saved a TensorFlow function used on a Keras tensor under its public name, and this name is not among those that loadlab computes; some were renamed or never public.",
    does: "Computes the symbols that it knows; names the layer and the symbol, and asks for the others.",
    todo: "Register a function for the layer, or run the graph of a SavedModel.",
    python: "Load with the TensorFlow that wrote the file.",
  },
  {
    code: "C10",
    title: "A TensorFlow Hub layer",
    settledBy: "file",
    keras: [{ version: "Keras 2", message: "Unknown layer: KerasLayer" }],
    why: "The file has the module's address and weights; the computation is in the Hub module. No address in a file is ever fetched.",
    does: "Shows the arguments and weights, and asks.",
    todo: "`%step fix 1 saved-model PATH` runs the Hub module from where you have it: it is a SavedModel. Or register a function.",
    python: "`custom_objects={'KerasLayer': hub.KerasLayer}`.",
  },
  {
    code: "C11",
    title: "A Transformers model inside",
    settledBy: "file",
    keras: [{ version: "Keras 2", message: "Unknown layer: {class}" }],
    why: "Its code is in the `transformers` package.",
    does: "Asks; a SavedModel offers its graph.",
    todo: "`%step fix 1 saved-model PATH`, or prefer the SavedModel of the same model.",
    python: "`TFBertModel.from_pretrained(...)`.",
  },
  {
    code: "C12",
    title: "A layer of TensorFlow Addons",
    settledBy: "itself",
    keras: [{ version: "Keras", message: "Unknown layer: {class}" }],
    why: "Addons was wound down in 2024 and installs no longer with current TensorFlow.",
    does: "Makes those that it knows; asks for the others.",
    todo: "`%%register_custom {class}`.",
    python: "An old TensorFlow with Addons.",
  },
  {
    code: "C13",
    title: "Feature columns",
    settledBy: "file",
    keras: [{ version: "Keras 2", message: "Unknown layer: DenseFeatures" }],
    why: "A column may hold a Python function or name a file of its own, which no model file holds.",
    does: "Makes the columns that their config describes; asks for the others, and a SavedModel offers its graph.",
    todo: "`%step fix 1 saved-model PATH`, or use the graph of the model's own SavedModel.",
  },
  {
    code: "C14",
    title: "A Sequential whose config is a bare list",
    settledBy: "itself",
    keras: [{ version: "Keras 2.0 of another package", message: "ValueError: Unknown layer:name" }],
    why: "keras and tf.keras saved a Sequential in different forms for a while: a list of layers, or a dict with `name` and `layers`. Each read only its own.",
    does: "Reads both.",
    todo: "Nothing.",
    python: "Load with the package that wrote it.",
  },
  {
    code: "C15",
    title: "A metric that was saved among the layers",
    settledBy: "itself",
    keras: [{ version: "Keras 2", message: "ValueError: Unknown layer: Mean" }],
    why: "A subclassed model that keeps its metrics as attributes saves them as if they were layers.",
    does: "Leaves them out: nothing is connected to them.",
    todo: "Nothing.",
    python: "`load_model(path, compile=False)` does not help; remove the metric and save again.",
  },
  {
    code: "C16",
    title: "An activation is unknown",
    settledBy: "choice",
    keras: [
      { version: "Keras 3", message: "Could not interpret activation function identifier: {class}" },
      { version: "Keras 2", message: "Unknown activation function: {class}" },
    ],
    why: "It was a function of the program that saved the file.",
    does: "Stops at the layer that names it.",
    todo: "`%step fix 1 replace relu6` takes one of Keras's; or register the function: `%register_custom --kind activation NAME = (x) => ...`. A Python lambda (`activation=lambda x: ...`), which no Keras reads back, is translated: `%step fix 1 translate`; `%save_model` then writes it as a function.",
    python:
      "`custom_objects={'X': X}`; for a lambda nothing helps but to build the model anew and load its weights.",
  },
  {
    code: "C17",
    title: "An initializer, regularizer or constraint is unknown",
    settledBy: "itself",
    keras: [
      { version: "Keras 3", message: "Could not interpret initializer identifier: {'class_name': 'X'}" },
      {
        version: "Keras 2",
        message:
          "Unknown initializer: 'X'. Please ensure you are using a `keras.utils.custom_object_scope` and that this object is included in the scope.",
      },
    ],
    why: "It says how weights started or what training adds to the loss. The weights of the file take the place of the start, and predicting adds nothing.",
    does: "Leaves it out and says so; the predictions are the same.",
    todo: "Nothing, unless you train on: then register it.",
    python: "`custom_objects={'X': X}`.",
  },
  {
    code: "C18",
    title: "A loss, metric or optimizer is unknown",
    settledBy: "itself",
    keras: [
      { version: "Keras 3", message: "TypeError: string indices must be integers, not 'str'" },
      {
        version: "Keras 2",
        message:
          "Unknown loss function: 'X'. Please ensure you are using a `keras.utils.custom_object_scope` and that this object is included in the scope.",
      },
      { version: "Keras 1", message: "Invalid objective: X" },
    ],
    why: "Keras compiles while it loads, and gives up the whole load where it cannot.",
    does: "Loads the model; what it was compiled with is reported.",
    todo: "Compile the model with what you have.",
    python: "`load_model(path, compile=False)`.",
  },
  {
    code: "C19",
    title: "A loss or metric by its short name",
    settledBy: "itself",
    keras: [
      {
        version: "Keras 3",
        message: "Could not deserialize 'keras.metrics.mse' because it is not a KerasSaveable subclass",
      },
      {
        version: "Keras 3.0 to 3.5",
        message:
          "Could not locate function 'mse'. Make sure custom classes and functions are decorated with `@keras.saving.register_keras_serializable()`.",
      },
    ],
    why: "`mse`, `mae` and the like are written into a `.h5` as if they were functions of the user's, and Keras 3 does not find them again.",
    does: "Knows the short names.",
    todo: "Nothing.",
    python: "`load_model(path, compile=False)`, then compile.",
  },
  {
    code: "C20",
    title: "A dtype policy of another version",
    settledBy: "itself",
    keras: [
      { version: "Keras 3", message: "AttributeError: 'str' object has no attribute 'quantization_mode'" },
      {
        version: "Keras 2",
        message:
          "Could not locate class 'DTypePolicy'. Make sure custom classes and functions are decorated with `@keras.saving.register_keras_serializable()`.",
      },
    ],
    why: "Keras 2 writes a `Policy`, Keras 3.0 to 3.2 a string, later ones a `DTypePolicy`; each knows only some of them.",
    does: "Computes in float32 whatever the policy, which is at least as exact, and remembers what was said.",
    todo: "Nothing.",
    python: 'Edit the config: `"dtype": "float32"`.',
  },
  {
    code: "C21",
    title: "The registered class does not work here",
    settledBy: "code",
    keras: [{ version: "Keras", message: "whatever the class throws" }],
    why: "Your class was built and called on the shapes that reach the layer, and threw.",
    does: "Shows the error, the shapes and the stored weights. The session stays as it was.",
    todo: "Correct the class, run its cell again, then `%step`: loading goes on from the layer.",
    python: "The same, with `from_config` and `get_config` right.",
  },
  {
    code: "C22",
    title: "A layer was saved without its config",
    settledBy: "code",
    keras: [
      {
        version: "Keras 2",
        message:
          "NotImplementedError: Layer X was created by passing non-serializable argument values in __init__()",
      },
    ],
    why: "Its class had no `get_config` when the model was saved.",
    does: "Says so; the graph that was saved with it can be run.",
    todo: "`%step fix 1 graph`, or register the class.",
    python: "Write `get_config`, save again.",
  },
  {
    code: "C23",
    title: "An object that a SavedModel cannot restore",
    settledBy: "itself",
    keras: [
      {
        version: "Keras 2",
        message:
          'Unable to restore custom object of class "X" (type _tf_keras_layer). Please make sure that any custom layers are included in the `custom_objects` arg when calling `load_model()` and make sure that all layers implement `get_config` and `from_config`.',
      },
      {
        version: "Keras 2",
        message:
          "Cannot call custom layer X of type <class '…'>, because the call function was not serialized to the SavedModel.",
      },
    ],
    why: "The class is the user's own, and Keras wants it before it looks at the function that was saved beside it.",
    does: "Runs the function that TensorFlow saved with the layer; a metric is left out.",
    todo: "Nothing.",
    python: "`custom_objects={'X': X}`.",
  },
  {
    code: "C24",
    title: "A custom class with the name of one of Keras's",
    settledBy: "choice",
    keras: [
      {
        version: "Keras 3.15",
        message:
          "Could not locate class '{class}'. Make sure custom classes and functions are decorated with `@keras.saving.register_keras_serializable()`.",
      },
      {
        version: "Keras 2",
        message:
          "Unable to restore object of class '{class}'. One of several possible causes could be a missing custom object. Decorate your custom object with `@keras.utils.register_keras_serializable` and include that file in your program, or pass your class in a `keras.utils.CustomObjectScope` that wraps this load call.",
      },
    ],
    why: "The class is the user's own: the module that the file names says so, or its arguments and weights. Keras's class of that name would give wrong numbers without an error.",
    does: "Asks which one is meant; a class that you registered is always taken. In a SavedModel of Keras 2, runs the function that TensorFlow saved with the layer, where it differs from Keras's class.",
    todo: "`%step fix 1 builtin` takes Keras's class; `%%register_custom X` gives your own.",
    python: "Give the class another name before saving.",
  },
  {
    code: "C25",
    title: "The file asks for a function to be called",
    settledBy: "refused",
    keras: [
      {
        version: "Keras 3.15",
        message:
          "Cannot deserialize `keras.config.enable_unsafe_deserialization` because it is not a modeling function. Non-modeling APIs are disallowed during deserialization for security.",
      },
    ],
    why: "A config that names a function of Keras or Python in place of a layer is an attack on loaders that call what a file names (CVE-2025-1550, CVE-2025-8747, CVE-2025-9906).",
    does: "Nothing that a file names is ever called; the file is refused, with the place and the name.",
    todo: "Ask where the file comes from.",
    python: "Nothing. Do not load it.",
  },
];
