/** What each Keras said of the files that the tests make, by code: from test/fixtures/keras-messages.json. */
export const MEASURED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  A01: {
    "Keras 3.15.1": "ValueError: Unrecognized keyword arguments passed to DepthwiseConv2D: {'groups': 1}",
    "Keras 2.21.0": "loads",
    "Keras 2.3.1": "TypeError: ('Keyword argument not understood:', 'groups')",
    "Keras 2.2.4": "TypeError: ('Keyword argument not understood:', 'groups')",
  },
  A02: {
    "Keras 3.15.1": "ValueError: Unrecognized keyword arguments passed to LSTM: {'time_major': False}",
    "Keras 2.21.0": "loads",
    "Keras 2.3.1": "TypeError: ('Keyword argument not understood:', 'time_major')",
    "Keras 2.2.4": "TypeError: ('Keyword argument not understood:', 'time_major')",
  },
  A03: {
    "Keras 3.15.1": "loads",
    "Keras 2.21.0": "ValueError: Unrecognized keyword arguments: ['batch_shape']",
    "Keras 2.3.1": "TypeError: __init__() got an unexpected keyword argument 'batch_shape'",
    "Keras 2.2.4": "TypeError: __init__() got an unexpected keyword argument 'batch_shape'",
  },
  A04: { "Keras 3.15.1": "loads", "Keras 2.21.0": "loads", "Keras 2.3.1": "loads", "Keras 2.2.4": "loads" },
  A05: {
    "Keras 3.15.1":
      "ValueError: Unrecognized keyword arguments passed to BatchNormalization: {'fused': True, 'virtual_batch_size': None}",
    "Keras 2.21.0": "loads",
    "Keras 2.3.1": "TypeError: ('Keyword argument not understood:', 'fused')",
    "Keras 2.2.4": "TypeError: ('Keyword argument not understood:', 'fused')",
  },
  A06: {
    "Keras 3.15.1": "ValueError: Unrecognized keyword arguments passed to Dense: {'shiny_new': True}",
    "Keras 2.21.0": "TypeError: ('Keyword argument not understood:', 'shiny_new')",
    "Keras 2.3.1": "TypeError: ('Keyword argument not understood:', 'shiny_new')",
    "Keras 2.2.4": "TypeError: ('Keyword argument not understood:', 'shiny_new')",
  },
  A07: {
    "Keras 3.15.1":
      "ValueError: Unknown layer: 'Convolution2D'. Please ensure you are using a `keras.utils.custom_object_scope` and that this object is included in the scope. See https://www.tensorflow.org/guide/keras/save_and_serialize#registering_the_custom_object for details.",
    "Keras 2.21.0":
      "TypeError: Conv2D.__init__() missing 2 required positional arguments: 'filters' and 'kernel_size'",
    "Keras 2.3.1": "loads",
    "Keras 2.2.4": "loads",
  },
  A08: {
    "Keras 3.15.1": "loads",
    "Keras 2.21.0": "loads",
    "Keras 2.3.1": "TypeError: tuple indices must be integers or slices, not list",
    "Keras 2.2.4": "TypeError: tuple indices must be integers or slices, not list",
  },
  A09: {
    "Keras 3.15.1":
      "ValueError: Shape mismatch in layer #0 (named norm)for weight chain/norm/gamma. Weight expects shape (3,). Received saved weight with shape (4, 3)",
    "Keras 2.21.0": "ValueError: Unrecognized keyword arguments: ['batch_shape']",
    "Keras 2.3.1": "TypeError: __init__() got an unexpected keyword argument 'batch_shape'",
    "Keras 2.2.4": "TypeError: __init__() got an unexpected keyword argument 'batch_shape'",
  },
  A10: { "Keras 3.15.1": "loads", "Keras 2.21.0": "loads", "Keras 2.3.1": "loads", "Keras 2.2.4": "loads" },
  A11: { "Keras 3.15.1": "loads", "Keras 2.21.0": "loads", "Keras 2.3.1": "loads", "Keras 2.2.4": "loads" },
  A12: {
    "Keras 3.15.1":
      "ValueError: Unknown layer: 'TorchModel'. Please ensure you are using a `keras.utils.custom_object_scope` and that this object is included in the scope. See https://www.tensorflow.org/guide/keras/save_and_serialize#registering_the_custom_object for details.",
    "Keras 2.21.0":
      "ValueError: Unknown layer: 'TorchModel'. Please ensure you are using a `keras.utils.custom_object_scope` and that this object is included in the scope. See https://www.tensorflow.org/guide/keras/save_and_serialize#registering_the_custom_object for details.",
    "Keras 2.3.1": "ValueError: Unknown layer: TorchModel",
    "Keras 2.2.4": "ValueError: Unknown layer: TorchModel",
    "Keras 1.2.2": "ValueError: Invalid layer: TorchModel",
  },
  A13: {
    "Keras 3.15.1":
      "ValueError: Invalid value for argument score_mode. Expected one of {'dot', 'concat'}. Received: score_mode=<function dot at 0x...>",
    "Keras 2.21.0": "ValueError: Unrecognized keyword arguments: ['batch_shape']",
    "Keras 2.3.1": "TypeError: __init__() got an unexpected keyword argument 'batch_shape'",
    "Keras 2.2.4": "TypeError: __init__() got an unexpected keyword argument 'batch_shape'",
  },
  A14: {
    "Keras 3.15.1":
      "ValueError: Requested the deserialization of a `Lambda` layer whose `function` is a Python lambda. This carries a potential risk of arbitrary code execution and thus it is disallowed by default. If you trust the source of the artifact, you can override this error by passing `safe_mode=False` to the…",
    "Keras 2.21.0": "EOFError: marshal data too short",
    "Keras 2.3.1": "EOFError: marshal data too short",
    "Keras 2.2.4": "EOFError: marshal data too short",
  },
  A15: {
    "Keras 3.15.1":
      "ValueError: Requested the deserialization of a `Lambda` layer whose `function` is a Python lambda. This carries a potential risk of arbitrary code execution and thus it is disallowed by default. If you trust the source of the artifact, you can override this error by passing `safe_mode=False` to the…",
    "Keras 2.21.0": "KeyError: 'output_shape_type'",
    "Keras 2.3.1": "SystemError: Objects/codeobject.c:119: bad argument to internal function",
    "Keras 2.2.4": "SystemError: Objects/codeobject.c:131: bad argument to internal function",
  },
  A16: {
    "Keras 3.15.1": "TypeError: unsupported callable",
    "Keras 2.21.0": "EOFError: marshal data too short",
    "Keras 2.3.1": "EOFError: marshal data too short",
    "Keras 2.2.4": "Error: Incorrect padding",
  },
  A17: {
    "Keras 3.15.1":
      "ValueError: Requested the deserialization of a `Lambda` layer whose `function` is a Python lambda. This carries a potential risk of arbitrary code execution and thus it is disallowed by default. If you trust the source of the artifact, you can override this error by passing `safe_mode=False` to the…",
    "Keras 2.21.0": "KeyError: 'output_shape_type'",
    "Keras 2.3.1": "SystemError: Objects/codeobject.c:119: bad argument to internal function",
    "Keras 2.2.4": "SystemError: Objects/codeobject.c:131: bad argument to internal function",
  },
  A18: {
    "Keras 3.15.1": "TypeError: unsupported callable",
    "Keras 2.21.0": "AttributeError: 'NoneType' object has no attribute 'get'",
    "Keras 2.3.1": "AttributeError: 'NoneType' object has no attribute 'get'",
    "Keras 2.2.4": "AttributeError: 'NoneType' object has no attribute 'get'",
  },
  A19: {
    "Keras 3.15.1":
      "ValueError: Unknown layer: 'TFOpLambda'. Please ensure you are using a `keras.utils.custom_object_scope` and that this object is included in the scope. See https://www.tensorflow.org/guide/keras/save_and_serialize#registering_the_custom_object for details.",
    "Keras 2.21.0": "loads",
    "Keras 2.3.1": "ValueError: Unknown layer: TFOpLambda",
    "Keras 2.2.4": "ValueError: Unknown layer: TFOpLambda",
  },
  A20: {
    "Keras 3.15.1": "AttributeError: 'str' object has no attribute 'quantization_mode'",
    "Keras 2.21.0": "loads",
    "Keras 2.3.1": "ValueError: Unknown layer: TFOpLambda",
    "Keras 2.2.4": "ValueError: Unknown layer: TFOpLambda",
  },
  A21: {
    "Keras 3.15.1": "TypeError: pop expected at most 1 argument, got 2",
    "Keras 2.21.0": "loads",
    "Keras 2.3.1": "loads",
    "Keras 2.2.4": "loads",
  },
  A22: {
    "Keras 3.15.1":
      "TypeError: `model_from_config` expects a dictionary, not a list. Received: config=[{'class_name': 'InputLayer', 'config': {'name': 'input_1', 'dtype': 'float32', 'batch_input_shape': [None, 6], 'sparse': False}}, {'class_name': 'Dense', 'config': {'name': 'hidden', 'trainable': True, 'dtype': 'floa…",
    "Keras 2.21.0":
      "TypeError: `model_from_config` expects a dictionary, not a list. Received: config=[{'class_name': 'InputLayer', 'config': {'name': 'input_1', 'dtype': 'float32', 'batch_input_shape': [None, 6], 'sparse': False}}, {'class_name': 'Dense', 'config': {'name': 'hidden', 'trainable': True, 'dtype': 'floa…",
    "Keras 2.3.1":
      "TypeError: `model_from_config` expects a dictionary, not a list. Maybe you meant to use `Sequential.from_config(config)`?",
    "Keras 2.2.4":
      "TypeError: `model_from_config` expects a dictionary, not a list. Maybe you meant to use `Sequential.from_config(config)`?",
    "Keras 1.2.2":
      "TypeError: `model_fom_config` expects a dictionary, not a list. Maybe you meant to use `Sequential.from_config(config)`?",
  },
  A23: {
    "Keras 3.15.1":
      "ValueError: A Sequential model configuration must be a dictionary containing the 'name' and 'layers' keys. Received: config={'layers': [{'class_name': 'InputLayer', 'config': {'name': 'input_1', 'dtype': 'float32', 'batch_input_shape': [None, 6], 'sparse': False}}, {'class_name': 'Dense', 'config':…",
    "Keras 2.21.0":
      "ValueError: Unknown layer: 'layers'. Please ensure you are using a `keras.utils.custom_object_scope` and that this object is included in the scope. See https://www.tensorflow.org/guide/keras/save_and_serialize#registering_the_custom_object for details.",
    "Keras 2.3.1": "ValueError: Unknown layer:layers",
    "Keras 2.2.4": "ValueError: Unknown layer:layers",
  },
  A24: {
    "Keras 3.15.1":
      "ValueError: Received an invalid value for `units`, expected a positive integer. Received: units=-3",
    "Keras 2.21.0":
      "ValueError: Received an invalid value for `units`, expected a positive integer. Received: units=-3",
    "Keras 2.3.1": "ValueError: Invalid value in tensor used for shape: -3",
    "Keras 2.2.4": "ValueError: Invalid value in tensor used for shape: -3",
  },
  C01: {
    "Keras 3.15.1":
      "ValueError: Unknown layer: 'Positive'. Please ensure you are using a `keras.utils.custom_object_scope` and that this object is included in the scope. See https://www.tensorflow.org/guide/keras/save_and_serialize#registering_the_custom_object for details.",
    "Keras 2.21.0":
      "ValueError: Unknown layer: 'Positive'. Please ensure you are using a `keras.utils.custom_object_scope` and that this object is included in the scope. See https://www.tensorflow.org/guide/keras/save_and_serialize#registering_the_custom_object for details.",
    "Keras 2.3.1": "ValueError: Unknown layer: Positive",
    "Keras 2.2.4": "ValueError: Unknown layer: Positive",
  },
  C02: {
    "Keras 3.15.1":
      "TypeError: Could not locate class 'Positive'. Make sure custom classes and functions are decorated with `@keras.saving.register_keras_serializable()`. If they are already decorated, make sure they are all imported so that the decorator is run before trying to load them. Full object config: {'module…",
    "Keras 2.21.0": "ModuleNotFoundError: No module named 'tf_keras.src.models.functional'",
  },
  C03: {
    "Keras 3.15.1": "ModuleNotFoundError: No module named 'keras.src.engine'",
    "Keras 2.21.0": "ValueError: Unrecognized keyword arguments: ['batch_shape']",
  },
  C04: {
    "Keras 3.15.1": "loads",
    "Keras 2.21.0": "ModuleNotFoundError: No module named 'tf_keras.src.models.functional'",
  },
  C05: {
    "Keras 3.15.1":
      "ValueError: Unknown layer: 'ThresholdedReLU'. Please ensure you are using a `keras.utils.custom_object_scope` and that this object is included in the scope. See https://www.tensorflow.org/guide/keras/save_and_serialize#registering_the_custom_object for details.",
    "Keras 2.21.0": "loads",
    "Keras 2.3.1": "loads",
    "Keras 2.2.4": "loads",
  },
  C06: {
    "Keras 3.15.1":
      "ValueError: Unknown layer: 'TFOpLambda'. Please ensure you are using a `keras.utils.custom_object_scope` and that this object is included in the scope. See https://www.tensorflow.org/guide/keras/save_and_serialize#registering_the_custom_object for details.",
    "Keras 2.21.0": "loads",
    "Keras 2.3.1": "ValueError: Unknown layer: TFOpLambda",
    "Keras 2.2.4": "ValueError: Unknown layer: TFOpLambda",
  },
  C07: {
    "Keras 3.15.1":
      "ValueError: Unknown layer: 'Relu'. Please ensure you are using a `keras.utils.custom_object_scope` and that this object is included in the scope. See https://www.tensorflow.org/guide/keras/save_and_serialize#registering_the_custom_object for details.",
    "Keras 2.21.0": "ValueError: Unrecognized keyword arguments: ['batch_shape']",
    "Keras 2.3.1": "TypeError: __init__() got an unexpected keyword argument 'batch_shape'",
    "Keras 2.2.4": "TypeError: __init__() got an unexpected keyword argument 'batch_shape'",
  },
  C08: {
    "Keras 3.15.1": "loads",
    "Keras 2.21.0": "ValueError: Unrecognized keyword arguments: ['batch_shape']",
    "Keras 2.3.1": "TypeError: __init__() got an unexpected keyword argument 'batch_shape'",
    "Keras 2.2.4": "TypeError: __init__() got an unexpected keyword argument 'batch_shape'",
  },
  C09: {
    "Keras 3.15.1":
      "ValueError: Unknown layer: 'TFOpLambda'. Please ensure you are using a `keras.utils.custom_object_scope` and that this object is included in the scope. See https://www.tensorflow.org/guide/keras/save_and_serialize#registering_the_custom_object for details.",
    "Keras 2.21.0": "ValueError: TF symbol `private.check_shapes` could not be found.",
    "Keras 2.3.1": "ValueError: Unknown layer: TFOpLambda",
    "Keras 2.2.4": "ValueError: Unknown layer: TFOpLambda",
  },
  C10: {
    "Keras 3.15.1":
      "ValueError: Unknown layer: 'KerasLayer'. Please ensure you are using a `keras.utils.custom_object_scope` and that this object is included in the scope. See https://www.tensorflow.org/guide/keras/save_and_serialize#registering_the_custom_object for details.",
    "Keras 2.21.0":
      "ValueError: Unknown layer: 'KerasLayer'. Please ensure you are using a `keras.utils.custom_object_scope` and that this object is included in the scope. See https://www.tensorflow.org/guide/keras/save_and_serialize#registering_the_custom_object for details.",
    "Keras 2.3.1": "ValueError: Unknown layer: KerasLayer",
    "Keras 2.2.4": "ValueError: Unknown layer: KerasLayer",
  },
  C11: {
    "Keras 3.15.1":
      "ValueError: Unknown layer: 'Custom>TFBertMainLayer'. Please ensure you are using a `keras.utils.custom_object_scope` and that this object is included in the scope. See https://www.tensorflow.org/guide/keras/save_and_serialize#registering_the_custom_object for details.",
    "Keras 2.21.0":
      "ValueError: Unknown layer: 'Custom>TFBertMainLayer'. Please ensure you are using a `keras.utils.custom_object_scope` and that this object is included in the scope. See https://www.tensorflow.org/guide/keras/save_and_serialize#registering_the_custom_object for details.",
    "Keras 2.3.1": "ValueError: Unknown layer: Custom>TFBertMainLayer",
    "Keras 2.2.4": "ValueError: Unknown layer: Custom>TFBertMainLayer",
  },
  C12: {
    "Keras 3.15.1":
      "ValueError: Unknown layer: 'Addons>GroupNormalization'. Please ensure you are using a `keras.utils.custom_object_scope` and that this object is included in the scope. See https://www.tensorflow.org/guide/keras/save_and_serialize#registering_the_custom_object for details.",
    "Keras 2.21.0":
      "ValueError: Unknown layer: 'Addons>GroupNormalization'. Please ensure you are using a `keras.utils.custom_object_scope` and that this object is included in the scope. See https://www.tensorflow.org/guide/keras/save_and_serialize#registering_the_custom_object for details.",
    "Keras 2.3.1": "ValueError: Unknown layer: Addons>GroupNormalization",
    "Keras 2.2.4": "ValueError: Unknown layer: Addons>GroupNormalization",
  },
  C13: {
    "Keras 3.15.1":
      "ValueError: Unknown layer: 'DenseFeatures'. Please ensure you are using a `keras.utils.custom_object_scope` and that this object is included in the scope. See https://www.tensorflow.org/guide/keras/save_and_serialize#registering_the_custom_object for details.",
    "Keras 2.21.0": "KeyError: 'partitioner'",
    "Keras 2.3.1": "ValueError: Unknown layer: DenseFeatures",
    "Keras 2.2.4": "ValueError: Unknown layer: DenseFeatures",
  },
  C14: { "Keras 3.15.1": "loads", "Keras 2.21.0": "loads", "Keras 2.3.1": "loads", "Keras 2.2.4": "loads" },
  C15: {
    "Keras 3.15.1":
      "ValueError: Unknown layer: 'Mean'. Please ensure you are using a `keras.utils.custom_object_scope` and that this object is included in the scope. See https://www.tensorflow.org/guide/keras/save_and_serialize#registering_the_custom_object for details.",
    "Keras 2.21.0":
      "ValueError: Unknown layer: 'Mean'. Please ensure you are using a `keras.utils.custom_object_scope` and that this object is included in the scope. See https://www.tensorflow.org/guide/keras/save_and_serialize#registering_the_custom_object for details.",
    "Keras 2.3.1": "ValueError: Unknown layer: Mean",
    "Keras 2.2.4": "ValueError: Unknown layer: Mean",
  },
  C16: {
    "Keras 3.15.1": "ValueError: Could not interpret activation function identifier: relu_6",
    "Keras 2.21.0":
      "ValueError: Unknown activation function: 'relu_6'. Please ensure you are using a `keras.utils.custom_object_scope` and that this object is included in the scope. See https://www.tensorflow.org/guide/keras/save_and_serialize#registering_the_custom_object for details.",
    "Keras 2.3.1": "ValueError: Unknown activation function:relu_6",
    "Keras 2.2.4": "ValueError: Unknown activation function:relu_6",
  },
  C17: {
    "Keras 3.15.1":
      "ValueError: Could not interpret initializer identifier: {'class_name': 'Custom>SpiralStart', 'config': {'turns': 3}}",
    "Keras 2.21.0":
      "ValueError: Unknown initializer: 'Custom>SpiralStart'. Please ensure you are using a `keras.utils.custom_object_scope` and that this object is included in the scope. See https://www.tensorflow.org/guide/keras/save_and_serialize#registering_the_custom_object for details.",
    "Keras 2.3.1": "ValueError: Unknown initializer: Custom>SpiralStart",
    "Keras 2.2.4": "ValueError: Unknown initializer: Custom>SpiralStart",
  },
  C18: {
    "Keras 3.15.1": "TypeError: string indices must be integers, not 'str'",
    "Keras 2.21.0":
      "ValueError: Unknown loss function: 'contrastive_margin'. Please ensure you are using a `keras.utils.custom_object_scope` and that this object is included in the scope. See https://www.tensorflow.org/guide/keras/save_and_serialize#registering_the_custom_object for details.",
    "Keras 2.3.1": "KeyError: 'sample_weight_mode'",
    "Keras 2.2.4": "KeyError: 'sample_weight_mode'",
  },
  C19: {
    "Keras 3.15.1":
      "ValueError: Could not deserialize 'keras.metrics.mse' because it is not a KerasSaveable subclass",
    "Keras 2.21.0": "ValueError: Unrecognized keyword arguments: ['batch_shape']",
    "Keras 2.3.1": "TypeError: __init__() got an unexpected keyword argument 'batch_shape'",
    "Keras 2.2.4": "TypeError: __init__() got an unexpected keyword argument 'batch_shape'",
  },
  C20: {
    "Keras 3.15.1": "AttributeError: 'str' object has no attribute 'quantization_mode'",
    "Keras 2.21.0": "loads",
    "Keras 2.3.1": "TypeError: unhashable type: 'dict'",
    "Keras 2.2.4": "loads",
  },
  C21: {
    "Keras 3.15.1":
      "ValueError: Unknown layer: 'Positive'. Please ensure you are using a `keras.utils.custom_object_scope` and that this object is included in the scope. See https://www.tensorflow.org/guide/keras/save_and_serialize#registering_the_custom_object for details.",
    "Keras 2.21.0":
      "ValueError: Unknown layer: 'Positive'. Please ensure you are using a `keras.utils.custom_object_scope` and that this object is included in the scope. See https://www.tensorflow.org/guide/keras/save_and_serialize#registering_the_custom_object for details.",
    "Keras 2.3.1": "ValueError: Unknown layer: Positive",
    "Keras 2.2.4": "ValueError: Unknown layer: Positive",
  },
  C22: {
    "Keras 3.15.1":
      "ValueError: Unknown layer: 'Positive'. Please ensure you are using a `keras.utils.custom_object_scope` and that this object is included in the scope. See https://www.tensorflow.org/guide/keras/save_and_serialize#registering_the_custom_object for details.",
    "Keras 2.21.0":
      "ValueError: Unknown layer: 'Positive'. Please ensure you are using a `keras.utils.custom_object_scope` and that this object is included in the scope. See https://www.tensorflow.org/guide/keras/save_and_serialize#registering_the_custom_object for details.",
    "Keras 2.3.1": "ValueError: Unknown layer: Positive",
    "Keras 2.2.4": "ValueError: Unknown layer: Positive",
  },
  C24: {
    "Keras 3.15.1":
      "TypeError: Could not locate class 'ReLU'. Make sure custom classes and functions are decorated with `@keras.saving.register_keras_serializable()`. If they are already decorated, make sure they are all imported so that the decorator is run before trying to load them. Full object config: {'module': '…",
    "Keras 2.21.0": "ValueError: Unrecognized keyword arguments: ['batch_shape']",
    "Keras 2.3.1": "TypeError: __init__() got an unexpected keyword argument 'batch_shape'",
    "Keras 2.2.4": "TypeError: __init__() got an unexpected keyword argument 'batch_shape'",
  },
  C25: {
    "Keras 3.15.1":
      "ValueError: Cannot deserialize `keras.config.enable_unsafe_deserialization` because it is not a modeling function. Non-modeling APIs are disallowed during deserialization for security. Model configuration should only contains operations, layers, metrics, losses, or registered custom objects and fun…",
    "Keras 2.21.0": "ValueError: Unrecognized keyword arguments: ['batch_shape']",
    "Keras 2.3.1": "TypeError: __init__() got an unexpected keyword argument 'batch_shape'",
    "Keras 2.2.4": "TypeError: __init__() got an unexpected keyword argument 'batch_shape'",
  },
  F01: {
    "Keras 3.15.1":
      "ValueError: File not found: filepath=model.keras. Please ensure the file is an accessible `.keras` zip file.",
    "Keras 2.21.0": "loads",
    "Keras 2.3.1": "loads",
    "Keras 2.2.4": "loads",
  },
  F02: { "Keras 3.15.1": "OSError: Unable to synchronously open file (file signature not found)" },
  F03: {
    "Keras 3.15.1":
      "OSError: Unable to synchronously open file (truncated file: eof = 36240, sblock->base_addr = 0, stored_eof = 42240)",
    "Keras 2.21.0":
      "OSError: Unable to synchronously open file (truncated file: eof = 36240, sblock->base_addr = 0, stored_eof = 42240)",
    "Keras 2.3.1":
      "OSError: Unable to open file (truncated file: eof = 36240, sblock->base_addr = 0, stored_eof = 42240)",
    "Keras 2.2.4":
      "OSError: Unable to open file (truncated file: eof = 36240, sblock->base_addr = 0, stored_eof = 42240)",
    "Keras 1.2.2":
      "OSError: Unable to open file (truncated file: eof = 36240, sblock->base_addr = 0, stored_eof = 42240)",
  },
  F04: { "Keras 3.15.1": "loads", "Keras 2.21.0": "loads", "Keras 2.3.1": "loads", "Keras 2.2.4": "loads" },
  F07: {
    "Keras 3.15.1": "ValueError: Expected a model.weights.h5 or model.weights.npz file.",
    "Keras 2.21.0": "ValueError: Unrecognized keyword arguments: ['batch_shape']",
  },
  F08: {
    "Keras 3.15.1": "ValueError: Unrecognized keyword arguments passed to Dense: {'note': nan}",
    "Keras 2.21.0": "TypeError: ('Keyword argument not understood:', 'note')",
    "Keras 2.3.1": "TypeError: ('Keyword argument not understood:', 'note')",
    "Keras 2.2.4": "TypeError: ('Keyword argument not understood:', 'note')",
  },
  F09: {
    "Keras 3.15.1": "ValueError: No model config found in the file at model.h5.",
    "Keras 2.21.0":
      "ValueError: No model config found in the file at <tensorflow.python.platform.gfile.GFile object at 0x...>.",
    "Keras 2.3.1": "ValueError: Cannot create group in read-only mode.",
    "Keras 2.2.4": "ValueError: Cannot create group in read only mode.",
    "Keras 1.2.2": "ValueError: No model found in config file.",
  },
  F10: { "Keras 3.15.1": "loads", "Keras 2.21.0": "loads", "Keras 2.3.1": "loads", "Keras 2.2.4": "loads" },
  F11: {
    "Keras 3.15.1":
      "ValueError: File format not supported: filepath=weights.index. Keras 3 only supports V3 `.keras` files, legacy H5 format files (`.h5` extension). Note that the legacy SavedModel format is not supported by `load_model()` in Keras 3. In order to reload a TensorFlow SavedModel as an inference-only lay…",
  },
  F12: {
    "Keras 3.15.1":
      "ValueError: File format not supported: filepath=model. Keras 3 only supports V3 `.keras` files, legacy H5 format files (`.h5` extension). Note that the legacy SavedModel format is not supported by `load_model()` in Keras 3. In order to reload a TensorFlow SavedModel as an inference-only layer in Ke…",
    "Keras 2.21.0": "loads",
  },
  F14: {
    "Keras 3.15.1":
      "ValueError: File format not supported: filepath=model. Keras 3 only supports V3 `.keras` files, legacy H5 format files (`.h5` extension). Note that the legacy SavedModel format is not supported by `load_model()` in Keras 3. In order to reload a TensorFlow SavedModel as an inference-only layer in Ke…",
    "Keras 2.21.0":
      "DecodeError: Error parsing message with type 'third_party.py.tf_keras.protobuf.SavedMetadata': Wire format was corrupt",
  },
  F15: {
    "Keras 3.15.1":
      "ValueError: File format not supported: filepath=broken. Keras 3 only supports V3 `.keras` files, legacy H5 format files (`.h5` extension). Note that the legacy SavedModel format is not supported by `load_model()` in Keras 3. In order to reload a TensorFlow SavedModel as an inference-only layer in K…",
    "Keras 2.21.0":
      "RuntimeError: Unsuccessful TensorSliceReader constructor: Failed to find any matching files for broken/variables/variables",
  },
  F16: { "Keras 3.15.1": "OSError: Unable to synchronously open file (file signature not found)" },
  F17: { "Keras 3.15.1": "loads", "Keras 2.21.0": "loads", "Keras 2.3.1": "loads", "Keras 2.2.4": "loads" },
  G01: {
    "Keras 3.15.1":
      "ValueError: Invalid Functional model configuration. The graph of the Functional model either has loops or disconnected nodes. The following nodes failed to be resolved: {<Dense name=left, built=False>: [[['sum', 0, 0, {}]]], <Add name=sum, built=False>: [[['left', 0, 0, {}], ['right', 0, 0, {}]]], …",
    "Keras 2.21.0": "does not return",
    "Keras 2.3.1": "does not return",
    "Keras 2.2.4": "does not return",
  },
  G02: {
    "Keras 3.15.1": "ValueError: Invalid Functional model configuration. Missing node: summ",
    "Keras 2.21.0": "KeyError: 'summ'",
    "Keras 2.3.1": "does not return",
    "Keras 2.2.4": "does not return",
  },
  G03: {
    "Keras 3.15.1": "loads",
    "Keras 2.21.0": "does not return",
    "Keras 2.3.1":
      'ValueError: Graph disconnected: cannot obtain value for tensor Tensor("block_in:0", shape=(?, 6), dtype=float32) at layer "block_in". The following previous layers were accessed without issue: []',
    "Keras 2.2.4":
      'ValueError: Graph disconnected: cannot obtain value for tensor Tensor("block_in:0", shape=(?, 6), dtype=float32) at layer "block_in". The following previous layers were accessed without issue: []',
  },
  G04: {
    "Keras 3.15.1":
      "ValueError: Could not deserialize 'keras.layers.Functional' because it is not a KerasSaveable subclass",
    "Keras 2.21.0": "ValueError: Unrecognized keyword arguments: ['batch_shape']",
    "Keras 2.3.1": "TypeError: __init__() got an unexpected keyword argument 'batch_shape'",
    "Keras 2.2.4": "TypeError: __init__() got an unexpected keyword argument 'batch_shape'",
  },
  G05: {
    "Keras 3.15.1": "ValueError: Output with path `0` is not connected to `inputs`",
    "Keras 2.21.0":
      "ValueError: Graph disconnected: cannot obtain value for tensor KerasTensor(type_spec=TensorSpec(shape=(None, 6), dtype=tf.float32, name='y'), name='y', description=\"created by layer 'y'\") at layer \"right\". The following previous layers were accessed without issue: ['left']",
    "Keras 2.3.1":
      'ValueError: Graph disconnected: cannot obtain value for tensor Tensor("y:0", shape=(?, 6), dtype=float32) at layer "y". The following previous layers were accessed without issue: []',
    "Keras 2.2.4":
      'ValueError: Graph disconnected: cannot obtain value for tensor Tensor("y:0", shape=(?, 6), dtype=float32) at layer "y". The following previous layers were accessed without issue: []',
  },
  G06: {
    "Keras 3.15.1":
      "ValueError: Layer count mismatch when loading weights from file. Model expected 0 layers, found 2 saved layers.",
    "Keras 2.21.0":
      "ValueError: Layer count mismatch when loading weights from file. Model expected 0 layers, found 2 saved layers.",
    "Keras 2.3.1":
      "ValueError: You are trying to load a weight file containing 2 layers into a model with 0 layers",
    "Keras 2.2.4":
      "ValueError: You are trying to load a weight file containing 2 layers into a model with 0 layers",
  },
  G07: {
    "Keras 3.15.1":
      "ValueError: Layer count mismatch when loading weights from file. Model expected 0 layers, found 1 saved layers.",
    "Keras 2.21.0":
      "ValueError: Layer count mismatch when loading weights from file. Model expected 0 layers, found 1 saved layers.",
    "Keras 2.3.1":
      "ValueError: You are trying to load a weight file containing 1 layers into a model with 0 layers",
    "Keras 2.2.4":
      "ValueError: You are trying to load a weight file containing 1 layers into a model with 0 layers",
  },
  G08: {
    "Keras 3.15.1": "loads",
    "Keras 2.21.0": "ValueError: Unrecognized keyword arguments: ['batch_shape']",
    "Keras 2.3.1": "TypeError: __init__() got an unexpected keyword argument 'batch_shape'",
    "Keras 2.2.4": "TypeError: __init__() got an unexpected keyword argument 'batch_shape'",
  },
  G09: {
    "Keras 3.15.1":
      "ValueError: All layers added to a Sequential model should have unique names. Name 'twin' is already the name of a layer in this model. Update the `name` argument to pass a unique name.",
    "Keras 2.21.0":
      'ValueError: All layers added to a Sequential model should have unique names. Name "twin" is already the name of a layer in this model. Update the `name` argument to pass a unique name.',
    "Keras 2.3.1":
      'ValueError: The name "twin" is used 2 times in the model. All layer names should be unique.',
    "Keras 2.2.4":
      'ValueError: The name "twin" is used 2 times in the model. All layer names should be unique.',
  },
  G10: {
    "Keras 3.15.1": "does not return",
    "Keras 2.21.0": "does not return",
    "Keras 2.3.1": "does not return",
    "Keras 2.2.4": "does not return",
  },
  G11: {
    "Keras 3.15.1":
      "ValueError: Input 0 with name 'None' of layer 'memory' is incompatible with the layer: expected ndim=3, found ndim=2. Full shape received: (None, 3)",
    "Keras 2.21.0":
      'ValueError: Input 0 of layer "memory" is incompatible with the layer: expected ndim=3, found ndim=2. Full shape received: (None, 3)',
    "Keras 2.3.1": "ValueError: Input 0 is incompatible with layer memory: expected ndim=3, found ndim=2",
    "Keras 2.2.4": "ValueError: Input 0 is incompatible with layer memory: expected ndim=3, found ndim=2",
  },
  O01: {
    "Keras 3.15.1":
      "ValueError: Could not deserialize 'keras.metrics.mse' because it is not a KerasSaveable subclass",
    "Keras 2.21.0": "KeyError: 'loss_weights'",
    "Keras 2.3.1": "KeyError: 'sample_weight_mode'",
    "Keras 2.2.4": "TypeError: Unexpected keyword argument passed to optimizer: learning_rate",
  },
  O02: {
    "Keras 3.15.1":
      "ValueError: Could not deserialize 'keras.metrics.mse' because it is not a KerasSaveable subclass",
    "Keras 2.21.0": "KeyError: 'loss_weights'",
    "Keras 2.3.1": "KeyError: 'sample_weight_mode'",
    "Keras 2.2.4": "TypeError: Unexpected keyword argument passed to optimizer: learning_rate",
  },
  O03: {
    "Keras 3.15.1":
      "ValueError: Shapes used to initialize variables must be fully-defined (no `None` dimensions). Received: shape=(None, 2) for variable path='out/kernel'",
    "Keras 2.21.0": "ModuleNotFoundError: No module named 'tf_keras.src.models.functional'",
  },
  O04: {
    "Keras 3.15.1":
      "ValueError: Requested the loading of a vocabulary file outside of the model archive. This carries a potential risk of loading arbitrary and sensitive files and thus it is disallowed by default. If you trust the source of the artifact, you can override this error by passing `safe_mode=False` to the …",
    "Keras 2.21.0": "ValueError: Vocabulary file /home/ana/data/colours.txt does not exist.",
    "Keras 2.3.1": "ValueError: Unknown layer: StringLookup",
    "Keras 2.2.4": "ValueError: Unknown layer: StringLookup",
  },
  O05: {
    "Keras 3.15.1": "KeyError: 'value'",
    "Keras 2.21.0": "KeyError: 'value'",
    "Keras 2.3.1": "TypeError: __init__() got an unexpected keyword argument 'batch_shape'",
    "Keras 2.2.4": "TypeError: __init__() got an unexpected keyword argument 'batch_shape'",
  },
  O07: {
    "Keras 3.15.1":
      "ValueError: File format not supported: filepath=frozen.pb. Keras 3 only supports V3 `.keras` files, legacy H5 format files (`.h5` extension). Note that the legacy SavedModel format is not supported by `load_model()` in Keras 3. In order to reload a TensorFlow SavedModel as an inference-only layer i…",
  },
  O08: { "Keras 3.15.1": "loads", "Keras 2.21.0": "loads", "Keras 2.3.1": "loads", "Keras 2.2.4": "loads" },
  W01: {
    "Keras 3.15.1":
      "ValueError: Layer count mismatch when loading weights from file. Model expected 3 layers, found 4 saved layers.",
    "Keras 2.21.0":
      "ValueError: Layer count mismatch when loading weights from file. Model expected 3 layers, found 4 saved layers.",
    "Keras 2.3.1":
      "ValueError: You are trying to load a weight file containing 4 layers into a model with 3 layers",
    "Keras 2.2.4":
      "ValueError: You are trying to load a weight file containing 4 layers into a model with 3 layers",
  },
  W02: {
    "Keras 3.15.1":
      "ValueError: Weight count mismatch for layer #1 (named second in the current model, second in the save file). Layer expects 1 weight(s). Received 2 saved weight(s)",
    "Keras 2.21.0":
      "ValueError: Weight count mismatch for layer #1 (named second in the current model, second in the save file). Layer expects 1 weight(s). Received 2 saved weight(s)",
    "Keras 2.3.1": 'TypeError: can only concatenate str (not "bytes") to str',
    "Keras 2.2.4": "TypeError: must be str, not bytes",
  },
  W03: {
    "Keras 3.15.1":
      "ValueError: Shape mismatch in layer #2 (named third)for weight chain/third/kernel. Weight expects shape (4, 7). Received saved weight with shape (4, 3)",
    "Keras 2.21.0":
      "ValueError: Cannot assign value to variable ' third/kernel:0': Shape mismatch.The variable shape (4, 7), and the assigned value shape (4, 3) are incompatible.",
    "Keras 2.3.1": "loads",
    "Keras 2.2.4":
      "ValueError: Dimension 1 in both shapes must be equal, but are 7 and 3. Shapes are [4,7] and [4,3]. for 'Assign_67' (op: 'Assign') with input shapes: [4,7], [4,3].",
  },
  W04: {
    "Keras 3.15.1":
      "ValueError: A total of 3 objects could not be loaded. Example error message for object <Dense name=first, built=False>: Layer 'first' was never built and thus it doesn't have any variables. However the weights file lists 2 variables for this layer. In most cases, this error indicates that either: 1…",
    "Keras 2.21.0": "KeyError: \"Unable to synchronously open object (object 'vars' doesn't exist)\"",
  },
  W05: {
    "Keras 3.15.1": "KeyError: 'bias'",
    "Keras 2.21.0": "KeyError: \"Unable to synchronously open object (object 'bias' doesn't exist)\"",
    "Keras 2.3.1": "ValueError: Unable to create group (no write intent on file)",
    "Keras 2.2.4": "ValueError: Unable to create group (no write intent on file)",
  },
  W06: {
    "Keras 3.15.1": "loads",
    "Keras 2.21.0": "loads",
    "Keras 2.3.1": "ValueError: GRU(reset_after=True) is not compatible with GRU(reset_after=False)",
    "Keras 2.2.4": "ValueError: GRU(reset_after=True) is not compatible with GRU(reset_after=False)",
  },
  W07: {
    "Keras 3.15.1":
      "ValueError: Shape mismatch in layer #0 (named memory)for weight chain/memory/lstm_cell/bias. Weight expects shape (16,). Received saved weight with shape (32,)",
    "Keras 2.21.0": "loads",
    "Keras 2.3.1": "loads",
    "Keras 2.2.4": "loads",
  },
  W08: {
    "Keras 3.15.1": "ValueError: No model config found in the file at model.h5.",
    "Keras 2.21.0":
      "ValueError: No model config found in the file at <tensorflow.python.platform.gfile.GFile object at 0x...>.",
    "Keras 2.3.1": "ValueError: Cannot create group in read-only mode.",
    "Keras 2.2.4": "ValueError: Cannot create group in read only mode.",
    "Keras 1.2.2": "ValueError: No model found in config file.",
  },
  W10: {
    "Keras 3.15.1":
      "ValueError: File format not supported: filepath=weights.index. Keras 3 only supports V3 `.keras` files, legacy H5 format files (`.h5` extension). Note that the legacy SavedModel format is not supported by `load_model()` in Keras 3. In order to reload a TensorFlow SavedModel as an inference-only lay…",
  },
  W11: {
    "Keras 3.15.1":
      "ValueError: Shape mismatch in layer #0 (named first)for weight chain/first/kernel. Weight expects shape (6, 5). Received saved weight with shape (4, 3)",
    "Keras 2.21.0":
      "ValueError: Cannot assign value to variable ' first/kernel:0': Shape mismatch.The variable shape (6, 5), and the assigned value shape (4, 3) are incompatible.",
    "Keras 2.3.1": "loads",
    "Keras 2.2.4":
      "ValueError: Dimension 0 in both shapes must be equal, but are 6 and 4. Shapes are [6,5] and [4,3]. for 'Assign_73' (op: 'Assign') with input shapes: [6,5], [4,3].",
  },
  W12: {
    "Keras 3.15.1":
      "ValueError: A total of 1 objects could not be loaded. Example error message for object <LayerNormalization name=norm, built=True>: Layer 'norm' expected 2 variables, but received 0 variables during loading. Expected: ['gamma', 'beta'] List of objects that could not be loaded: [<LayerNormalization n…",
    "Keras 2.21.0": "ModuleNotFoundError: No module named 'tf_keras.src.models.functional'",
  },
  W13: { "Keras 3.15.1": "loads", "Keras 2.21.0": "loads", "Keras 2.3.1": "loads", "Keras 2.2.4": "loads" },
};
