/**
 * Arguments of the constructors of every layer, by class: Keras 3.15.1 and tf_keras 2.21.0, read off their signatures
 * (`inspect.signature` over the base classes). Left out: `name`, `dtype`, `trainable`, `activity_regularizer`, which
 * all have, and initializers, regularizers and constraints; and what Keras 2's DepthwiseConv1D and 2D give Conv themselves.
 */

export const KERAS_3_ARGUMENTS: Readonly<Record<string, string>> = {
  Activation: "activation",
  ActivityRegularization: "l1 l2",
  AdaptiveAveragePooling1D: "data_format output_size",
  AdaptiveAveragePooling2D: "data_format output_size",
  AdaptiveAveragePooling3D: "data_format output_size",
  AdaptiveMaxPooling1D: "data_format output_size",
  AdaptiveMaxPooling2D: "data_format output_size",
  AdaptiveMaxPooling3D: "data_format output_size",
  Add: "",
  AdditiveAttention: "dropout score_mode seed use_scale",
  AlphaDropout: "noise_shape rate seed",
  Attention: "dropout score_mode seed use_scale",
  AugMix:
    "all_ops alpha bounding_box_format chain_depth data_format factor interpolation num_chains seed value_range",
  AutoContrast: "bounding_box_format data_format factor value_range",
  Average: "",
  AveragePooling1D: "data_format padding pool_dimensions pool_mode pool_size strides",
  AveragePooling2D: "data_format padding pool_dimensions pool_mode pool_size strides",
  AveragePooling3D: "data_format padding pool_dimensions pool_mode pool_size strides",
  AvgPool1D: "data_format padding pool_dimensions pool_mode pool_size strides",
  AvgPool2D: "data_format padding pool_dimensions pool_mode pool_size strides",
  AvgPool3D: "data_format padding pool_dimensions pool_mode pool_size strides",
  BatchNormalization:
    "axis center epsilon momentum renorm renorm_clipping renorm_momentum scale synchronized",
  Bidirectional: "backward_layer layer merge_mode weights",
  CategoryEncoding: "num_tokens output_mode sparse",
  CenterCrop: "bounding_box_format data_format factor height width",
  Concatenate: "axis",
  ContrastLimitedAdaptiveHistogramEqualization:
    "bounding_box_format clip_limit data_format factor tile_grid_size value_range",
  Conv1D:
    "activation data_format dilation_rate filters groups kernel_size lora_alpha lora_rank padding strides use_bias",
  Conv1DTranspose:
    "activation data_format dilation_rate filters kernel_size output_padding padding strides use_bias",
  Conv2D:
    "activation data_format dilation_rate filters groups kernel_size lora_alpha lora_rank padding strides use_bias",
  Conv2DTranspose:
    "activation data_format dilation_rate filters kernel_size output_padding padding strides use_bias",
  Conv3D:
    "activation data_format dilation_rate filters groups kernel_size lora_alpha lora_rank padding strides use_bias",
  Conv3DTranspose:
    "activation data_format dilation_rate filters kernel_size output_padding padding strides use_bias",
  ConvLSTM1D:
    "activation cell data_format dilation_rate dropout filters go_backwards kernel_size padding recurrent_activation recurrent_dropout return_sequences return_state seed stateful strides unit_forget_bias unroll use_bias zero_output_for_mask",
  ConvLSTM2D:
    "activation cell data_format dilation_rate dropout filters go_backwards kernel_size padding recurrent_activation recurrent_dropout return_sequences return_state seed stateful strides unit_forget_bias unroll use_bias zero_output_for_mask",
  ConvLSTM3D:
    "activation cell data_format dilation_rate dropout filters go_backwards kernel_size padding recurrent_activation recurrent_dropout return_sequences return_state seed stateful strides unit_forget_bias unroll use_bias zero_output_for_mask",
  Convolution1D:
    "activation data_format dilation_rate filters groups kernel_size lora_alpha lora_rank padding strides use_bias",
  Convolution1DTranspose:
    "activation data_format dilation_rate filters kernel_size output_padding padding strides use_bias",
  Convolution2D:
    "activation data_format dilation_rate filters groups kernel_size lora_alpha lora_rank padding strides use_bias",
  Convolution2DTranspose:
    "activation data_format dilation_rate filters kernel_size output_padding padding strides use_bias",
  Convolution3D:
    "activation data_format dilation_rate filters groups kernel_size lora_alpha lora_rank padding strides use_bias",
  Convolution3DTranspose:
    "activation data_format dilation_rate filters kernel_size output_padding padding strides use_bias",
  Cropping1D: "cropping",
  Cropping2D: "cropping data_format",
  Cropping3D: "cropping data_format",
  CutMix: "bounding_box_format data_format factor seed",
  Dense: "activation lora_alpha lora_rank quantization_config units use_bias",
  DepthwiseConv1D:
    "activation data_format depth_multiplier dilation_rate kernel_size padding strides use_bias",
  DepthwiseConv2D:
    "activation data_format depth_multiplier dilation_rate kernel_size padding strides use_bias",
  Discretization: "bin_boundaries epsilon num_bins output_mode sparse",
  Dot: "axes normalize",
  Dropout: "noise_shape rate seed",
  ELU: "alpha",
  EinsumDense:
    "activation bias_axes equation gptq_unpacked_column_size lora_alpha lora_rank output_shape quantization_config",
  Embedding: "input_dim lora_alpha lora_rank mask_zero output_dim quantization_config weights",
  Equalization: "bins bounding_box_format data_format factor value_range",
  Flatten: "data_format",
  FlaxLayer: "call_fn init_fn method module native_serialization_platforms params seed state variables",
  GRU: "activation cell dropout go_backwards recurrent_activation recurrent_dropout reset_after return_sequences return_state seed stateful units unroll use_bias use_cudnn zero_output_for_mask",
  GRUCell: "activation dropout recurrent_activation recurrent_dropout reset_after seed units use_bias",
  GaussianDropout: "rate seed",
  GaussianNoise: "seed stddev",
  GlobalAveragePooling1D: "data_format keepdims pool_dimensions",
  GlobalAveragePooling2D: "data_format keepdims pool_dimensions",
  GlobalAveragePooling3D: "data_format keepdims pool_dimensions",
  GlobalAvgPool1D: "data_format keepdims pool_dimensions",
  GlobalAvgPool2D: "data_format keepdims pool_dimensions",
  GlobalAvgPool3D: "data_format keepdims pool_dimensions",
  GlobalMaxPool1D: "data_format keepdims pool_dimensions",
  GlobalMaxPool2D: "data_format keepdims pool_dimensions",
  GlobalMaxPool3D: "data_format keepdims pool_dimensions",
  GlobalMaxPooling1D: "data_format keepdims pool_dimensions",
  GlobalMaxPooling2D: "data_format keepdims pool_dimensions",
  GlobalMaxPooling3D: "data_format keepdims pool_dimensions",
  GroupNormalization: "axis center epsilon groups scale",
  GroupQueryAttention:
    "dropout flash_attention head_dim num_key_value_heads num_query_heads seed sliding_window use_bias use_gate",
  HashedCrossing: "num_bins output_mode sparse",
  Hashing: "mask_value num_bins output_mode salt sparse",
  Identity: "",
  InputLayer: "batch_shape batch_size input_tensor optional ragged shape sparse",
  IntegerLookup:
    "idf_weights invert mask_token max_tokens num_oov_indices oov_method oov_token output_mode pad_to_max_tokens salt sparse vocabulary vocabulary_dtype",
  JaxLayer: "call_fn init_fn native_serialization_platforms params seed state",
  LSTM: "activation cell dropout go_backwards recurrent_activation recurrent_dropout return_sequences return_state seed stateful unit_forget_bias units unroll use_bias use_cudnn zero_output_for_mask",
  LSTMCell: "activation dropout recurrent_activation recurrent_dropout seed unit_forget_bias units use_bias",
  Lambda: "arguments function mask output_shape",
  Layer: "",
  LayerNormalization: "axis center epsilon scale",
  LeakyReLU: "negative_slope",
  Masking: "mask_value",
  MaxNumBoundingBoxes: "bounding_box_format data_format factor fill_value max_number",
  MaxPool1D: "data_format padding pool_dimensions pool_mode pool_size strides",
  MaxPool2D: "data_format padding pool_dimensions pool_mode pool_size strides",
  MaxPool3D: "data_format padding pool_dimensions pool_mode pool_size strides",
  MaxPooling1D: "data_format padding pool_dimensions pool_mode pool_size strides",
  MaxPooling2D: "data_format padding pool_dimensions pool_mode pool_size strides",
  MaxPooling3D: "data_format padding pool_dimensions pool_mode pool_size strides",
  Maximum: "",
  MelSpectrogram:
    "fft_length mag_exp max_freq min_freq min_power num_mel_bins power_to_db ref_power sampling_rate sequence_length sequence_stride top_db window",
  Minimum: "",
  MixUp: "alpha bounding_box_format data_format factor seed",
  MultiHeadAttention:
    "attention_axes dropout flash_attention key_dim num_heads output_shape seed sliding_window use_bias use_gate value_dim",
  Multiply: "",
  Normalization: "axis invert mean variance",
  PReLU: "shared_axes",
  Permute: "dims",
  Pipeline: "layers",
  RMSNormalization: "axis epsilon",
  RNN: "cell go_backwards return_sequences return_state stateful unroll zero_output_for_mask",
  RandAugment: "bounding_box_format data_format factor interpolation num_ops seed value_range",
  RandomBrightness: "bounding_box_format data_format factor seed value_range",
  RandomColorDegeneration: "bounding_box_format data_format factor seed value_range",
  RandomColorJitter:
    "bounding_box_format brightness_factor contrast_factor data_format factor hue_factor saturation_factor seed value_range",
  RandomContrast: "bounding_box_format data_format factor seed value_range",
  RandomCrop: "bounding_box_format data_format factor height seed width",
  RandomElasticTransform:
    "bounding_box_format data_format factor fill_mode fill_value interpolation scale seed value_range",
  RandomErasing: "bounding_box_format data_format factor fill_value scale seed value_range",
  RandomFlip: "bounding_box_format data_format factor mode seed",
  RandomGaussianBlur: "bounding_box_format data_format factor kernel_size seed sigma value_range",
  RandomGrayscale: "bounding_box_format data_format factor seed",
  RandomHue: "bounding_box_format data_format factor seed value_range",
  RandomInvert: "bounding_box_format data_format factor seed value_range",
  RandomPerspective: "bounding_box_format data_format factor fill_value interpolation scale seed",
  RandomPosterization: "bounding_box_format data_format factor seed value_range",
  RandomRotation: "bounding_box_format data_format factor fill_mode fill_value interpolation seed",
  RandomSaturation: "bounding_box_format data_format factor seed value_range",
  RandomSharpness: "bounding_box_format data_format factor seed value_range",
  RandomShear:
    "bounding_box_format data_format factor fill_mode fill_value interpolation seed x_factor y_factor",
  RandomTranslation:
    "bounding_box_format data_format factor fill_mode fill_value height_factor interpolation seed width_factor",
  RandomZoom:
    "bounding_box_format data_format factor fill_mode fill_value height_factor interpolation seed width_factor",
  ReLU: "max_value negative_slope threshold",
  RepeatVector: "n",
  Rescaling: "offset scale",
  Reshape: "target_shape",
  Resizing:
    "antialias bounding_box_format crop_to_aspect_ratio data_format factor fill_mode fill_value height interpolation pad_to_aspect_ratio width",
  ReversibleEmbedding:
    "input_dim logit_soft_cap lora_alpha lora_rank mask_zero output_dim quantization_config reverse_dtype tie_weights weights",
  STFTSpectrogram:
    "data_format expand_dims fft_length frame_length frame_step mode padding periodic scaling window",
  SeparableConv1D:
    "activation data_format depth_multiplier dilation_rate filters kernel_size padding strides use_bias",
  SeparableConv2D:
    "activation data_format depth_multiplier dilation_rate filters kernel_size padding strides use_bias",
  SeparableConvolution1D:
    "activation data_format depth_multiplier dilation_rate filters kernel_size padding strides use_bias",
  SeparableConvolution2D:
    "activation data_format depth_multiplier dilation_rate filters kernel_size padding strides use_bias",
  SimpleRNN:
    "activation cell dropout go_backwards recurrent_dropout return_sequences return_state seed stateful units unroll use_bias zero_output_for_mask",
  SimpleRNNCell: "activation dropout recurrent_dropout seed units use_bias",
  Softmax: "axis",
  Solarization: "addition_factor bounding_box_format data_format factor seed threshold_factor value_range",
  SpatialDropout1D: "rate seed",
  SpatialDropout2D: "data_format rate seed",
  SpatialDropout3D: "data_format rate seed",
  SpectralNormalization: "layer power_iterations",
  StackedRNNCells: "cells",
  StringLookup:
    "encoding idf_weights invert mask_token max_tokens num_oov_indices oov_method oov_token output_mode pad_to_max_tokens salt sparse vocabulary vocabulary_dtype",
  Subtract: "",
  TFSMLayer: "call_endpoint call_training_endpoint filepath",
  TextVectorization:
    "encoding idf_weights max_tokens ngrams output_mode output_sequence_length pad_to_max_tokens ragged sparse split standardize vocabulary",
  TimeDistributed: "layer",
  TorchModuleWrapper: "module output_shape",
  UnitNormalization: "axis",
  UpSampling1D: "size",
  UpSampling2D: "data_format interpolation size",
  UpSampling3D: "data_format size",
  Wrapper: "layer",
  ZeroPadding1D: "data_format padding",
  ZeroPadding2D: "data_format padding",
  ZeroPadding3D: "data_format padding",
};

