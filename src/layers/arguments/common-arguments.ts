/** Keys that any layer may carry and that change nothing when it predicts. */
export const COMMON = new Set([
  "name",
  "trainable",
  "dtype",
  "batch_input_shape",
  "batch_shape",
  "input_shape",
  "input_dtype",
  "activity_regularizer",
  "autocast",
  "dynamic",
  "is_quantized",
]);

/** Where weights start, what is added to the loss, what bounds them: read leniently, never a reason to fail. */
export const TRAINING_ONLY = /_(initializer|regularizer|constraint|init)$|^init$/;
