import type { TaxonomyEntry } from "./entry.js";

/** Weights: codes W01 and on. */
export const WEIGHTS: readonly TaxonomyEntry[] = [
  {
    code: "W01",
    title: "The file has weights for other layers",
    settledBy: "choice",
    keras: [
      {
        version: "Keras 3.15",
        message:
          "Layer count mismatch when loading weights from file. Model expected … layers, found … saved layers.",
      },
      {
        version: "Keras 2.2",
        message: "You are trying to load a weight file containing … layers into a model with … layers",
      },
    ],
    why: "The architecture and the weights are of different models or versions.",
    does: "Binds what fits, and shows model and file side by side: the longest common sequence of layers by shapes, with names to decide.",
    todo: "`%step fix 1 align` takes the pairs that the card shows side by side; `%step fix 1 keep-initial` leaves what has no partner at zero, marked as a stub.",
    python: "`model.load_weights(path, by_name=True, skip_mismatch=True)`.",
  },
  {
    code: "W02",
    title: "The file has another number of weights for a layer",
    settledBy: "choice",
    keras: [
      {
        version: "Keras 3.15, .h5",
        message:
          "Weight count mismatch for layer #… (named {name} in the current model, {name} in the save file). Layer expects … weight(s). Received … saved weight(s)",
      },
      {
        version: "Keras 3, .keras",
        message:
          "Layer '{name}' expected … variables, but received … variables during loading. Expected: […]",
      },
    ],
    why: "Often `use_bias`, `scale` or `center` differ.",
    does: "Names the layer and both lists.",
    todo: "`%step fix 1 adopt` takes the arguments that the stored weights imply, such as `use_bias`; `%step fix 1 keep-initial` leaves the layer as it is.",
  },
  {
    code: "W03",
    title: "A stored weight has another shape",
    settledBy: "choice",
    keras: [
      {
        version: "Keras 3.15, .h5",
        message:
          "Shape mismatch in layer #… (named {name})for weight …. Weight expects shape …. Received saved weight with shape …",
      },
      {
        version: "Keras 3, .keras",
        message:
          "The shape of the target variable and the shape of the target value in `variable.assign(value)` must match.",
      },
    ],
    why: "Another width, another layout, or a registered class that builds another shape.",
    does: "Converts the layouts that it knows (Theano, Keras 1, cuDNN); shows both shapes for the others.",
    todo: "`%step fix 1 adopt` takes the file's shape (units, filters); `permute` turns a kernel round; `keep-initial` leaves zeros. A class of yours: correct it and run its cell again.",
  },
  {
    code: "W04",
    title: "Weights for a layer that was never built",
    settledBy: "itself",
    keras: [
      {
        version: "Keras 3.15",
        message:
          "A total of … objects could not be loaded. Example error message for object <… name={name}, built=False>: Layer '{name}' was never built and thus it doesn't have any variables. However the weights file lists … variables for this layer.",
      },
    ],
    why: "The file has no shape to build the layer with (`build_config`), or the model was never called before it was saved. The stored weights tell the shape.",
    does: "Builds every layer from the shapes that reach it in the graph, and where none does, from the stored weights.",
    todo: "Nothing.",
    python: "Define `build`, or call the model once before loading.",
  },
  {
    code: "W05",
    title: "A weight is missing in the file",
    settledBy: "choice",
    keras: [
      { version: "Keras 3.15", message: "KeyError: '…'" },
      {
        version: "h5py",
        message: "KeyError: \"Unable to synchronously open object (object '…' doesn't exist)\"",
      },
    ],
    why: "The file was cut off or edited.",
    does: "Names the tensor.",
    todo: "`%step fix 1 keep-initial`, or get the file again.",
  },
  {
    code: "W06",
    title: "A bias of the other kind of GRU",
    settledBy: "itself",
    keras: [
      { version: "Keras 2.2", message: "ValueError: Invalid bias shape …" },
      {
        version: "Keras 2.2 and 2.3",
        message: "ValueError: GRU(reset_after=True) is not compatible with GRU(reset_after=False)",
      },
    ],
    why: "The default of `reset_after` changed with TensorFlow 2, and older files do not name it. The bias tells: one row, or two.",
    does: "Goes by the stored bias.",
    todo: "Nothing.",
    python: "`GRU(..., reset_after=True)`.",
  },
  {
    code: "W07",
    title: "Weights of a cuDNN layer",
    settledBy: "itself",
    keras: [
      {
        version: "Keras 3.15",
        message:
          "Shape mismatch in layer #… (named {name})for weight …/bias. Weight expects shape …. Received saved weight with shape …",
      },
    ],
    why: "CuDNNLSTM and CuDNNGRU store their gates in another order and two biases.",
    does: "Converts them.",
    todo: "Nothing.",
    python: "Keras 2 converts too, Keras 3 does not.",
  },
  {
    code: "W08",
    title: "A .h5 that was not finished",
    settledBy: "file",
    keras: [
      {
        version: "Keras 3, when it saved the file",
        message: "ValueError: Unable to create dataset (name already exists)",
      },
      { version: "Keras 3, when it saved the file", message: "TypeError: cannot pickle 'module' object" },
      { version: "Keras 3", message: "No model config found in the file at {path}." },
    ],
    why: "Saving failed half-way: the file has the groups of a whole model, but its architecture or some of its weights were never written.",
    does: "Reads what is there; waits for the architecture.",
    todo: "`%step fix 1 architecture model.json`; `%step fix 1 draft` makes one from the names and shapes of the weights.",
    python: "Save as `.keras`.",
  },
  {
    code: "W09",
    title: "Weights in bfloat16",
    settledBy: "itself",
    keras: [{ version: "Keras 3", message: "TypeError: No cast function available" }],
    why: "HDF5 has no type for bfloat16; Keras 3 writes the bytes and the name of the type beside them, and cannot read its own file.",
    does: "Reads them, exactly.",
    todo: "Nothing.",
    python: "Save as `.keras`.",
  },
  {
    code: "W10",
    title: "A checkpoint whose values do not all find a layer",
    settledBy: "choice",
    keras: [
      {
        version: "TensorFlow",
        message:
          "Value in checkpoint could not be found in the restored object: (root).layer_with_weights-2.kernel",
      },
      {
        version: "TensorFlow",
        message: "ValueError: Tensor's shape (3, 8) is not compatible with supplied shape (3, 4)",
      },
    ],
    why: "The checkpoint is of another version of the model. TensorFlow restores what fits, and says the rest in a warning when the program ends.",
    does: "Shows checkpoint and model side by side, and asks before it goes on with a part.",
    todo: "`%step fix 1 align` takes the pairs that are shown.",
    python: "`checkpoint.restore(path).assert_consumed()`.",
  },
  {
    code: "W11",
    title: "Weights under other names",
    settledBy: "itself",
    keras: [
      { version: "TensorFlow.js", message: "Provided weight data has no target variable: dense_1/kernel" },
      { version: "TensorFlow.js", message: "2 of 4 weights are not set: dense_1/kernel,dense_1/bias" },
    ],
    why: "Keras counts layers up over a session, so that `dense` is `dense_3` the next time; RNN cells and nested models add parts to the name.",
    does: "Matches by order where that fits, by name where the order is another, and never by name alone.",
    todo: "Nothing.",
    python: "`load_weights` in the order of the layers.",
  },
  {
    code: "W12",
    title: "A part of the model that the file has no weights for",
    settledBy: "choice",
    keras: [
      {
        version: "Keras 3.15",
        message:
          "A total of … objects could not be loaded. Example error message for object <… name={name}, built=True>: Layer '{name}' expected … variables, but received 0 variables during loading. Expected: ['gamma', 'beta']",
      },
      {
        version: "Keras 3.15, nested",
        message:
          "UserWarning: Skipping nested container at layers/block: no matching group in the weights file.",
      },
      { version: "Keras 3 before 3.15", message: "nothing: the layers keep their random start" },
    ],
    why: "The weights file is of another version of the model, or its group was lost. Keras warns at most, and the layers predict from random numbers.",
    does: "Says which layers have no weights, and asks.",
    todo: "`%step fix 1 align` where another group is theirs, `%step fix 1 keep-initial` for zeros.",
    python: "`load_weights(path, skip_mismatch=False)`.",
  },
  {
    code: "W13",
    title: "Weights that are not finite",
    settledBy: "choice",
    keras: [{ version: "Keras", message: "nothing; predictions are NaN" }],
    why: "Training diverged before the file was saved.",
    does: "Looks at every weight after loading, and names those with NaN or infinity.",
    todo: "`%step fix 1 keep` keeps them, `%step fix 1 zeros` puts zeros in their place. Better: look for an earlier checkpoint.",
    python: "`np.isfinite(w).all()`.",
  },
];
