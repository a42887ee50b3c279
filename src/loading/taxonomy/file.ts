import type { TaxonomyEntry } from "./entry.js";

/** The file: codes F01 and on. */
export const FILE: readonly TaxonomyEntry[] = [
  {
    code: "F01",
    title: "The name and the content disagree",
    settledBy: "itself",
    keras: [
      {
        version: "Keras 3",
        message: "File not found: filepath=… Please ensure the file is an accessible `.keras` zip file.",
      },
    ],
    why: "Keras goes by the extension, and says the same for a missing file, for HDF5 bytes named `.keras`, for a truncated archive and for text.",
    does: "Opens the file by its first bytes, whatever its name, and notes the difference.",
    todo: "Nothing. Rename the file if Keras is to open it too.",
    python: "Rename `model.keras` to `model.h5`.",
  },
  {
    code: "F02",
    title: "Not a model file",
    settledBy: "itself",
    keras: [
      {
        version: "Keras 2 and 3",
        message: "OSError: Unable to synchronously open file (file signature not found)",
        of: /\.(h5|hdf5)$/,
      },
      {
        version: "Keras 3",
        message:
          "ValueError: File not found: filepath={path}. Please ensure the file is an accessible `.keras` zip file.",
        of: /\.keras$/,
      },
    ],
    why: "The bytes are something else: a Git-LFS pointer, a web page or a server's answer that was saved in place of the download, a pickle, an archive, a model of another program.",
    whys: [
      {
        of: /Git-LFS pointer/,
        why: "The repository keeps its large files in Git LFS: a clone without it, or a download of the raw link, gets this pointer in their place.",
      },
      {
        of: /copied as text/,
        why: "A program that took the file for text has changed its line ends on the way: FTP in ASCII mode, git with autocrlf, an editor.",
      },
      {
        of: /web page/,
        why: "The address led to a page about the file (a login, a warning, an error), and that page was saved under the file's name.",
      },
    ],
    does: "Says what the file is, with its first bytes. Nothing in it is run.",
    todo: "Do what the card advises: `git lfs pull`, the page's raw link, or another file.",
  },
  {
    code: "F03",
    title: "The file is cut off",
    settledBy: "choice",
    keras: [
      {
        version: "Keras 2 and 3",
        message:
          "OSError: Unable to synchronously open file (truncated file: eof = …, sblock->base_addr = 0, stored_eof = …)",
        of: /^(?!Checksums)[^]*\.(h5|hdf5)$/,
      },
      {
        version: "Keras 3",
        message:
          "ValueError: File not found: filepath={path}. Please ensure the file is an accessible `.keras` zip file.",
        of: /^(?!Checksums)[^]*\.keras$/,
      },
      {
        version: "h5py",
        message: "OSError: Can't synchronously read data (filter returned failure during read)",
        of: /^Checksums[^]*\bchunk[^]*\.(h5|hdf5)$/,
      },
      {
        version: "Keras 3",
        message: "BadZipFile: Bad CRC-32 for file 'model.weights.h5'",
        of: /^Checksums[^]*\.keras$/,
      },
    ],
    why: "A download or a copy ended early. HDF5 keeps its size in its first bytes, so that the loss can be measured; a zip archive keeps its list at its end, so that its members are found without it.",
    does: "Reads what is whole, names the tensors that are lost and how much of the file is missing. Checksums are compared where a file has them (the structure of newer HDF5 files, the members of a zip archive): bytes that have changed since it was written are told in the same way.",
    todo: "`%step fix 1 salvage` goes on with what is whole; lost tensors are zeros, marked as a stub. `%step fix 1 read-anyway` reads a file whose checksums differ as it stands. Better: get the file again.",
    python: "Download again.",
  },
  {
    code: "F04",
    title: "No such file",
    settledBy: "choice",
    keras: [
      { version: "Keras 2", message: "No file or directory found at …" },
      { version: "Keras 3", message: "[Errno 2] Unable to synchronously open file" },
    ],
    why: "Relative paths start in the notebook's folder; in a terminal, in the folder where the command is given.",
    whys: [
      {
        of: /An address that is not fetched/,
        why: "Each store of files has a program of its own, which signs its users in.",
      },
      {
        of: /The address cannot be reached/,
        why: "No server answered there: the address is mistyped, the network is off, or a proxy stands between.",
      },
      {
        of: /the server answers \d/,
        why: "The server answered, but with no file: it was moved, renamed or removed, or is for those who sign in.",
      },
    ],
    does: "Shows the path that was tried and the model files nearby, the likeliest first.",
    todo: "`%step fix 1 open` opens the likeliest, `%step fix 1 open PATH` another.",
    python: "`os.path.abspath(path)`.",
  },
  {
    code: "F05",
    title: "A SavedModel, which Keras 3 does not load",
    settledBy: "itself",
    keras: [
      {
        version: "Keras 3",
        message:
          "File format not supported: filepath={path}. Keras 3 only supports V3 `.keras` files and legacy H5 format files (`.h5` extension). Note that the legacy SavedModel format is not supported by `load_model()` in Keras 3. In order to reload a TensorFlow SavedModel as an inference-only layer in Keras 3, use `keras.layers.TFSMLayer({path}, call_endpoint='serving_default')` (note that your `call_endpoint` might have a different name).",
      },
    ],
    why: "Keras 3 dropped the SavedModel format that Keras 2 saved to by default. Folders are a format of their own, and so is a file whose name ends in neither `.keras` nor `.h5`.",
    does: "Opens it: its layers where Keras 2 left its metadata in it, else its graph of operations.",
    todo: "Nothing.",
    python: "`TF_USE_LEGACY_KERAS=1`, or `keras.layers.TFSMLayer`.",
  },
  {
    code: "F06",
    title: "The archive holds no config.json at its top",
    settledBy: "choice",
    keras: [{ version: "Keras 3", message: "KeyError: There is no item named 'config.json' in the archive" }],
    why: "A folder was zipped instead of its content, a file in it was given another name, or the zip is something else.",
    does: "Finds the model in a folder inside the archive, and weights that are its only HDF5 file whatever it is called; says what a zip without one holds.",
    todo: "Give the architecture, or unpack the archive and open what is inside.",
    python: "Zip the files themselves, without the folder around them.",
  },
  {
    code: "F07",
    title: "The weights, or a part of them, are missing",
    settledBy: "file",
    keras: [{ version: "Keras 3", message: "Expected a model.weights.h5 or model.weights.npz file." }],
    why: "An archive without weights, a sharded file without one of its parts, or an architecture alone.",
    does: "Reads what is there and names what is not.",
    todo: "`%step fix 1 weights PATH` takes the weights of another file; or put the missing part beside the others. `%step fix 1 salvage` goes on with what is whole of the parts that are there; lost tensors are zeros, marked as a stub.",
    python: "`model.load_weights(...)` after building.",
  },
  {
    code: "F08",
    title: "JSON that is not quite JSON",
    settledBy: "itself",
    keras: [{ version: "Python", message: "json.decoder.JSONDecodeError" }],
    why: "Edited by hand, or with Python's `NaN` and `Infinity`, which JSON does not have.",
    whys: [
      {
        of: /the text ends before/,
        why: "The text stops before its last bracket: it was cut when it was written or copied.",
      },
      {
        of: /get_config\(\) gives|one level deeper|stands there and not|in a group of the file/,
        why: "The config was not written by `model.save` or `model.to_json()`, but put there by a program of its own.",
      },
      {
        of: /as Python prints/,
        why: "What `print(config)` or `str(config)` gives is Python's notation, not JSON: `json.dumps(config)` and `model.to_json()` write JSON.",
      },
    ],
    does: "Finds the config under other names, in datasets, in groups and in base64, and completes what `model.get_config()` gave. Reads `NaN`, `Infinity` and `-Infinity` and values as Python prints them (`'a'`, `True`, `None`, `(1, 2)`), and passes over comments and commas before a closing bracket; for anything else, line and column of the mistake.",
    todo: "Correct the file at that place. Where the weights are there, `%step fix 1 architecture model.json` takes the architecture of another file.",
  },
  {
    code: "F09",
    title: "Weights without an architecture",
    settledBy: "file",
    keras: [
      { version: "Keras 2.4 and 3", message: "No model config found in the file at …" },
      { version: "Keras 2.2", message: "ValueError: Cannot create group in read only mode." },
    ],
    why: "`model.save_weights` writes weights alone. The architecture was never in the file.",
    whys: [
      {
        of: /^Several models in one file/,
        why: "A script stored models side by side. Keras reads the one at the root of a file, and there is none.",
      },
    ],
    does: "Takes an architecture that lies beside the file and names all its layers; otherwise waits for one.",
    todo: "`%step fix 1 architecture model.json`, with what `model.to_json()` wrote. `%step draft` prints an architecture drafted from names and shapes as a cell, to be corrected and run; `%step fix 1 draft` takes it as it is.",
    python: "Build the model from its code, then `model.load_weights(path)`.",
  },
  {
    code: "F10",
    title: "Names and configuration stored as bytes",
    settledBy: "itself",
    keras: [
      {
        version: "Keras 2.3 and older, with h5py 3",
        message: "AttributeError: 'str' object has no attribute 'decode'",
      },
    ],
    why: "h5py 2 wrote and read text attributes as bytes, h5py 3 gives text. Keras before 2.4 decodes what is text already.",
    does: "Reads bytes of fixed length, bytes of variable length and text alike.",
    todo: "Nothing.",
    python: "`pip install 'h5py<3'`.",
  },
  {
    code: "F11",
    title: "A checkpoint, not an archive",
    settledBy: "itself",
    keras: [
      { version: "Keras 3", message: "ValueError: File format not supported: filepath={path}." },
      { version: "NumPy", message: "zipfile.BadZipFile: File is not a zip file" },
    ],
    why: "`model.save_weights('name')` of Keras 2 writes a TensorFlow checkpoint: `name.index` and `name.data-00000-of-00001`, with no file called `name`.",
    does: "Takes the checkpoint by its prefix, its index or a part of it; the weights are matched with an architecture as in F09.",
    todo: "Give the architecture where the checkpoint has none beside it.",
    python: "`model.load_weights('name')` in Keras 2.",
  },
  {
    code: "F12",
    title: "No SavedModel in this folder",
    settledBy: "itself",
    keras: [
      {
        version: "TensorFlow",
        message: "SavedModel file does not exist at: X/{saved_model.pbtxt|saved_model.pb}",
      },
    ],
    why: "The path is one level too high or too low, or `saved_model.pb` is missing.",
    does: "Looks in the folders below and says which one is the model.",
    todo: "Give that folder.",
  },
  {
    code: "F13",
    title: "A SavedModel without Keras's metadata",
    settledBy: "itself",
    keras: [
      {
        version: "Keras 2",
        message:
          "Unable to create a TF-Keras model from SavedModel at … exported with tf.saved_model.save, and lacks the TF-Keras metadata file",
      },
    ],
    why: "It was exported for serving, without its layers, or `keras_metadata.pb`, which names them, was not copied along.",
    does: "Runs its graph of operations: the same numbers, without layers.",
    todo: "Nothing. `model.predict(x)` works as usual. For the layers, copy `keras_metadata.pb` next to `saved_model.pb`, if there is one where the model was saved.",
    python: "`tf.saved_model.load(path).signatures['serving_default']`.",
  },
  {
    code: "F14",
    title: "A protobuf that cannot be read",
    settledBy: "itself",
    keras: [{ version: "Keras 2", message: "Cannot parse keras metadata at path …" }],
    why: "`keras_metadata.pb` or `saved_model.pb` is damaged or something else.",
    does: "Goes on without the metadata, with the graph, where that is whole.",
    todo: "Get the file again if the layers are needed.",
  },
  {
    code: "F15",
    title: "The variables of a SavedModel are missing",
    settledBy: "file",
    keras: [
      {
        version: "Keras 2",
        message:
          "Unable to load weights. filepath … appears to be a SavedModel directory, but checkpoint either doesn't exist, or is incorrectly formatted",
      },
    ],
    why: "The folder `variables/`, or one of the files in it, was not copied along.",
    does: "Opens what is there and says which files are missing.",
    todo: "`%step fix 1 weights PATH` takes them from a copy, a checkpoint or a `.h5`; or copy `variables/` beside `saved_model.pb`. `%step fix 1 salvage` goes on with the shards that are there.",
  },
  {
    code: "F16",
    title: "Bytes of no known kind",
    settledBy: "choice",
    keras: [
      {
        version: "Keras 2",
        message:
          "OSError: Unable to load model. Filepath is not an hdf5 file (or h5py is not available) or SavedModel. Received: filepath={path}",
      },
      {
        version: "Keras 3",
        message: "OSError: Unable to synchronously open file (file signature not found)",
      },
    ],
    why: "The first bytes are those of no format that holds a model, and of nothing else that is known: encrypted, damaged from the start, or another program's.",
    does: "Shows the first bytes, and offers the model files nearby.",
    todo: "`%step fix 1 open PATH` goes on with another file in the same session.",
    python: "Look at the file: `xxd model.h5 | head`.",
  },
  {
    code: "F17",
    title: "The path is no folder, or leads through a file",
    settledBy: "choice",
    keras: [
      { version: "Keras 3", message: "ValueError: Directory doesn't exist: {path}" },
      { version: "Keras 3", message: "ValueError: Path isn't a directory: {path}" },
    ],
    why: "The path ends in a slash or goes on behind a file's name, so that a folder is asked for where there is none.",
    does: "Says which part of the path is there and what it is, and offers the file itself or the models nearby.",
    todo: "`%step fix 1 open PATH`.",
    python: "`os.path.isdir(path)`.",
  },
  {
    code: "F18",
    title: "Content that is refused",
    settledBy: "refused",
    keras: [
      {
        version: "Keras 3.13",
        message: "Not allowed: H5 file with ExternalLink/SoftLink",
        of: /\blinks?\b|another file|external/i,
      },
      {
        version: "Keras 3.15",
        message:
          "Not allowed: H5 dataset '…' declares … but only … are stored on disk; refusing to load a potential decompression/shape bomb.",
        of: /dataset declares/,
      },
    ],
    whys: [
      {
        of: /calls Python code/,
        why: "The graph calls back into the Python program that made it. The file holds a number for that function, not the function; Keras and TensorFlow cannot run it either.",
      },
      {
        of: /is encrypted/,
        why: "The archive is protected by a password, which is not asked for here.",
      },
      {
        of: /is compressed by method/,
        why: "Two ways of packing are read, those that nearly all zip programs use; this is another.",
      },
      {
        of: /pickle/i,
        why: "A pickle is a program that runs when it is read. No model file is run here.",
      },
    ],
    why: "A model file may not make its reader open other files, reserve more memory than it has content for, or run something. Files that try are hostile or odd.",
    does: "Refuses, and names the place. There is no switch.",
    todo: "Ask where the file comes from.",
  },
];
