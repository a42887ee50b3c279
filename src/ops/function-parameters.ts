/**
 * Positional parameters of functions of `keras.ops` that take more in order than their operation is called with, or in
 * another order: the settings that an operation is made with come between (Keras 3.15, `inspect.signature`).
 */
export const FUNCTION_PARAMETERS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    "x axis weights": "average",
    "x weights minlength sparse": "bincount",
    "target output from_logits": "binary_crossentropy",
    "target output from_logits axis": "categorical_crossentropy sparse_categorical_crossentropy",
    "x alpha": "celu elu",
    "inputs kernel strides padding data_format dilation_rate": "conv depthwise_conv",
    "inputs kernel strides padding output_padding data_format dilation_rate": "conv_transpose",
    "inputs depthwise_kernel pointwise_kernel strides padding data_format dilation_rate": "separable_conv",
    "x1 x2 axisa axisb axisc axis": "cross",
    "inputs sequence_lengths strategy beam_width top_paths merge_repeated mask_index": "ctc_decode",
    "target output target_length output_length mask_index": "ctc_loss",
    "query key value bias mask scale is_causal flash_attention attn_logits_soft_cap": "dot_product_attention",
    "x approximate": "gelu",
    "start stop num endpoint dtype axis": "geomspace",
    "x axis": "glu log_softmax softmax sparsemax",
    "x threshold": "hard_shrink soft_shrink",
    "x1 x2 rtol atol equal_nan": "isclose",
    "x1 x2 assume_unique invert": "isin",
    "x negative_slope": "leaky_relu",
    "start stop num endpoint retstep dtype axis": "linspace",
    "start stop num endpoint base dtype axis": "logspace",
    "x axis keepdims initial": "max min",
    "x axes keepdims synchronized": "moments",
    "inputs num_classes axis dtype sparse": "multi_hot",
    "x nan posinf neginf": "nan_to_num",
    "x q axis method keepdims": "percentile quantile nanpercentile nanquantile",
    "inputs indices updates reduction": "scatter_update",
    "data segment_ids num_segments sorted": "segment_max segment_sum",
    "x b": "squareplus",
    "x threshold default_value": "threshold",
    "inputs pool_size strides padding data_format": "max_pool average_pool",
    "images transform interpolation fill_mode fill_value data_format": "affine_transform",
    "images top_cropping left_cropping bottom_cropping right_cropping target_height target_width data_format":
      "crop_images",
    "images size strides dilation_rate padding data_format": "extract_patches",
    "images kernel_size sigma data_format": "gaussian_blur",
    "inputs coordinates order fill_mode fill_value": "map_coordinates",
    "images top_padding left_padding bottom_padding right_padding target_height target_width data_format":
      "pad_images",
    "images size interpolation antialias crop_to_aspect_ratio pad_to_aspect_ratio fill_mode fill_value data_format":
      "resize",
    "x gamma beta axis epsilon": "layer_normalization",
    "x scale axis epsilon": "rms_normalization",
  }).flatMap(([parameters, names]) => names.split(" ").map((name) => [name, parameters.split(" ")] as const)),
);