export const KERAS_2_ARGUMENTS: Readonly<Record<string, string>> = {
  AbstractRNNCell: "",
  Activation: "activation",
  ActivityRegularization: "l1 l2",
  Add: "",
  AdditiveAttention: "dropout force_generator rng_type seed use_scale",
  AlphaDropout: "force_generator noise_shape rate rng_type seed",
  Attention: "dropout force_generator rng_type score_mode seed use_scale",
  Average: "",
  AveragePooling1D: "data_format padding pool_function pool_size strides",
  AveragePooling2D: "data_format padding pool_function pool_size strides",
  AveragePooling3D: "data_format padding pool_function pool_size strides",
  AvgPool1D: "data_format padding pool_function pool_size strides",
  AvgPool2D: "data_format padding pool_function pool_size strides",
  AvgPool3D: "data_format padding pool_function pool_size strides",
  BatchNormalization:
    "adjustment axis center epsilon fused momentum renorm renorm_clipping renorm_momentum scale synchronized virtual_batch_size",
  Bidirectional: "backward_layer layer merge_mode weights",
  CategoryEncoding: "num_tokens output_mode sparse",
  CenterCrop: "height width",
  Concatenate: "axis",
  Conv1D: "activation conv_op data_format dilation_rate filters groups kernel_size padding strides use_bias",
  Conv1DTranspose:
    "activation conv_op data_format dilation_rate filters groups kernel_size output_padding padding strides use_bias",
  Conv2D: "activation conv_op data_format dilation_rate filters groups kernel_size padding strides use_bias",
  Conv2DTranspose:
    "activation conv_op data_format dilation_rate filters groups kernel_size output_padding padding strides use_bias",
  Conv3D: "activation conv_op data_format dilation_rate filters groups kernel_size padding strides use_bias",
  Conv3DTranspose:
    "activation conv_op data_format dilation_rate filters groups kernel_size output_padding padding strides use_bias",
  ConvLSTM1D:
    "activation cell data_format dilation_rate dropout filters go_backwards kernel_size padding recurrent_activation recurrent_dropout return_sequences return_state stateful strides time_major unit_forget_bias unroll use_bias",
  ConvLSTM2D:
    "activation cell data_format dilation_rate dropout filters go_backwards kernel_size padding recurrent_activation recurrent_dropout return_sequences return_state stateful strides time_major unit_forget_bias unroll use_bias",
  ConvLSTM3D:
    "activation cell data_format dilation_rate dropout filters go_backwards kernel_size padding recurrent_activation recurrent_dropout return_sequences return_state stateful strides time_major unit_forget_bias unroll use_bias",
  Convolution1D:
    "activation conv_op data_format dilation_rate filters groups kernel_size padding strides use_bias",
  Convolution1DTranspose:
    "activation conv_op data_format dilation_rate filters groups kernel_size output_padding padding strides use_bias",
  Convolution2D:
    "activation conv_op data_format dilation_rate filters groups kernel_size padding strides use_bias",
  Convolution2DTranspose:
    "activation conv_op data_format dilation_rate filters groups kernel_size output_padding padding strides use_bias",
  Convolution3D:
    "activation conv_op data_format dilation_rate filters groups kernel_size padding strides use_bias",
  Convolution3DTranspose:
    "activation conv_op data_format dilation_rate filters groups kernel_size output_padding padding strides use_bias",
  Cropping1D: "cropping",
  Cropping2D: "cropping data_format",
  Cropping3D: "cropping data_format",
  Dense: "activation units use_bias",
  DenseFeatures: "expected_column_type feature_columns partitioner",
  DepthwiseConv1D:
    "activation data_format depth_multiplier dilation_rate kernel_size padding strides use_bias",
  DepthwiseConv2D:
    "activation data_format depth_multiplier dilation_rate kernel_size padding strides use_bias",
  Discretization: "bin_boundaries epsilon num_bins output_mode sparse",
  Dot: "axes normalize",
  Dropout: "force_generator noise_shape rate rng_type seed",
  ELU: "alpha",
  EinsumDense: "activation bias_axes equation output_shape",
  Embedding: "input_dim input_length mask_zero output_dim sparse",
  Flatten: "data_format",
  GRU: "activation cell dropout force_generator go_backwards recurrent_activation recurrent_dropout reset_after return_sequences return_state rng_type seed stateful time_major units unroll use_bias",
  GRUCell:
    "activation dropout force_generator recurrent_activation recurrent_dropout reset_after rng_type seed units use_bias",
  GaussianDropout: "force_generator rate rng_type seed",
  GaussianNoise: "force_generator rng_type seed stddev",
  GlobalAveragePooling1D: "data_format keepdims",
  GlobalAveragePooling2D: "data_format keepdims",
  GlobalAveragePooling3D: "data_format keepdims",
  GlobalAvgPool1D: "data_format keepdims",
  GlobalAvgPool2D: "data_format keepdims",
  GlobalAvgPool3D: "data_format keepdims",
  GlobalMaxPool1D: "data_format keepdims",
  GlobalMaxPool2D: "data_format keepdims",
  GlobalMaxPool3D: "data_format keepdims",
  GlobalMaxPooling1D: "data_format keepdims",
  GlobalMaxPooling2D: "data_format keepdims",
  GlobalMaxPooling3D: "data_format keepdims",
  GroupNormalization: "axis center epsilon groups scale",
  HashedCrossing: "num_bins output_mode sparse",
  Hashing: "mask_value num_bins output_mode salt sparse",
  Identity: "",
  InputLayer: "batch_size input_shape input_tensor optional ragged sparse type_spec",
  IntegerLookup:
    "idf_weights invert mask_token max_tokens num_oov_indices oov_token output_mode pad_to_max_tokens sparse vocabulary vocabulary_dtype",
  LSTM: "activation cell dropout force_generator go_backwards recurrent_activation recurrent_dropout return_sequences return_state rng_type seed stateful time_major unit_forget_bias units unroll use_bias",
  LSTMCell:
    "activation dropout force_generator recurrent_activation recurrent_dropout rng_type seed unit_forget_bias units use_bias",
  Lambda: "arguments function mask output_shape",
  Layer: "",
  LayerNormalization: "axis center epsilon scale",
  LeakyReLU: "alpha",
  LocallyConnected1D: "activation data_format filters implementation kernel_size padding strides use_bias",
  LocallyConnected2D: "activation data_format filters implementation kernel_size padding strides use_bias",
  Masking: "mask_value",
  MaxPool1D: "data_format padding pool_function pool_size strides",
  MaxPool2D: "data_format padding pool_function pool_size strides",
  MaxPool3D: "data_format padding pool_function pool_size strides",
  MaxPooling1D: "data_format padding pool_function pool_size strides",
  MaxPooling2D: "data_format padding pool_function pool_size strides",
  MaxPooling3D: "data_format padding pool_function pool_size strides",
  Maximum: "",
  Minimum: "",
  MultiHeadAttention:
    "attention_axes dropout key_dim num_heads output_shape softmax_robust_masking use_bias value_dim",
  Multiply: "",
  Normalization: "axis invert mean variance",
  PReLU: "shared_axes",
  Permute: "dims",
  RNN: "cell go_backwards return_sequences return_state stateful time_major unroll",
  RandomBrightness: "factor force_generator rng_type seed value_range",
  RandomContrast: "factor force_generator rng_type seed",
  RandomCrop: "force_generator height rng_type seed width",
  RandomFlip: "force_generator mode rng_type seed",
  RandomHeight: "factor force_generator interpolation rng_type seed",
  RandomRotation: "factor fill_mode fill_value force_generator interpolation rng_type seed",
  RandomTranslation:
    "fill_mode fill_value force_generator height_factor interpolation rng_type seed width_factor",
  RandomWidth: "factor force_generator interpolation rng_type seed",
  RandomZoom: "fill_mode fill_value force_generator height_factor interpolation rng_type seed width_factor",
  ReLU: "max_value negative_slope threshold",
  RepeatVector: "n",
  Rescaling: "offset scale",
  Reshape: "target_shape",
  Resizing: "crop_to_aspect_ratio height interpolation width",
  SeparableConv1D:
    "activation conv_op data_format depth_multiplier dilation_rate filters groups kernel_size padding strides use_bias",
  SeparableConv2D:
    "activation conv_op data_format depth_multiplier dilation_rate filters groups kernel_size padding strides use_bias",
  SeparableConvolution1D:
    "activation conv_op data_format depth_multiplier dilation_rate filters groups kernel_size padding strides use_bias",
  SeparableConvolution2D:
    "activation conv_op data_format depth_multiplier dilation_rate filters groups kernel_size padding strides use_bias",
  SimpleRNN:
    "activation cell dropout go_backwards recurrent_dropout return_sequences return_state stateful time_major units unroll use_bias",
  SimpleRNNCell: "activation dropout force_generator recurrent_dropout rng_type seed units use_bias",
  Softmax: "axis robust_masking",
  SpatialDropout1D: "force_generator noise_shape rate rng_type seed",
  SpatialDropout2D: "data_format force_generator noise_shape rate rng_type seed",
  SpatialDropout3D: "data_format force_generator noise_shape rate rng_type seed",
  SpectralNormalization: "layer power_iterations",
  StackedRNNCells: "cells",
  StringLookup:
    "encoding idf_weights invert mask_token max_tokens num_oov_indices oov_token output_mode pad_to_max_tokens sparse vocabulary vocabulary_dtype",
  Subtract: "",
  TextVectorization:
    "encoding idf_weights max_tokens ngrams output_mode output_sequence_length pad_to_max_tokens ragged sparse split standardize vocabulary",
  ThresholdedReLU: "theta",
  TimeDistributed: "layer",
  UnitNormalization: "axis",
  UpSampling1D: "size",
  UpSampling2D: "data_format interpolation size",
  UpSampling3D: "data_format size",
  Wrapper: "layer",
  ZeroPadding1D: "padding",
  ZeroPadding2D: "data_format padding",
  ZeroPadding3D: "data_format padding",
};

/** Operations of `keras.ops` that are not in `keras.src.ops.numpy`, by module. */
export const OPERATION_MODULES: Readonly<Record<string, string>> = {
  nn: "AdaptiveAveragePool AdaptiveMaxPool AveragePool BatchNorm BinaryCrossentropy CTCDecode CTCLoss CategoricalCrossentropy Celu Conv ConvTranspose DepthToSpace DepthwiseConv DotProductAttention Elu Fold Gelu Glu HardShrink HardSigmoid HardSilu HardTanh LayerNorm LeakyRelu LogSigmoid LogSoftmax MaxPool Moments MultiHot Normalize OneHot PSNR Polar RMSNorm Relu Relu6 Selu SeparableConv Sigmoid Silu SoftShrink Softmax Softplus Softsign SpaceToDepth SparseCategoricalCrossentropy SparsePlus SparseSigmoid Sparsemax Squareplus TanhShrink Threshold Unfold",
  math: "CDist Erf Erfc Erfinv ExtractSequences FFT FFT2 IFFT2 IRFFT ISTFT InTopK Logdet Logsumexp RFFT Rsqrt STFT SegmentMax SegmentMin SegmentProd SegmentReduction SegmentSum TopK ViewAsComplex ViewAsReal",
  core: "AssociativeScan Cast Cond ConvertToTensor ForiLoop Map SaturateCast Scan Scatter ScatterUpdate Slice SliceUpdate StopGradient Switch Unstack VectorizedMap WhileLoop",
  linalg:
    "Cholesky CholeskyInverse Det Eig Eigh Inv JVP Lstsq LuFactor MatrixRank Norm Pinv Qr SVD Solve SolveTriangular",
  image:
    "AffineTransform CropImages ElasticTransform ExtractPatches GaussianBlur HSVToRGB MapCoordinates PadImages PerspectiveTransform RGBToGrayscale RGBToHSV Resize SSIM ScaleAndTranslate SobelEdges",
};
