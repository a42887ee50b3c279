// Made by test/fixtures/layer_signatures.py from the signatures of Keras: do not edit.
import type * as tf from "@tensorflow/tfjs";
import type { JsonValue } from "../formats/model-file.js";

/** One number for each axis, or pairs of them. */
export type Numbers = readonly (number | null | readonly number[])[];

/** An initializer, regularizer or constraint: Keras's name for it, or `{ class_name, config }`. */
export type Setting = string | { readonly class_name: string; readonly config: JsonValue } | null;

/** What every layer takes. */
export interface CommonArguments {
  /** Unique within its model; made from the class where it is left out. */
  readonly name?: string;
  /** False keeps the weights as they are in training. */
  readonly trainable?: boolean;
  /** Shape of one example, for the first layer of a Sequential. */
  readonly inputShape?: readonly (number | null)[];
  /** The same with the batch in front. */
  readonly batchInputShape?: readonly (number | null)[];
}

/** Arguments of Activation. */
export interface ActivationArguments extends CommonArguments {
  readonly activation: string | null;
}

/** Arguments of ActivityRegularization. */
export interface ActivityRegularizationArguments extends CommonArguments {
  /** Default 0.0. */
  readonly l1?: number;
  /** Default 0.0. */
  readonly l2?: number;
}

/** Arguments of AdaptiveAveragePooling1D. */
export interface AdaptiveAveragePooling1DArguments extends CommonArguments {
  readonly outputSize: number | Numbers | null;
  /** Default null. */
  readonly dataFormat?: JsonValue;
}

/** Arguments of AdaptiveAveragePooling2D. */
export interface AdaptiveAveragePooling2DArguments extends CommonArguments {
  readonly outputSize: number | Numbers | null;
  /** Default null. */
  readonly dataFormat?: JsonValue;
}

/** Arguments of AdaptiveAveragePooling3D. */
export interface AdaptiveAveragePooling3DArguments extends CommonArguments {
  readonly outputSize: number | Numbers | null;
  /** Default null. */
  readonly dataFormat?: JsonValue;
}

/** Arguments of AdaptiveMaxPooling1D. */
export interface AdaptiveMaxPooling1DArguments extends CommonArguments {
  readonly outputSize: number | Numbers | null;
  /** Default null. */
  readonly dataFormat?: JsonValue;
}

/** Arguments of AdaptiveMaxPooling2D. */
export interface AdaptiveMaxPooling2DArguments extends CommonArguments {
  readonly outputSize: number | Numbers | null;
  /** Default null. */
  readonly dataFormat?: JsonValue;
}

/** Arguments of AdaptiveMaxPooling3D. */
export interface AdaptiveMaxPooling3DArguments extends CommonArguments {
  readonly outputSize: number | Numbers | null;
  /** Default null. */
  readonly dataFormat?: JsonValue;
}

/** Arguments of Add. */
export type AddArguments = CommonArguments;

/** Arguments of AdditiveAttention. */
export interface AdditiveAttentionArguments extends CommonArguments {
  /** Default true. */
  readonly useScale?: boolean;
  /** Default 0.0. */
  readonly dropout?: number;
  /** Default "dot". */
  readonly scoreMode?: string;
  /** Default null. */
  readonly seed?: number | null;
}

/** Arguments of AlphaDropout. */
export interface AlphaDropoutArguments extends CommonArguments {
  readonly rate: number | null;
  /** Default null. */
  readonly noiseShape?: number | Numbers | null;
  /** Default null. */
  readonly seed?: number | null;
}

/** Arguments of Attention. */
export interface AttentionArguments extends CommonArguments {
  /** Default false. */
  readonly useScale?: boolean;
  /** Default "dot". */
  readonly scoreMode?: string;
  /** Default 0.0. */
  readonly dropout?: number;
  /** Default null. */
  readonly seed?: number | null;
}

/** Arguments of AugMix. */
export interface AugMixArguments extends CommonArguments {
  /** Default [0, 255]. */
  readonly valueRange?: number | readonly number[] | null;
  /** Default 3. */
  readonly numChains?: number;
  /** Default 3. */
  readonly chainDepth?: number;
  /** Default 0.3. */
  readonly factor?: number | readonly number[] | null;
  /** Default 1.0. */
  readonly alpha?: number;
  /** Default true. */
  readonly allOps?: boolean;
  /** Default "bilinear". */
  readonly interpolation?: string;
  /** Default null. */
  readonly seed?: number | null;
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default null. */
  readonly boundingBoxFormat?: JsonValue;
}

/** Arguments of AutoContrast. */
export interface AutoContrastArguments extends CommonArguments {
  /** Default [0, 255]. */
  readonly valueRange?: number | readonly number[] | null;
  /** Default null. */
  readonly factor?: number | readonly number[] | null;
  /** Default null. */
  readonly boundingBoxFormat?: JsonValue;
  /** Default null. */
  readonly dataFormat?: JsonValue;
}

/** Arguments of Average. */
export type AverageArguments = CommonArguments;

/** Arguments of AveragePooling1D. */
export interface AveragePooling1DArguments extends CommonArguments {
  readonly poolSize: number | Numbers | null;
  /** Default null. */
  readonly strides?: number | Numbers | null;
  /** Default "valid". */
  readonly padding?: string;
  /** Default null. */
  readonly dataFormat?: JsonValue;
}

/** Arguments of AveragePooling2D. */
export interface AveragePooling2DArguments extends CommonArguments {
  readonly poolSize: number | Numbers | null;
  /** Default null. */
  readonly strides?: number | Numbers | null;
  /** Default "valid". */
  readonly padding?: string;
  /** Default null. */
  readonly dataFormat?: JsonValue;
}

/** Arguments of AveragePooling3D. */
export interface AveragePooling3DArguments extends CommonArguments {
  readonly poolSize: number | Numbers | null;
  /** Default null. */
  readonly strides?: number | Numbers | null;
  /** Default "valid". */
  readonly padding?: string;
  /** Default null. */
  readonly dataFormat?: JsonValue;
}

/** Arguments of AvgPool1D. */
export interface AvgPool1DArguments extends CommonArguments {
  /** Default 2. */
  readonly poolSize?: number | Numbers | null;
  /** Default null. */
  readonly strides?: number | Numbers | null;
  /** Default "valid". */
  readonly padding?: string;
  /** Default "channels_last". */
  readonly dataFormat?: string;
}

/** Arguments of AvgPool2D. */
export interface AvgPool2DArguments extends CommonArguments {
  /** Default [2, 2]. */
  readonly poolSize?: number | Numbers | null;
  /** Default null. */
  readonly strides?: number | Numbers | null;
  /** Default "valid". */
  readonly padding?: string;
  /** Default null. */
  readonly dataFormat?: JsonValue;
}

/** Arguments of AvgPool3D. */
export interface AvgPool3DArguments extends CommonArguments {
  /** Default [2, 2, 2]. */
  readonly poolSize?: number | Numbers | null;
  /** Default null. */
  readonly strides?: number | Numbers | null;
  /** Default "valid". */
  readonly padding?: string;
  /** Default null. */
  readonly dataFormat?: JsonValue;
}

/** Arguments of BatchNormalization. */
export interface BatchNormalizationArguments extends CommonArguments {
  /** Default -1. */
  readonly axis?: number | Numbers | null;
  /** Default 0.99. */
  readonly momentum?: number;
  /** Default 0.001. */
  readonly epsilon?: number;
  /** Default true. */
  readonly center?: boolean;
  /** Default true. */
  readonly scale?: boolean;
  /** Default "zeros". */
  readonly betaInitializer?: Setting;
  /** Default "ones". */
  readonly gammaInitializer?: Setting;
  /** Default "zeros". */
  readonly movingMeanInitializer?: Setting;
  /** Default "ones". */
  readonly movingVarianceInitializer?: Setting;
  /** Default null. */
  readonly betaRegularizer?: Setting;
  /** Default null. */
  readonly gammaRegularizer?: Setting;
  /** Default null. */
  readonly betaConstraint?: Setting;
  /** Default null. */
  readonly gammaConstraint?: Setting;
  /** Default false. */
  readonly renorm?: boolean;
  /** Default null. */
  readonly renormClipping?: JsonValue;
  /** Default 0.99. */
  readonly renormMomentum?: number;
  /** Default false. */
  readonly synchronized?: boolean;
}

/** Arguments of Bidirectional. */
export interface BidirectionalArguments extends CommonArguments {
  readonly layer: tf.layers.Layer;
  /** Default "concat". */
  readonly mergeMode?: string;
  /** Default null. */
  readonly weights?: JsonValue;
  /** Default null. */
  readonly backwardLayer?: tf.layers.Layer;
}

/** Arguments of CategoryEncoding. */
export interface CategoryEncodingArguments extends CommonArguments {
  /** Default null. */
  readonly numTokens?: number | null;
  /** Default "multi_hot". */
  readonly outputMode?: string;
  /** Default false. */
  readonly sparse?: boolean;
}

/** Arguments of CenterCrop. */
export interface CenterCropArguments extends CommonArguments {
  readonly height: number | null;
  readonly width: number | null;
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default null. */
  readonly factor?: number | readonly number[] | null;
  /** Default null. */
  readonly boundingBoxFormat?: JsonValue;
}

/** Arguments of Concatenate. */
export interface ConcatenateArguments extends CommonArguments {
  /** Default -1. */
  readonly axis?: number | Numbers | null;
}

/** Arguments of ContrastLimitedAdaptiveHistogramEqualization. */
export interface ContrastLimitedAdaptiveHistogramEqualizationArguments extends CommonArguments {
  /** Default [0, 255]. */
  readonly valueRange?: number | readonly number[] | null;
  /** Default 4.0. */
  readonly clipLimit?: number;
  /** Default [8, 8]. */
  readonly tileGridSize?: JsonValue;
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default null. */
  readonly factor?: number | readonly number[] | null;
  /** Default null. */
  readonly boundingBoxFormat?: JsonValue;
}

/** Arguments of Conv1D. */
export interface Conv1DArguments extends CommonArguments {
  readonly filters: number | null;
  readonly kernelSize: number | Numbers | null;
  /** Default 1. */
  readonly strides?: number | Numbers | null;
  /** Default "valid". */
  readonly padding?: string;
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default 1. */
  readonly dilationRate?: number | Numbers | null;
  /** Default 1. */
  readonly groups?: number;
  /** Default null. */
  readonly activation?: string | null;
  /** Default true. */
  readonly useBias?: boolean;
  /** Default "glorot_uniform". */
  readonly kernelInitializer?: Setting;
  /** Default "zeros". */
  readonly biasInitializer?: Setting;
  /** Default null. */
  readonly kernelRegularizer?: Setting;
  /** Default null. */
  readonly biasRegularizer?: Setting;
  /** Default null. */
  readonly activityRegularizer?: Setting;
  /** Default null. */
  readonly kernelConstraint?: Setting;
  /** Default null. */
  readonly biasConstraint?: Setting;
}

/** Arguments of Conv1DTranspose. */
export interface Conv1DTransposeArguments extends CommonArguments {
  readonly filters: number | null;
  readonly kernelSize: number | Numbers | null;
  /** Default 1. */
  readonly strides?: number | Numbers | null;
  /** Default "valid". */
  readonly padding?: string;
  /** Default null. */
  readonly outputPadding?: number | Numbers | null;
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default 1. */
  readonly dilationRate?: number | Numbers | null;
  /** Default null. */
  readonly activation?: string | null;
  /** Default true. */
  readonly useBias?: boolean;
  /** Default "glorot_uniform". */
  readonly kernelInitializer?: Setting;
  /** Default "zeros". */
  readonly biasInitializer?: Setting;
  /** Default null. */
  readonly kernelRegularizer?: Setting;
  /** Default null. */
  readonly biasRegularizer?: Setting;
  /** Default null. */
  readonly activityRegularizer?: Setting;
  /** Default null. */
  readonly kernelConstraint?: Setting;
  /** Default null. */
  readonly biasConstraint?: Setting;
}

/** Arguments of Conv2D. */
export interface Conv2DArguments extends CommonArguments {
  readonly filters: number | null;
  readonly kernelSize: number | Numbers | null;
  /** Default [1, 1]. */
  readonly strides?: number | Numbers | null;
  /** Default "valid". */
  readonly padding?: string;
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default [1, 1]. */
  readonly dilationRate?: number | Numbers | null;
  /** Default 1. */
  readonly groups?: number;
  /** Default null. */
  readonly activation?: string | null;
  /** Default true. */
  readonly useBias?: boolean;
  /** Default "glorot_uniform". */
  readonly kernelInitializer?: Setting;
  /** Default "zeros". */
  readonly biasInitializer?: Setting;
  /** Default null. */
  readonly kernelRegularizer?: Setting;
  /** Default null. */
  readonly biasRegularizer?: Setting;
  /** Default null. */
  readonly activityRegularizer?: Setting;
  /** Default null. */
  readonly kernelConstraint?: Setting;
  /** Default null. */
  readonly biasConstraint?: Setting;
}

/** Arguments of Conv2DTranspose. */
export interface Conv2DTransposeArguments extends CommonArguments {
  readonly filters: number | null;
  readonly kernelSize: number | Numbers | null;
  /** Default [1, 1]. */
  readonly strides?: number | Numbers | null;
  /** Default "valid". */
  readonly padding?: string;
  /** Default null. */
  readonly outputPadding?: number | Numbers | null;
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default [1, 1]. */
  readonly dilationRate?: number | Numbers | null;
  /** Default null. */
  readonly activation?: string | null;
  /** Default true. */
  readonly useBias?: boolean;
  /** Default "glorot_uniform". */
  readonly kernelInitializer?: Setting;
  /** Default "zeros". */
  readonly biasInitializer?: Setting;
  /** Default null. */
  readonly kernelRegularizer?: Setting;
  /** Default null. */
  readonly biasRegularizer?: Setting;
  /** Default null. */
  readonly activityRegularizer?: Setting;
  /** Default null. */
  readonly kernelConstraint?: Setting;
  /** Default null. */
  readonly biasConstraint?: Setting;
}

/** Arguments of Conv3D. */
export interface Conv3DArguments extends CommonArguments {
  readonly filters: number | null;
  readonly kernelSize: number | Numbers | null;
  /** Default [1, 1, 1]. */
  readonly strides?: number | Numbers | null;
  /** Default "valid". */
  readonly padding?: string;
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default [1, 1, 1]. */
  readonly dilationRate?: number | Numbers | null;
  /** Default 1. */
  readonly groups?: number;
  /** Default null. */
  readonly activation?: string | null;
  /** Default true. */
  readonly useBias?: boolean;
  /** Default "glorot_uniform". */
  readonly kernelInitializer?: Setting;
  /** Default "zeros". */
  readonly biasInitializer?: Setting;
  /** Default null. */
  readonly kernelRegularizer?: Setting;
  /** Default null. */
  readonly biasRegularizer?: Setting;
  /** Default null. */
  readonly activityRegularizer?: Setting;
  /** Default null. */
  readonly kernelConstraint?: Setting;
  /** Default null. */
  readonly biasConstraint?: Setting;
}

/** Arguments of Conv3DTranspose. */
export interface Conv3DTransposeArguments extends CommonArguments {
  readonly filters: number | null;
  readonly kernelSize: number | Numbers | null;
  /** Default [1, 1, 1]. */
  readonly strides?: number | Numbers | null;
  /** Default "valid". */
  readonly padding?: string;
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default null. */
  readonly outputPadding?: number | Numbers | null;
  /** Default [1, 1, 1]. */
  readonly dilationRate?: number | Numbers | null;
  /** Default null. */
  readonly activation?: string | null;
  /** Default true. */
  readonly useBias?: boolean;
  /** Default "glorot_uniform". */
  readonly kernelInitializer?: Setting;
  /** Default "zeros". */
  readonly biasInitializer?: Setting;
  /** Default null. */
  readonly kernelRegularizer?: Setting;
  /** Default null. */
  readonly biasRegularizer?: Setting;
  /** Default null. */
  readonly activityRegularizer?: Setting;
  /** Default null. */
  readonly kernelConstraint?: Setting;
  /** Default null. */
  readonly biasConstraint?: Setting;
}

/** Arguments of ConvLSTM1D. */
export interface ConvLSTM1DArguments extends CommonArguments {
  readonly filters: number | null;
  readonly kernelSize: number | Numbers | null;
  /** Default 1. */
  readonly strides?: number | Numbers | null;
  /** Default "valid". */
  readonly padding?: string;
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default 1. */
  readonly dilationRate?: number | Numbers | null;
  /** Default "tanh". */
  readonly activation?: string | null;
  /** Default "sigmoid". */
  readonly recurrentActivation?: string | null;
  /** Default true. */
  readonly useBias?: boolean;
  /** Default "glorot_uniform". */
  readonly kernelInitializer?: Setting;
  /** Default "orthogonal". */
  readonly recurrentInitializer?: Setting;
  /** Default "zeros". */
  readonly biasInitializer?: Setting;
  /** Default true. */
  readonly unitForgetBias?: boolean;
  /** Default null. */
  readonly kernelRegularizer?: Setting;
  /** Default null. */
  readonly recurrentRegularizer?: Setting;
  /** Default null. */
  readonly biasRegularizer?: Setting;
  /** Default null. */
  readonly activityRegularizer?: Setting;
  /** Default null. */
  readonly kernelConstraint?: Setting;
  /** Default null. */
  readonly recurrentConstraint?: Setting;
  /** Default null. */
  readonly biasConstraint?: Setting;
  /** Default 0.0. */
  readonly dropout?: number;
  /** Default 0.0. */
  readonly recurrentDropout?: number;
  /** Default null. */
  readonly seed?: number | null;
  /** Default false. */
  readonly returnSequences?: boolean;
  /** Default false. */
  readonly returnState?: boolean;
  /** Default false. */
  readonly goBackwards?: boolean;
  /** Default false. */
  readonly stateful?: boolean;
  /** Default false. */
  readonly unroll?: boolean;
  /** Default false. */
  readonly zeroOutputForMask?: boolean;
}

/** Arguments of ConvLSTM2D. */
export interface ConvLSTM2DArguments extends CommonArguments {
  readonly filters: number | null;
  readonly kernelSize: number | Numbers | null;
  /** Default 1. */
  readonly strides?: number | Numbers | null;
  /** Default "valid". */
  readonly padding?: string;
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default 1. */
  readonly dilationRate?: number | Numbers | null;
  /** Default "tanh". */
  readonly activation?: string | null;
  /** Default "sigmoid". */
  readonly recurrentActivation?: string | null;
  /** Default true. */
  readonly useBias?: boolean;
  /** Default "glorot_uniform". */
  readonly kernelInitializer?: Setting;
  /** Default "orthogonal". */
  readonly recurrentInitializer?: Setting;
  /** Default "zeros". */
  readonly biasInitializer?: Setting;
  /** Default true. */
  readonly unitForgetBias?: boolean;
  /** Default null. */
  readonly kernelRegularizer?: Setting;
  /** Default null. */
  readonly recurrentRegularizer?: Setting;
  /** Default null. */
  readonly biasRegularizer?: Setting;
  /** Default null. */
  readonly activityRegularizer?: Setting;
  /** Default null. */
  readonly kernelConstraint?: Setting;
  /** Default null. */
  readonly recurrentConstraint?: Setting;
  /** Default null. */
  readonly biasConstraint?: Setting;
  /** Default 0.0. */
  readonly dropout?: number;
  /** Default 0.0. */
  readonly recurrentDropout?: number;
  /** Default null. */
  readonly seed?: number | null;
  /** Default false. */
  readonly returnSequences?: boolean;
  /** Default false. */
  readonly returnState?: boolean;
  /** Default false. */
  readonly goBackwards?: boolean;
  /** Default false. */
  readonly stateful?: boolean;
  /** Default false. */
  readonly unroll?: boolean;
  /** Default false. */
  readonly zeroOutputForMask?: boolean;
}

/** Arguments of ConvLSTM3D. */
export interface ConvLSTM3DArguments extends CommonArguments {
  readonly filters: number | null;
  readonly kernelSize: number | Numbers | null;
  /** Default 1. */
  readonly strides?: number | Numbers | null;
  /** Default "valid". */
  readonly padding?: string;
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default 1. */
  readonly dilationRate?: number | Numbers | null;
  /** Default "tanh". */
  readonly activation?: string | null;
  /** Default "sigmoid". */
  readonly recurrentActivation?: string | null;
  /** Default true. */
  readonly useBias?: boolean;
  /** Default "glorot_uniform". */
  readonly kernelInitializer?: Setting;
  /** Default "orthogonal". */
  readonly recurrentInitializer?: Setting;
  /** Default "zeros". */
  readonly biasInitializer?: Setting;
  /** Default true. */
  readonly unitForgetBias?: boolean;
  /** Default null. */
  readonly kernelRegularizer?: Setting;
  /** Default null. */
  readonly recurrentRegularizer?: Setting;
  /** Default null. */
  readonly biasRegularizer?: Setting;
  /** Default null. */
  readonly activityRegularizer?: Setting;
  /** Default null. */
  readonly kernelConstraint?: Setting;
  /** Default null. */
  readonly recurrentConstraint?: Setting;
  /** Default null. */
  readonly biasConstraint?: Setting;
  /** Default 0.0. */
  readonly dropout?: number;
  /** Default 0.0. */
  readonly recurrentDropout?: number;
  /** Default null. */
  readonly seed?: number | null;
  /** Default false. */
  readonly returnSequences?: boolean;
  /** Default false. */
  readonly returnState?: boolean;
  /** Default false. */
  readonly goBackwards?: boolean;
  /** Default false. */
  readonly stateful?: boolean;
  /** Default false. */
  readonly unroll?: boolean;
  /** Default false. */
  readonly zeroOutputForMask?: boolean;
}

/** Arguments of Convolution1DTranspose. */
export interface Convolution1DTransposeArguments extends CommonArguments {
  readonly filters: number | null;
  readonly kernelSize: number | Numbers | null;
  /** Default 1. */
  readonly strides?: number | Numbers | null;
  /** Default "valid". */
  readonly padding?: string;
  /** Default null. */
  readonly outputPadding?: number | Numbers | null;
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default 1. */
  readonly dilationRate?: number | Numbers | null;
  /** Default null. */
  readonly activation?: string | null;
  /** Default true. */
  readonly useBias?: boolean;
  /** Default "glorot_uniform". */
  readonly kernelInitializer?: Setting;
  /** Default "zeros". */
  readonly biasInitializer?: Setting;
  /** Default null. */
  readonly kernelRegularizer?: Setting;
  /** Default null. */
  readonly biasRegularizer?: Setting;
  /** Default null. */
  readonly activityRegularizer?: Setting;
  /** Default null. */
  readonly kernelConstraint?: Setting;
  /** Default null. */
  readonly biasConstraint?: Setting;
  /** Default 1. */
  readonly groups?: number;
  /** Default null. */
  readonly convOp?: JsonValue;
}

/** Arguments of Convolution2DTranspose. */
export interface Convolution2DTransposeArguments extends CommonArguments {
  readonly filters: number | null;
  readonly kernelSize: number | Numbers | null;
  /** Default [1, 1]. */
  readonly strides?: number | Numbers | null;
  /** Default "valid". */
  readonly padding?: string;
  /** Default null. */
  readonly outputPadding?: number | Numbers | null;
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default [1, 1]. */
  readonly dilationRate?: number | Numbers | null;
  /** Default null. */
  readonly activation?: string | null;
  /** Default true. */
  readonly useBias?: boolean;
  /** Default "glorot_uniform". */
  readonly kernelInitializer?: Setting;
  /** Default "zeros". */
  readonly biasInitializer?: Setting;
  /** Default null. */
  readonly kernelRegularizer?: Setting;
  /** Default null. */
  readonly biasRegularizer?: Setting;
  /** Default null. */
  readonly activityRegularizer?: Setting;
  /** Default null. */
  readonly kernelConstraint?: Setting;
  /** Default null. */
  readonly biasConstraint?: Setting;
  /** Default 1. */
  readonly groups?: number;
  /** Default null. */
  readonly convOp?: JsonValue;
}

/** Arguments of Convolution3DTranspose. */
export interface Convolution3DTransposeArguments extends CommonArguments {
  readonly filters: number | null;
  readonly kernelSize: number | Numbers | null;
  /** Default [1, 1, 1]. */
  readonly strides?: number | Numbers | null;
  /** Default "valid". */
  readonly padding?: string;
  /** Default null. */
  readonly outputPadding?: number | Numbers | null;
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default [1, 1, 1]. */
  readonly dilationRate?: number | Numbers | null;
  /** Default null. */
  readonly activation?: string | null;
  /** Default true. */
  readonly useBias?: boolean;
  /** Default "glorot_uniform". */
  readonly kernelInitializer?: Setting;
  /** Default "zeros". */
  readonly biasInitializer?: Setting;
  /** Default null. */
  readonly kernelRegularizer?: Setting;
  /** Default null. */
  readonly biasRegularizer?: Setting;
  /** Default null. */
  readonly activityRegularizer?: Setting;
  /** Default null. */
  readonly kernelConstraint?: Setting;
  /** Default null. */
  readonly biasConstraint?: Setting;
  /** Default 1. */
  readonly groups?: number;
  /** Default null. */
  readonly convOp?: JsonValue;
}

/** Arguments of Cropping1D. */
export interface Cropping1DArguments extends CommonArguments {
  /** Default [1, 1]. */
  readonly cropping?: number | Numbers | null;
}

/** Arguments of Cropping2D. */
export interface Cropping2DArguments extends CommonArguments {
  /** Default [[0, 0], [0, 0]]. */
  readonly cropping?: number | Numbers | null;
  /** Default null. */
  readonly dataFormat?: JsonValue;
}

/** Arguments of Cropping3D. */
export interface Cropping3DArguments extends CommonArguments {
  /** Default [[1, 1], [1, 1], [1, 1]]. */
  readonly cropping?: number | Numbers | null;
  /** Default null. */
  readonly dataFormat?: JsonValue;
}

/** Arguments of CutMix. */
export interface CutMixArguments extends CommonArguments {
  /** Default 1.0. */
  readonly factor?: number | readonly number[] | null;
  /** Default null. */
  readonly seed?: number | null;
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default null. */
  readonly boundingBoxFormat?: JsonValue;
}

/** Arguments of Dense. */
export interface DenseArguments extends CommonArguments {
  readonly units: number | null;
  /** Default null. */
  readonly activation?: string | null;
  /** Default true. */
  readonly useBias?: boolean;
  /** Default "glorot_uniform". */
  readonly kernelInitializer?: Setting;
  /** Default "zeros". */
  readonly biasInitializer?: Setting;
  /** Default null. */
  readonly kernelRegularizer?: Setting;
  /** Default null. */
  readonly biasRegularizer?: Setting;
  /** Default null. */
  readonly activityRegularizer?: Setting;
  /** Default null. */
  readonly kernelConstraint?: Setting;
  /** Default null. */
  readonly biasConstraint?: Setting;
}

/** Arguments of DepthwiseConv1D. */
export interface DepthwiseConv1DArguments extends CommonArguments {
  readonly kernelSize: number | Numbers | null;
  /** Default 1. */
  readonly strides?: number | Numbers | null;
  /** Default "valid". */
  readonly padding?: string;
  /** Default 1. */
  readonly depthMultiplier?: number;
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default 1. */
  readonly dilationRate?: number | Numbers | null;
  /** Default null. */
  readonly activation?: string | null;
  /** Default true. */
  readonly useBias?: boolean;
  /** Default "glorot_uniform". */
  readonly depthwiseInitializer?: Setting;
  /** Default "zeros". */
  readonly biasInitializer?: Setting;
  /** Default null. */
  readonly depthwiseRegularizer?: Setting;
  /** Default null. */
  readonly biasRegularizer?: Setting;
  /** Default null. */
  readonly activityRegularizer?: Setting;
  /** Default null. */
  readonly depthwiseConstraint?: Setting;
  /** Default null. */
  readonly biasConstraint?: Setting;
}

/** Arguments of DepthwiseConv2D. */
export interface DepthwiseConv2DArguments extends CommonArguments {
  readonly kernelSize: number | Numbers | null;
  /** Default [1, 1]. */
  readonly strides?: number | Numbers | null;
  /** Default "valid". */
  readonly padding?: string;
  /** Default 1. */
  readonly depthMultiplier?: number;
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default [1, 1]. */
  readonly dilationRate?: number | Numbers | null;
  /** Default null. */
  readonly activation?: string | null;
  /** Default true. */
  readonly useBias?: boolean;
  /** Default "glorot_uniform". */
  readonly depthwiseInitializer?: Setting;
  /** Default "zeros". */
  readonly biasInitializer?: Setting;
  /** Default null. */
  readonly depthwiseRegularizer?: Setting;
  /** Default null. */
  readonly biasRegularizer?: Setting;
  /** Default null. */
  readonly activityRegularizer?: Setting;
  /** Default null. */
  readonly depthwiseConstraint?: Setting;
  /** Default null. */
  readonly biasConstraint?: Setting;
}

/** Arguments of Discretization. */
export interface DiscretizationArguments extends CommonArguments {
  /** Default null. */
  readonly binBoundaries?: number | readonly number[] | null;
  /** Default null. */
  readonly numBins?: number | null;
  /** Default 0.01. */
  readonly epsilon?: number;
  /** Default "int". */
  readonly outputMode?: string;
  /** Default false. */
  readonly sparse?: boolean;
}

/** Arguments of Dot. */
export interface DotArguments extends CommonArguments {
  readonly axes: number | Numbers | null;
  /** Default false. */
  readonly normalize?: boolean;
}

/** Arguments of Dropout. */
export interface DropoutArguments extends CommonArguments {
  readonly rate: number | null;
  /** Default null. */
  readonly noiseShape?: number | Numbers | null;
  /** Default null. */
  readonly seed?: number | null;
}

/** Arguments of ELU. */
export interface ELUArguments extends CommonArguments {
  /** Default 1.0. */
  readonly alpha?: number;
}

/** Arguments of EinsumDense. */
export interface EinsumDenseArguments extends CommonArguments {
  readonly equation: JsonValue;
  readonly outputShape: number | Numbers | null;
  /** Default null. */
  readonly activation?: string | null;
  /** Default null. */
  readonly biasAxes?: JsonValue;
  /** Default "glorot_uniform". */
  readonly kernelInitializer?: Setting;
  /** Default "zeros". */
  readonly biasInitializer?: Setting;
  /** Default null. */
  readonly kernelRegularizer?: Setting;
  /** Default null. */
  readonly biasRegularizer?: Setting;
  /** Default null. */
  readonly kernelConstraint?: Setting;
  /** Default null. */
  readonly biasConstraint?: Setting;
  /** Default null. */
  readonly gptqUnpackedColumnSize?: JsonValue;
}

/** Arguments of Embedding. */
export interface EmbeddingArguments extends CommonArguments {
  readonly inputDim: number | null;
  readonly outputDim: number | null;
  /** Default "uniform". */
  readonly embeddingsInitializer?: Setting;
  /** Default null. */
  readonly embeddingsRegularizer?: Setting;
  /** Default null. */
  readonly embeddingsConstraint?: Setting;
  /** Default false. */
  readonly maskZero?: boolean;
  /** Default null. */
  readonly weights?: JsonValue;
}

/** Arguments of Equalization. */
export interface EqualizationArguments extends CommonArguments {
  /** Default [0, 255]. */
  readonly valueRange?: number | readonly number[] | null;
  /** Default 256. */
  readonly bins?: number;
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default null. */
  readonly factor?: number | readonly number[] | null;
  /** Default null. */
  readonly boundingBoxFormat?: JsonValue;
}

/** Arguments of Flatten. */
export interface FlattenArguments extends CommonArguments {
  /** Default null. */
  readonly dataFormat?: JsonValue;
}

/** Arguments of GRU. */
export interface GRUArguments extends CommonArguments {
  readonly units: number | null;
  /** Default "tanh". */
  readonly activation?: string | null;
  /** Default "sigmoid". */
  readonly recurrentActivation?: string | null;
  /** Default true. */
  readonly useBias?: boolean;
  /** Default "glorot_uniform". */
  readonly kernelInitializer?: Setting;
  /** Default "orthogonal". */
  readonly recurrentInitializer?: Setting;
  /** Default "zeros". */
  readonly biasInitializer?: Setting;
  /** Default null. */
  readonly kernelRegularizer?: Setting;
  /** Default null. */
  readonly recurrentRegularizer?: Setting;
  /** Default null. */
  readonly biasRegularizer?: Setting;
  /** Default null. */
  readonly activityRegularizer?: Setting;
  /** Default null. */
  readonly kernelConstraint?: Setting;
  /** Default null. */
  readonly recurrentConstraint?: Setting;
  /** Default null. */
  readonly biasConstraint?: Setting;
  /** Default 0.0. */
  readonly dropout?: number;
  /** Default 0.0. */
  readonly recurrentDropout?: number;
  /** Default null. */
  readonly seed?: number | null;
  /** Default false. */
  readonly returnSequences?: boolean;
  /** Default false. */
  readonly returnState?: boolean;
  /** Default false. */
  readonly goBackwards?: boolean;
  /** Default false. */
  readonly stateful?: boolean;
  /** Default false. */
  readonly unroll?: boolean;
  /** Default true. */
  readonly resetAfter?: boolean;
  /** Default "auto". */
  readonly useCudnn?: string;
  /** Default false. */
  readonly zeroOutputForMask?: boolean;
}

/** Arguments of GRUCell. */
export interface GRUCellArguments extends CommonArguments {
  readonly units: number | null;
  /** Default "tanh". */
  readonly activation?: string | null;
  /** Default "sigmoid". */
  readonly recurrentActivation?: string | null;
  /** Default true. */
  readonly useBias?: boolean;
  /** Default "glorot_uniform". */
  readonly kernelInitializer?: Setting;
  /** Default "orthogonal". */
  readonly recurrentInitializer?: Setting;
  /** Default "zeros". */
  readonly biasInitializer?: Setting;
  /** Default null. */
  readonly kernelRegularizer?: Setting;
  /** Default null. */
  readonly recurrentRegularizer?: Setting;
  /** Default null. */
  readonly biasRegularizer?: Setting;
  /** Default null. */
  readonly kernelConstraint?: Setting;
  /** Default null. */
  readonly recurrentConstraint?: Setting;
  /** Default null. */
  readonly biasConstraint?: Setting;
  /** Default 0.0. */
  readonly dropout?: number;
  /** Default 0.0. */
  readonly recurrentDropout?: number;
  /** Default true. */
  readonly resetAfter?: boolean;
  /** Default null. */
  readonly seed?: number | null;
}

/** Arguments of GaussianDropout. */
export interface GaussianDropoutArguments extends CommonArguments {
  readonly rate: number | null;
  /** Default null. */
  readonly seed?: number | null;
}

/** Arguments of GaussianNoise. */
export interface GaussianNoiseArguments extends CommonArguments {
  readonly stddev: JsonValue;
  /** Default null. */
  readonly seed?: number | null;
}

/** Arguments of GlobalAveragePooling1D. */
export interface GlobalAveragePooling1DArguments extends CommonArguments {
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default false. */
  readonly keepdims?: boolean;
}

/** Arguments of GlobalAveragePooling2D. */
export interface GlobalAveragePooling2DArguments extends CommonArguments {
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default false. */
  readonly keepdims?: boolean;
}

/** Arguments of GlobalAveragePooling3D. */
export interface GlobalAveragePooling3DArguments extends CommonArguments {
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default false. */
  readonly keepdims?: boolean;
}

/** Arguments of GlobalAvgPool1D. */
export interface GlobalAvgPool1DArguments extends CommonArguments {
  /** Default "channels_last". */
  readonly dataFormat?: string;
  /** Default false. */
  readonly keepdims?: boolean;
}

/** Arguments of GlobalAvgPool2D. */
export interface GlobalAvgPool2DArguments extends CommonArguments {
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default false. */
  readonly keepdims?: boolean;
}

/** Arguments of GlobalAvgPool3D. */
export interface GlobalAvgPool3DArguments extends CommonArguments {
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default false. */
  readonly keepdims?: boolean;
}

/** Arguments of GlobalMaxPool1D. */
export interface GlobalMaxPool1DArguments extends CommonArguments {
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default false. */
  readonly keepdims?: boolean;
}

/** Arguments of GlobalMaxPool2D. */
export interface GlobalMaxPool2DArguments extends CommonArguments {
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default false. */
  readonly keepdims?: boolean;
}

/** Arguments of GlobalMaxPool3D. */
export interface GlobalMaxPool3DArguments extends CommonArguments {
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default false. */
  readonly keepdims?: boolean;
}

/** Arguments of GlobalMaxPooling1D. */
export interface GlobalMaxPooling1DArguments extends CommonArguments {
  /** Default "channels_last". */
  readonly dataFormat?: string;
  /** Default false. */
  readonly keepdims?: boolean;
}

/** Arguments of GlobalMaxPooling2D. */
export interface GlobalMaxPooling2DArguments extends CommonArguments {
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default false. */
  readonly keepdims?: boolean;
}

/** Arguments of GlobalMaxPooling3D. */
export interface GlobalMaxPooling3DArguments extends CommonArguments {
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default false. */
  readonly keepdims?: boolean;
}

/** Arguments of GroupNormalization. */
export interface GroupNormalizationArguments extends CommonArguments {
  /** Default 32. */
  readonly groups?: number;
  /** Default -1. */
  readonly axis?: number | Numbers | null;
  /** Default 0.001. */
  readonly epsilon?: number;
  /** Default true. */
  readonly center?: boolean;
  /** Default true. */
  readonly scale?: boolean;
  /** Default "zeros". */
  readonly betaInitializer?: Setting;
  /** Default "ones". */
  readonly gammaInitializer?: Setting;
  /** Default null. */
  readonly betaRegularizer?: Setting;
  /** Default null. */
  readonly gammaRegularizer?: Setting;
  /** Default null. */
  readonly betaConstraint?: Setting;
  /** Default null. */
  readonly gammaConstraint?: Setting;
}

/** Arguments of GroupQueryAttention. */
export interface GroupQueryAttentionArguments extends CommonArguments {
  readonly headDim: number | null;
  readonly numQueryHeads: number | null;
  readonly numKeyValueHeads: number | null;
  /** Default 0.0. */
  readonly dropout?: number;
  /** Default true. */
  readonly useBias?: boolean;
  /** Default null. */
  readonly slidingWindow?: JsonValue;
  /** Default null. */
  readonly flashAttention?: JsonValue;
  /** Default "glorot_uniform". */
  readonly kernelInitializer?: Setting;
  /** Default "zeros". */
  readonly biasInitializer?: Setting;
  /** Default null. */
  readonly kernelRegularizer?: Setting;
  /** Default null. */
  readonly biasRegularizer?: Setting;
  /** Default null. */
  readonly activityRegularizer?: Setting;
  /** Default null. */
  readonly kernelConstraint?: Setting;
  /** Default null. */
  readonly biasConstraint?: Setting;
  /** Default false. */
  readonly useGate?: boolean;
  /** Default null. */
  readonly seed?: number | null;
}

/** Arguments of HashedCrossing. */
export interface HashedCrossingArguments extends CommonArguments {
  readonly numBins: number | null;
  /** Default "int". */
  readonly outputMode?: string;
  /** Default false. */
  readonly sparse?: boolean;
}

/** Arguments of Hashing. */
export interface HashingArguments extends CommonArguments {
  readonly numBins: number | null;
  /** Default null. */
  readonly maskValue?: JsonValue;
  /** Default null. */
  readonly salt?: JsonValue;
  /** Default "int". */
  readonly outputMode?: string;
  /** Default false. */
  readonly sparse?: boolean;
}

/** Arguments of Identity. */
export type IdentityArguments = CommonArguments;

/** Arguments of IntegerLookup. */
export interface IntegerLookupArguments extends CommonArguments {
  /** Default null. */
  readonly maxTokens?: number | null;
  /** Default 1. */
  readonly numOovIndices?: number;
  /** Default null. */
  readonly maskToken?: JsonValue;
  /** Default -1. */
  readonly oovToken?: number;
  /** Default null. */
  readonly vocabulary?: JsonValue;
  /** Default "int64". */
  readonly vocabularyDtype?: string;
  /** Default null. */
  readonly idfWeights?: JsonValue;
  /** Default false. */
  readonly invert?: boolean;
  /** Default "int". */
  readonly outputMode?: string;
  /** Default false. */
  readonly sparse?: boolean;
  /** Default false. */
  readonly padToMaxTokens?: boolean;
  /** Default "floormod". */
  readonly oovMethod?: string;
  /** Default null. */
  readonly salt?: JsonValue;
}

/** Arguments of LSTM. */
export interface LSTMArguments extends CommonArguments {
  readonly units: number | null;
  /** Default "tanh". */
  readonly activation?: string | null;
  /** Default "sigmoid". */
  readonly recurrentActivation?: string | null;
  /** Default true. */
  readonly useBias?: boolean;
  /** Default "glorot_uniform". */
  readonly kernelInitializer?: Setting;
  /** Default "orthogonal". */
  readonly recurrentInitializer?: Setting;
  /** Default "zeros". */
  readonly biasInitializer?: Setting;
  /** Default true. */
  readonly unitForgetBias?: boolean;
  /** Default null. */
  readonly kernelRegularizer?: Setting;
  /** Default null. */
  readonly recurrentRegularizer?: Setting;
  /** Default null. */
  readonly biasRegularizer?: Setting;
  /** Default null. */
  readonly activityRegularizer?: Setting;
  /** Default null. */
  readonly kernelConstraint?: Setting;
  /** Default null. */
  readonly recurrentConstraint?: Setting;
  /** Default null. */
  readonly biasConstraint?: Setting;
  /** Default 0.0. */
  readonly dropout?: number;
  /** Default 0.0. */
  readonly recurrentDropout?: number;
  /** Default null. */
  readonly seed?: number | null;
  /** Default false. */
  readonly returnSequences?: boolean;
  /** Default false. */
  readonly returnState?: boolean;
  /** Default false. */
  readonly goBackwards?: boolean;
  /** Default false. */
  readonly stateful?: boolean;
  /** Default false. */
  readonly unroll?: boolean;
  /** Default "auto". */
  readonly useCudnn?: string;
  /** Default false. */
  readonly zeroOutputForMask?: boolean;
}

/** Arguments of LSTMCell. */
export interface LSTMCellArguments extends CommonArguments {
  readonly units: number | null;
  /** Default "tanh". */
  readonly activation?: string | null;
  /** Default "sigmoid". */
  readonly recurrentActivation?: string | null;
  /** Default true. */
  readonly useBias?: boolean;
  /** Default "glorot_uniform". */
  readonly kernelInitializer?: Setting;
  /** Default "orthogonal". */
  readonly recurrentInitializer?: Setting;
  /** Default "zeros". */
  readonly biasInitializer?: Setting;
  /** Default true. */
  readonly unitForgetBias?: boolean;
  /** Default null. */
  readonly kernelRegularizer?: Setting;
  /** Default null. */
  readonly recurrentRegularizer?: Setting;
  /** Default null. */
  readonly biasRegularizer?: Setting;
  /** Default null. */
  readonly kernelConstraint?: Setting;
  /** Default null. */
  readonly recurrentConstraint?: Setting;
  /** Default null. */
  readonly biasConstraint?: Setting;
  /** Default 0.0. */
  readonly dropout?: number;
  /** Default 0.0. */
  readonly recurrentDropout?: number;
  /** Default null. */
  readonly seed?: number | null;
}

/** Arguments of LayerNormalization. */
export interface LayerNormalizationArguments extends CommonArguments {
  /** Default -1. */
  readonly axis?: number | Numbers | null;
  /** Default 0.001. */
  readonly epsilon?: number;
  /** Default true. */
  readonly center?: boolean;
  /** Default true. */
  readonly scale?: boolean;
  /** Default "zeros". */
  readonly betaInitializer?: Setting;
  /** Default "ones". */
  readonly gammaInitializer?: Setting;
  /** Default null. */
  readonly betaRegularizer?: Setting;
  /** Default null. */
  readonly gammaRegularizer?: Setting;
  /** Default null. */
  readonly betaConstraint?: Setting;
  /** Default null. */
  readonly gammaConstraint?: Setting;
}

/** Arguments of LeakyReLU. */
export interface LeakyReLUArguments extends CommonArguments {
  /** Default 0.3. */
  readonly negativeSlope?: number;
}

/** Arguments of LocallyConnected1D. */
export interface LocallyConnected1DArguments extends CommonArguments {
  readonly filters: number | null;
  readonly kernelSize: number | Numbers | null;
  /** Default 1. */
  readonly strides?: number | Numbers | null;
  /** Default "valid". */
  readonly padding?: string;
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default null. */
  readonly activation?: string | null;
  /** Default true. */
  readonly useBias?: boolean;
  /** Default "glorot_uniform". */
  readonly kernelInitializer?: Setting;
  /** Default "zeros". */
  readonly biasInitializer?: Setting;
  /** Default null. */
  readonly kernelRegularizer?: Setting;
  /** Default null. */
  readonly biasRegularizer?: Setting;
  /** Default null. */
  readonly activityRegularizer?: Setting;
  /** Default null. */
  readonly kernelConstraint?: Setting;
  /** Default null. */
  readonly biasConstraint?: Setting;
  /** Default 1. */
  readonly implementation?: number;
}

/** Arguments of LocallyConnected2D. */
export interface LocallyConnected2DArguments extends CommonArguments {
  readonly filters: number | null;
  readonly kernelSize: number | Numbers | null;
  /** Default [1, 1]. */
  readonly strides?: number | Numbers | null;
  /** Default "valid". */
  readonly padding?: string;
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default null. */
  readonly activation?: string | null;
  /** Default true. */
  readonly useBias?: boolean;
  /** Default "glorot_uniform". */
  readonly kernelInitializer?: Setting;
  /** Default "zeros". */
  readonly biasInitializer?: Setting;
  /** Default null. */
  readonly kernelRegularizer?: Setting;
  /** Default null. */
  readonly biasRegularizer?: Setting;
  /** Default null. */
  readonly activityRegularizer?: Setting;
  /** Default null. */
  readonly kernelConstraint?: Setting;
  /** Default null. */
  readonly biasConstraint?: Setting;
  /** Default 1. */
  readonly implementation?: number;
}

/** Arguments of Masking. */
export interface MaskingArguments extends CommonArguments {
  /** Default 0.0. */
  readonly maskValue?: number;
}

/** Arguments of MaxNumBoundingBoxes. */
export interface MaxNumBoundingBoxesArguments extends CommonArguments {
  readonly maxNumber: JsonValue;
  /** Default -1. */
  readonly fillValue?: number;
  /** Default null. */
  readonly factor?: number | readonly number[] | null;
  /** Default null. */
  readonly boundingBoxFormat?: JsonValue;
  /** Default null. */
  readonly dataFormat?: JsonValue;
}

/** Arguments of MaxPool1D. */
export interface MaxPool1DArguments extends CommonArguments {
  /** Default 2. */
  readonly poolSize?: number | Numbers | null;
  /** Default null. */
  readonly strides?: number | Numbers | null;
  /** Default "valid". */
  readonly padding?: string;
  /** Default null. */
  readonly dataFormat?: JsonValue;
}

/** Arguments of MaxPool2D. */
export interface MaxPool2DArguments extends CommonArguments {
  /** Default [2, 2]. */
  readonly poolSize?: number | Numbers | null;
  /** Default null. */
  readonly strides?: number | Numbers | null;
  /** Default "valid". */
  readonly padding?: string;
  /** Default null. */
  readonly dataFormat?: JsonValue;
}

/** Arguments of MaxPool3D. */
export interface MaxPool3DArguments extends CommonArguments {
  /** Default [2, 2, 2]. */
  readonly poolSize?: number | Numbers | null;
  /** Default null. */
  readonly strides?: number | Numbers | null;
  /** Default "valid". */
  readonly padding?: string;
  /** Default null. */
  readonly dataFormat?: JsonValue;
}

/** Arguments of MaxPooling1D. */
export interface MaxPooling1DArguments extends CommonArguments {
  /** Default 2. */
  readonly poolSize?: number | Numbers | null;
  /** Default null. */
  readonly strides?: number | Numbers | null;
  /** Default "valid". */
  readonly padding?: string;
  /** Default "channels_last". */
  readonly dataFormat?: string;
}

/** Arguments of MaxPooling2D. */
export interface MaxPooling2DArguments extends CommonArguments {
  /** Default [2, 2]. */
  readonly poolSize?: number | Numbers | null;
  /** Default null. */
  readonly strides?: number | Numbers | null;
  /** Default "valid". */
  readonly padding?: string;
  /** Default null. */
  readonly dataFormat?: JsonValue;
}

/** Arguments of MaxPooling3D. */
export interface MaxPooling3DArguments extends CommonArguments {
  /** Default [2, 2, 2]. */
  readonly poolSize?: number | Numbers | null;
  /** Default null. */
  readonly strides?: number | Numbers | null;
  /** Default "valid". */
  readonly padding?: string;
  /** Default null. */
  readonly dataFormat?: JsonValue;
}

/** Arguments of Maximum. */
export type MaximumArguments = CommonArguments;

/** Arguments of MelSpectrogram. */
export interface MelSpectrogramArguments extends CommonArguments {
  /** Default 2048. */
  readonly fftLength?: number;
  /** Default 512. */
  readonly sequenceStride?: number;
  /** Default null. */
  readonly sequenceLength?: number | null;
  /** Default "hann". */
  readonly window?: string;
  /** Default 16000. */
  readonly samplingRate?: number;
  /** Default 128. */
  readonly numMelBins?: number;
  /** Default 20.0. */
  readonly minFreq?: number;
  /** Default null. */
  readonly maxFreq?: number | null;
  /** Default true. */
  readonly powerToDb?: boolean;
  /** Default 80.0. */
  readonly topDb?: number;
  /** Default 2.0. */
  readonly magExp?: number;
  /** Default 1e-10. */
  readonly minPower?: number;
  /** Default 1.0. */
  readonly refPower?: number;
}

/** Arguments of Minimum. */
export type MinimumArguments = CommonArguments;

/** Arguments of MixUp. */
export interface MixUpArguments extends CommonArguments {
  /** Default 0.2. */
  readonly alpha?: number;
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default null. */
  readonly seed?: number | null;
  /** Default null. */
  readonly factor?: number | readonly number[] | null;
  /** Default null. */
  readonly boundingBoxFormat?: JsonValue;
}

/** Arguments of MultiHeadAttention. */
export interface MultiHeadAttentionArguments extends CommonArguments {
  readonly numHeads: number | null;
  readonly keyDim: number | null;
  /** Default null. */
  readonly valueDim?: number | null;
  /** Default 0.0. */
  readonly dropout?: number;
  /** Default true. */
  readonly useBias?: boolean;
  /** Default null. */
  readonly outputShape?: number | Numbers | null;
  /** Default null. */
  readonly attentionAxes?: number | Numbers | null;
  /** Default null. */
  readonly slidingWindow?: JsonValue;
  /** Default null. */
  readonly flashAttention?: JsonValue;
  /** Default "glorot_uniform". */
  readonly kernelInitializer?: Setting;
  /** Default "zeros". */
  readonly biasInitializer?: Setting;
  /** Default null. */
  readonly kernelRegularizer?: Setting;
  /** Default null. */
  readonly biasRegularizer?: Setting;
  /** Default null. */
  readonly activityRegularizer?: Setting;
  /** Default null. */
  readonly kernelConstraint?: Setting;
  /** Default null. */
  readonly biasConstraint?: Setting;
  /** Default false. */
  readonly useGate?: boolean;
  /** Default null. */
  readonly seed?: number | null;
}

/** Arguments of Multiply. */
export type MultiplyArguments = CommonArguments;

/** Arguments of Normalization. */
export interface NormalizationArguments extends CommonArguments {
  /** Default -1. */
  readonly axis?: number | Numbers | null;
  /** Default null. */
  readonly mean?: number | readonly number[] | null;
  /** Default null. */
  readonly variance?: number | readonly number[] | null;
  /** Default false. */
  readonly invert?: boolean;
}

/** Arguments of PReLU. */
export interface PReLUArguments extends CommonArguments {
  /** Default "Zeros". */
  readonly alphaInitializer?: Setting;
  /** Default null. */
  readonly alphaRegularizer?: Setting;
  /** Default null. */
  readonly alphaConstraint?: Setting;
  /** Default null. */
  readonly sharedAxes?: number | Numbers | null;
}

/** Arguments of Permute. */
export interface PermuteArguments extends CommonArguments {
  readonly dims: number | Numbers | null;
}

/** Arguments of Pipeline. */
export interface PipelineArguments extends CommonArguments {
  readonly layers: JsonValue;
}

/** Arguments of RMSNormalization. */
export interface RMSNormalizationArguments extends CommonArguments {
  /** Default -1. */
  readonly axis?: number | Numbers | null;
  /** Default 1e-06. */
  readonly epsilon?: number;
}

/** Arguments of RNN. */
export interface RNNArguments extends CommonArguments {
  readonly cell: tf.layers.Layer | readonly tf.layers.Layer[];
  /** Default false. */
  readonly returnSequences?: boolean;
  /** Default false. */
  readonly returnState?: boolean;
  /** Default false. */
  readonly goBackwards?: boolean;
  /** Default false. */
  readonly stateful?: boolean;
  /** Default false. */
  readonly unroll?: boolean;
  /** Default false. */
  readonly zeroOutputForMask?: boolean;
}

/** Arguments of RandAugment. */
export interface RandAugmentArguments extends CommonArguments {
  /** Default [0, 255]. */
  readonly valueRange?: number | readonly number[] | null;
  /** Default 2. */
  readonly numOps?: number;
  /** Default 0.5. */
  readonly factor?: number | readonly number[] | null;
  /** Default "bilinear". */
  readonly interpolation?: string;
  /** Default null. */
  readonly seed?: number | null;
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default null. */
  readonly boundingBoxFormat?: JsonValue;
}

/** Arguments of RandomBrightness. */
export interface RandomBrightnessArguments extends CommonArguments {
  readonly factor: number | readonly number[] | null;
  /** Default [0, 255]. */
  readonly valueRange?: number | readonly number[] | null;
  /** Default null. */
  readonly seed?: number | null;
  /** Default null. */
  readonly boundingBoxFormat?: JsonValue;
  /** Default null. */
  readonly dataFormat?: JsonValue;
}

/** Arguments of RandomColorDegeneration. */
export interface RandomColorDegenerationArguments extends CommonArguments {
  readonly factor: number | readonly number[] | null;
  /** Default [0, 255]. */
  readonly valueRange?: number | readonly number[] | null;
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default null. */
  readonly seed?: number | null;
  /** Default null. */
  readonly boundingBoxFormat?: JsonValue;
}

/** Arguments of RandomColorJitter. */
export interface RandomColorJitterArguments extends CommonArguments {
  /** Default [0, 255]. */
  readonly valueRange?: number | readonly number[] | null;
  /** Default null. */
  readonly brightnessFactor?: JsonValue;
  /** Default null. */
  readonly contrastFactor?: JsonValue;
  /** Default null. */
  readonly saturationFactor?: JsonValue;
  /** Default null. */
  readonly hueFactor?: JsonValue;
  /** Default null. */
  readonly seed?: number | null;
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default null. */
  readonly factor?: number | readonly number[] | null;
  /** Default null. */
  readonly boundingBoxFormat?: JsonValue;
}

/** Arguments of RandomContrast. */
export interface RandomContrastArguments extends CommonArguments {
  readonly factor: number | readonly number[] | null;
  /** Default [0, 255]. */
  readonly valueRange?: number | readonly number[] | null;
  /** Default null. */
  readonly seed?: number | null;
  /** Default null. */
  readonly boundingBoxFormat?: JsonValue;
  /** Default null. */
  readonly dataFormat?: JsonValue;
}

/** Arguments of RandomCrop. */
export interface RandomCropArguments extends CommonArguments {
  readonly height: number | null;
  readonly width: number | null;
  /** Default null. */
  readonly seed?: number | null;
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default null. */
  readonly factor?: number | readonly number[] | null;
  /** Default null. */
  readonly boundingBoxFormat?: JsonValue;
}

/** Arguments of RandomElasticTransform. */
export interface RandomElasticTransformArguments extends CommonArguments {
  /** Default 1.0. */
  readonly factor?: number | readonly number[] | null;
  /** Default 1.0. */
  readonly scale?: number | readonly number[] | null;
  /** Default "bilinear". */
  readonly interpolation?: string;
  /** Default "reflect". */
  readonly fillMode?: string;
  /** Default 0.0. */
  readonly fillValue?: number;
  /** Default [0, 255]. */
  readonly valueRange?: number | readonly number[] | null;
  /** Default null. */
  readonly seed?: number | null;
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default null. */
  readonly boundingBoxFormat?: JsonValue;
}

/** Arguments of RandomErasing. */
export interface RandomErasingArguments extends CommonArguments {
  /** Default 1.0. */
  readonly factor?: number | readonly number[] | null;
  /** Default [0.02, 0.33]. */
  readonly scale?: number | readonly number[] | null;
  /** Default null. */
  readonly fillValue?: JsonValue;
  /** Default [0, 255]. */
  readonly valueRange?: number | readonly number[] | null;
  /** Default null. */
  readonly seed?: number | null;
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default null. */
  readonly boundingBoxFormat?: JsonValue;
}

/** Arguments of RandomFlip. */
export interface RandomFlipArguments extends CommonArguments {
  /** Default "horizontal_and_vertical". */
  readonly mode?: string;
  /** Default null. */
  readonly seed?: number | null;
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default null. */
  readonly factor?: number | readonly number[] | null;
  /** Default null. */
  readonly boundingBoxFormat?: JsonValue;
}

/** Arguments of RandomGaussianBlur. */
export interface RandomGaussianBlurArguments extends CommonArguments {
  /** Default 1.0. */
  readonly factor?: number | readonly number[] | null;
  /** Default 3. */
  readonly kernelSize?: number | Numbers | null;
  /** Default 1.0. */
  readonly sigma?: number;
  /** Default [0, 255]. */
  readonly valueRange?: number | readonly number[] | null;
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default null. */
  readonly seed?: number | null;
  /** Default null. */
  readonly boundingBoxFormat?: JsonValue;
}

/** Arguments of RandomGrayscale. */
export interface RandomGrayscaleArguments extends CommonArguments {
  /** Default 0.5. */
  readonly factor?: number | readonly number[] | null;
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default null. */
  readonly seed?: number | null;
  /** Default null. */
  readonly boundingBoxFormat?: JsonValue;
}

/** Arguments of RandomHeight. */
export interface RandomHeightArguments extends CommonArguments {
  readonly factor: number | readonly number[] | null;
  /** Default "bilinear". */
  readonly interpolation?: string;
  /** Default null. */
  readonly seed?: number | null;
  /** Default false. */
  readonly forceGenerator?: boolean;
  /** Default null. */
  readonly rngType?: JsonValue;
}

/** Arguments of RandomHue. */
export interface RandomHueArguments extends CommonArguments {
  readonly factor: number | readonly number[] | null;
  /** Default [0, 255]. */
  readonly valueRange?: number | readonly number[] | null;
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default null. */
  readonly seed?: number | null;
  /** Default null. */
  readonly boundingBoxFormat?: JsonValue;
}

/** Arguments of RandomInvert. */
export interface RandomInvertArguments extends CommonArguments {
  /** Default 1.0. */
  readonly factor?: number | readonly number[] | null;
  /** Default [0, 255]. */
  readonly valueRange?: number | readonly number[] | null;
  /** Default null. */
  readonly seed?: number | null;
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default null. */
  readonly boundingBoxFormat?: JsonValue;
}

/** Arguments of RandomPerspective. */
export interface RandomPerspectiveArguments extends CommonArguments {
  /** Default 1.0. */
  readonly factor?: number | readonly number[] | null;
  /** Default 1.0. */
  readonly scale?: number | readonly number[] | null;
  /** Default "bilinear". */
  readonly interpolation?: string;
  /** Default 0.0. */
  readonly fillValue?: number;
  /** Default null. */
  readonly seed?: number | null;
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default null. */
  readonly boundingBoxFormat?: JsonValue;
}

/** Arguments of RandomPosterization. */
export interface RandomPosterizationArguments extends CommonArguments {
  readonly factor: number | readonly number[] | null;
  /** Default [0, 255]. */
  readonly valueRange?: number | readonly number[] | null;
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default null. */
  readonly seed?: number | null;
  /** Default null. */
  readonly boundingBoxFormat?: JsonValue;
}

/** Arguments of RandomRotation. */
export interface RandomRotationArguments extends CommonArguments {
  readonly factor: number | readonly number[] | null;
  /** Default "reflect". */
  readonly fillMode?: string;
  /** Default "bilinear". */
  readonly interpolation?: string;
  /** Default null. */
  readonly seed?: number | null;
  /** Default 0.0. */
  readonly fillValue?: number;
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default null. */
  readonly boundingBoxFormat?: JsonValue;
}

/** Arguments of RandomSaturation. */
export interface RandomSaturationArguments extends CommonArguments {
  readonly factor: number | readonly number[] | null;
  /** Default [0, 255]. */
  readonly valueRange?: number | readonly number[] | null;
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default null. */
  readonly seed?: number | null;
  /** Default null. */
  readonly boundingBoxFormat?: JsonValue;
}

/** Arguments of RandomSharpness. */
export interface RandomSharpnessArguments extends CommonArguments {
  readonly factor: number | readonly number[] | null;
  /** Default [0, 255]. */
  readonly valueRange?: number | readonly number[] | null;
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default null. */
  readonly seed?: number | null;
  /** Default null. */
  readonly boundingBoxFormat?: JsonValue;
}

/** Arguments of RandomShear. */
export interface RandomShearArguments extends CommonArguments {
  /** Default 0.0. */
  readonly xFactor?: number;
  /** Default 0.0. */
  readonly yFactor?: number;
  /** Default "bilinear". */
  readonly interpolation?: string;
  /** Default "reflect". */
  readonly fillMode?: string;
  /** Default 0.0. */
  readonly fillValue?: number;
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default null. */
  readonly seed?: number | null;
  /** Default null. */
  readonly factor?: number | readonly number[] | null;
  /** Default null. */
  readonly boundingBoxFormat?: JsonValue;
}

/** Arguments of RandomTranslation. */
export interface RandomTranslationArguments extends CommonArguments {
  readonly heightFactor: JsonValue;
  readonly widthFactor: JsonValue;
  /** Default "reflect". */
  readonly fillMode?: string;
  /** Default "bilinear". */
  readonly interpolation?: string;
  /** Default null. */
  readonly seed?: number | null;
  /** Default 0.0. */
  readonly fillValue?: number;
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default null. */
  readonly factor?: number | readonly number[] | null;
  /** Default null. */
  readonly boundingBoxFormat?: JsonValue;
}

/** Arguments of RandomWidth. */
export interface RandomWidthArguments extends CommonArguments {
  readonly factor: number | readonly number[] | null;
  /** Default "bilinear". */
  readonly interpolation?: string;
  /** Default null. */
  readonly seed?: number | null;
  /** Default false. */
  readonly forceGenerator?: boolean;
  /** Default null. */
  readonly rngType?: JsonValue;
}

/** Arguments of RandomZoom. */
export interface RandomZoomArguments extends CommonArguments {
  readonly heightFactor: JsonValue;
  /** Default null. */
  readonly widthFactor?: JsonValue;
  /** Default "reflect". */
  readonly fillMode?: string;
  /** Default "bilinear". */
  readonly interpolation?: string;
  /** Default null. */
  readonly seed?: number | null;
  /** Default 0.0. */
  readonly fillValue?: number;
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default null. */
  readonly factor?: number | readonly number[] | null;
  /** Default null. */
  readonly boundingBoxFormat?: JsonValue;
}

/** Arguments of ReLU. */
export interface ReLUArguments extends CommonArguments {
  /** Default null. */
  readonly maxValue?: number | null;
  /** Default 0.0. */
  readonly negativeSlope?: number;
  /** Default 0.0. */
  readonly threshold?: number;
}

/** Arguments of RepeatVector. */
export interface RepeatVectorArguments extends CommonArguments {
  readonly n: number | null;
}

/** Arguments of Rescaling. */
export interface RescalingArguments extends CommonArguments {
  readonly scale: number | readonly number[] | null;
  /** Default 0.0. */
  readonly offset?: number | readonly number[] | null;
}

/** Arguments of Reshape. */
export interface ReshapeArguments extends CommonArguments {
  readonly targetShape: number | Numbers | null;
}

/** Arguments of Resizing. */
export interface ResizingArguments extends CommonArguments {
  readonly height: number | null;
  readonly width: number | null;
  /** Default "bilinear". */
  readonly interpolation?: string;
  /** Default false. */
  readonly cropToAspectRatio?: boolean;
  /** Default false. */
  readonly padToAspectRatio?: boolean;
  /** Default "constant". */
  readonly fillMode?: string;
  /** Default 0.0. */
  readonly fillValue?: number;
  /** Default false. */
  readonly antialias?: boolean;
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default null. */
  readonly factor?: number | readonly number[] | null;
  /** Default null. */
  readonly boundingBoxFormat?: JsonValue;
}

/** Arguments of ReversibleEmbedding. */
export interface ReversibleEmbeddingArguments extends CommonArguments {
  readonly inputDim: number | null;
  readonly outputDim: number | null;
  /** Default true. */
  readonly tieWeights?: boolean;
  /** Default "uniform". */
  readonly embeddingsInitializer?: Setting;
  /** Default null. */
  readonly embeddingsRegularizer?: Setting;
  /** Default null. */
  readonly embeddingsConstraint?: Setting;
  /** Default false. */
  readonly maskZero?: boolean;
  /** Default null. */
  readonly reverseDtype?: JsonValue;
  /** Default null. */
  readonly logitSoftCap?: number | null;
  /** Default null. */
  readonly weights?: JsonValue;
}

/** Arguments of STFTSpectrogram. */
export interface STFTSpectrogramArguments extends CommonArguments {
  /** Default "log". */
  readonly mode?: string;
  /** Default 256. */
  readonly frameLength?: number;
  /** Default null. */
  readonly frameStep?: number | null;
  /** Default null. */
  readonly fftLength?: number | null;
  /** Default "hann". */
  readonly window?: string;
  /** Default false. */
  readonly periodic?: boolean;
  /** Default "density". */
  readonly scaling?: string;
  /** Default "valid". */
  readonly padding?: string;
  /** Default false. */
  readonly expandDims?: boolean;
  /** Default null. */
  readonly dataFormat?: JsonValue;
}

/** Arguments of SeparableConv1D. */
export interface SeparableConv1DArguments extends CommonArguments {
  readonly filters: number | null;
  readonly kernelSize: number | Numbers | null;
  /** Default 1. */
  readonly strides?: number | Numbers | null;
  /** Default "valid". */
  readonly padding?: string;
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default 1. */
  readonly dilationRate?: number | Numbers | null;
  /** Default 1. */
  readonly depthMultiplier?: number;
  /** Default null. */
  readonly activation?: string | null;
  /** Default true. */
  readonly useBias?: boolean;
  /** Default "glorot_uniform". */
  readonly depthwiseInitializer?: Setting;
  /** Default "glorot_uniform". */
  readonly pointwiseInitializer?: Setting;
  /** Default "zeros". */
  readonly biasInitializer?: Setting;
  /** Default null. */
  readonly depthwiseRegularizer?: Setting;
  /** Default null. */
  readonly pointwiseRegularizer?: Setting;
  /** Default null. */
  readonly biasRegularizer?: Setting;
  /** Default null. */
  readonly activityRegularizer?: Setting;
  /** Default null. */
  readonly depthwiseConstraint?: Setting;
  /** Default null. */
  readonly pointwiseConstraint?: Setting;
  /** Default null. */
  readonly biasConstraint?: Setting;
}

/** Arguments of SeparableConv2D. */
export interface SeparableConv2DArguments extends CommonArguments {
  readonly filters: number | null;
  readonly kernelSize: number | Numbers | null;
  /** Default [1, 1]. */
  readonly strides?: number | Numbers | null;
  /** Default "valid". */
  readonly padding?: string;
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default [1, 1]. */
  readonly dilationRate?: number | Numbers | null;
  /** Default 1. */
  readonly depthMultiplier?: number;
  /** Default null. */
  readonly activation?: string | null;
  /** Default true. */
  readonly useBias?: boolean;
  /** Default "glorot_uniform". */
  readonly depthwiseInitializer?: Setting;
  /** Default "glorot_uniform". */
  readonly pointwiseInitializer?: Setting;
  /** Default "zeros". */
  readonly biasInitializer?: Setting;
  /** Default null. */
  readonly depthwiseRegularizer?: Setting;
  /** Default null. */
  readonly pointwiseRegularizer?: Setting;
  /** Default null. */
  readonly biasRegularizer?: Setting;
  /** Default null. */
  readonly activityRegularizer?: Setting;
  /** Default null. */
  readonly depthwiseConstraint?: Setting;
  /** Default null. */
  readonly pointwiseConstraint?: Setting;
  /** Default null. */
  readonly biasConstraint?: Setting;
}

/** Arguments of SeparableConvolution1D. */
export interface SeparableConvolution1DArguments extends CommonArguments {
  readonly filters: number | null;
  readonly kernelSize: number | Numbers | null;
  /** Default 1. */
  readonly strides?: number | Numbers | null;
  /** Default "valid". */
  readonly padding?: string;
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default 1. */
  readonly dilationRate?: number | Numbers | null;
  /** Default 1. */
  readonly depthMultiplier?: number;
  /** Default null. */
  readonly activation?: string | null;
  /** Default true. */
  readonly useBias?: boolean;
  /** Default "glorot_uniform". */
  readonly depthwiseInitializer?: Setting;
  /** Default "glorot_uniform". */
  readonly pointwiseInitializer?: Setting;
  /** Default "zeros". */
  readonly biasInitializer?: Setting;
  /** Default null. */
  readonly depthwiseRegularizer?: Setting;
  /** Default null. */
  readonly pointwiseRegularizer?: Setting;
  /** Default null. */
  readonly biasRegularizer?: Setting;
  /** Default null. */
  readonly activityRegularizer?: Setting;
  /** Default null. */
  readonly depthwiseConstraint?: Setting;
  /** Default null. */
  readonly pointwiseConstraint?: Setting;
  /** Default null. */
  readonly biasConstraint?: Setting;
  /** Default 1. */
  readonly groups?: number;
  /** Default "glorot_uniform". */
  readonly kernelInitializer?: Setting;
  /** Default null. */
  readonly kernelRegularizer?: Setting;
  /** Default null. */
  readonly kernelConstraint?: Setting;
  /** Default null. */
  readonly convOp?: JsonValue;
}

/** Arguments of SeparableConvolution2D. */
export interface SeparableConvolution2DArguments extends CommonArguments {
  readonly filters: number | null;
  readonly kernelSize: number | Numbers | null;
  /** Default [1, 1]. */
  readonly strides?: number | Numbers | null;
  /** Default "valid". */
  readonly padding?: string;
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default [1, 1]. */
  readonly dilationRate?: number | Numbers | null;
  /** Default 1. */
  readonly depthMultiplier?: number;
  /** Default null. */
  readonly activation?: string | null;
  /** Default true. */
  readonly useBias?: boolean;
  /** Default "glorot_uniform". */
  readonly depthwiseInitializer?: Setting;
  /** Default "glorot_uniform". */
  readonly pointwiseInitializer?: Setting;
  /** Default "zeros". */
  readonly biasInitializer?: Setting;
  /** Default null. */
  readonly depthwiseRegularizer?: Setting;
  /** Default null. */
  readonly pointwiseRegularizer?: Setting;
  /** Default null. */
  readonly biasRegularizer?: Setting;
  /** Default null. */
  readonly activityRegularizer?: Setting;
  /** Default null. */
  readonly depthwiseConstraint?: Setting;
  /** Default null. */
  readonly pointwiseConstraint?: Setting;
  /** Default null. */
  readonly biasConstraint?: Setting;
  /** Default 1. */
  readonly groups?: number;
  /** Default "glorot_uniform". */
  readonly kernelInitializer?: Setting;
  /** Default null. */
  readonly kernelRegularizer?: Setting;
  /** Default null. */
  readonly kernelConstraint?: Setting;
  /** Default null. */
  readonly convOp?: JsonValue;
}

/** Arguments of SimpleRNN. */
export interface SimpleRNNArguments extends CommonArguments {
  readonly units: number | null;
  /** Default "tanh". */
  readonly activation?: string | null;
  /** Default true. */
  readonly useBias?: boolean;
  /** Default "glorot_uniform". */
  readonly kernelInitializer?: Setting;
  /** Default "orthogonal". */
  readonly recurrentInitializer?: Setting;
  /** Default "zeros". */
  readonly biasInitializer?: Setting;
  /** Default null. */
  readonly kernelRegularizer?: Setting;
  /** Default null. */
  readonly recurrentRegularizer?: Setting;
  /** Default null. */
  readonly biasRegularizer?: Setting;
  /** Default null. */
  readonly activityRegularizer?: Setting;
  /** Default null. */
  readonly kernelConstraint?: Setting;
  /** Default null. */
  readonly recurrentConstraint?: Setting;
  /** Default null. */
  readonly biasConstraint?: Setting;
  /** Default 0.0. */
  readonly dropout?: number;
  /** Default 0.0. */
  readonly recurrentDropout?: number;
  /** Default false. */
  readonly returnSequences?: boolean;
  /** Default false. */
  readonly returnState?: boolean;
  /** Default false. */
  readonly goBackwards?: boolean;
  /** Default false. */
  readonly stateful?: boolean;
  /** Default false. */
  readonly unroll?: boolean;
  /** Default null. */
  readonly seed?: number | null;
  /** Default false. */
  readonly zeroOutputForMask?: boolean;
}

/** Arguments of SimpleRNNCell. */
export interface SimpleRNNCellArguments extends CommonArguments {
  readonly units: number | null;
  /** Default "tanh". */
  readonly activation?: string | null;
  /** Default true. */
  readonly useBias?: boolean;
  /** Default "glorot_uniform". */
  readonly kernelInitializer?: Setting;
  /** Default "orthogonal". */
  readonly recurrentInitializer?: Setting;
  /** Default "zeros". */
  readonly biasInitializer?: Setting;
  /** Default null. */
  readonly kernelRegularizer?: Setting;
  /** Default null. */
  readonly recurrentRegularizer?: Setting;
  /** Default null. */
  readonly biasRegularizer?: Setting;
  /** Default null. */
  readonly kernelConstraint?: Setting;
  /** Default null. */
  readonly recurrentConstraint?: Setting;
  /** Default null. */
  readonly biasConstraint?: Setting;
  /** Default 0.0. */
  readonly dropout?: number;
  /** Default 0.0. */
  readonly recurrentDropout?: number;
  /** Default null. */
  readonly seed?: number | null;
}

/** Arguments of Softmax. */
export interface SoftmaxArguments extends CommonArguments {
  /** Default -1. */
  readonly axis?: number | Numbers | null;
}

/** Arguments of Solarization. */
export interface SolarizationArguments extends CommonArguments {
  /** Default 0.0. */
  readonly additionFactor?: number;
  /** Default 0.0. */
  readonly thresholdFactor?: number;
  /** Default [0, 255]. */
  readonly valueRange?: number | readonly number[] | null;
  /** Default null. */
  readonly seed?: number | null;
  /** Default null. */
  readonly factor?: number | readonly number[] | null;
  /** Default null. */
  readonly boundingBoxFormat?: JsonValue;
  /** Default null. */
  readonly dataFormat?: JsonValue;
}

/** Arguments of SpatialDropout1D. */
export interface SpatialDropout1DArguments extends CommonArguments {
  readonly rate: number | null;
  /** Default null. */
  readonly seed?: number | null;
}

/** Arguments of SpatialDropout2D. */
export interface SpatialDropout2DArguments extends CommonArguments {
  readonly rate: number | null;
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default null. */
  readonly seed?: number | null;
}

/** Arguments of SpatialDropout3D. */
export interface SpatialDropout3DArguments extends CommonArguments {
  readonly rate: number | null;
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default null. */
  readonly seed?: number | null;
}

/** Arguments of SpectralNormalization. */
export interface SpectralNormalizationArguments extends CommonArguments {
  readonly layer: tf.layers.Layer;
  /** Default 1. */
  readonly powerIterations?: number;
}

/** Arguments of StackedRNNCells. */
export interface StackedRNNCellsArguments extends CommonArguments {
  readonly cells: readonly tf.layers.Layer[];
}

/** Arguments of StringLookup. */
export interface StringLookupArguments extends CommonArguments {
  /** Default null. */
  readonly maxTokens?: number | null;
  /** Default 1. */
  readonly numOovIndices?: number;
  /** Default null. */
  readonly maskToken?: JsonValue;
  /** Default "[UNK]". */
  readonly oovToken?: string;
  /** Default null. */
  readonly vocabulary?: JsonValue;
  /** Default null. */
  readonly idfWeights?: JsonValue;
  /** Default false. */
  readonly invert?: boolean;
  /** Default "int". */
  readonly outputMode?: string;
  /** Default false. */
  readonly padToMaxTokens?: boolean;
  /** Default false. */
  readonly sparse?: boolean;
  /** Default "utf-8". */
  readonly encoding?: string;
  /** Default null. */
  readonly salt?: JsonValue;
  /** Default "floormod". */
  readonly oovMethod?: string;
}

/** Arguments of Subtract. */
export type SubtractArguments = CommonArguments;

/** Arguments of TernaryDense. */
export interface TernaryDenseArguments extends CommonArguments {
  readonly units: number | null;
  /** Default null. */
  readonly threshold?: number | null;
  /** Default null. */
  readonly activation?: string | null;
  /** Default true. */
  readonly useBias?: boolean;
  /** Default "glorot_uniform". */
  readonly kernelInitializer?: Setting;
  /** Default "zeros". */
  readonly biasInitializer?: Setting;
  /** Default null. */
  readonly kernelRegularizer?: Setting;
  /** Default null. */
  readonly biasRegularizer?: Setting;
  /** Default null. */
  readonly activityRegularizer?: Setting;
  /** Default null. */
  readonly kernelConstraint?: Setting;
  /** Default null. */
  readonly biasConstraint?: Setting;
}

/** Arguments of TextVectorization. */
export interface TextVectorizationArguments extends CommonArguments {
  /** Default null. */
  readonly maxTokens?: number | null;
  /** Default "lower_and_strip_punctuation". */
  readonly standardize?: string;
  /** Default "whitespace". */
  readonly split?: string;
  /** Default null. */
  readonly ngrams?: JsonValue;
  /** Default "int". */
  readonly outputMode?: string;
  /** Default null. */
  readonly outputSequenceLength?: number | null;
  /** Default false. */
  readonly padToMaxTokens?: boolean;
  /** Default null. */
  readonly vocabulary?: JsonValue;
  /** Default null. */
  readonly idfWeights?: JsonValue;
  /** Default false. */
  readonly sparse?: boolean;
  /** Default false. */
  readonly ragged?: boolean;
  /** Default "utf-8". */
  readonly encoding?: string;
}

/** Arguments of ThresholdedReLU. */
export interface ThresholdedReLUArguments extends CommonArguments {
  /** Default 1.0. */
  readonly theta?: number;
}

/** Arguments of TimeDistributed. */
export interface TimeDistributedArguments extends CommonArguments {
  readonly layer: tf.layers.Layer;
}

/** Arguments of UnitNormalization. */
export interface UnitNormalizationArguments extends CommonArguments {
  /** Default -1. */
  readonly axis?: number | Numbers | null;
}

/** Arguments of UpSampling1D. */
export interface UpSampling1DArguments extends CommonArguments {
  /** Default 2. */
  readonly size?: number | Numbers | null;
}

/** Arguments of UpSampling2D. */
export interface UpSampling2DArguments extends CommonArguments {
  /** Default [2, 2]. */
  readonly size?: number | Numbers | null;
  /** Default null. */
  readonly dataFormat?: JsonValue;
  /** Default "nearest". */
  readonly interpolation?: string;
}

/** Arguments of UpSampling3D. */
export interface UpSampling3DArguments extends CommonArguments {
  /** Default [2, 2, 2]. */
  readonly size?: number | Numbers | null;
  /** Default null. */
  readonly dataFormat?: JsonValue;
}

/** Arguments of ZeroPadding1D. */
export interface ZeroPadding1DArguments extends CommonArguments {
  /** Default 1. */
  readonly padding?: number | Numbers | null;
  /** Default null. */
  readonly dataFormat?: JsonValue;
}

/** Arguments of ZeroPadding2D. */
export interface ZeroPadding2DArguments extends CommonArguments {
  /** Default [1, 1]. */
  readonly padding?: number | Numbers | null;
  /** Default null. */
  readonly dataFormat?: JsonValue;
}

/** Arguments of ZeroPadding3D. */
export interface ZeroPadding3DArguments extends CommonArguments {
  /** Default [[1, 1], [1, 1], [1, 1]]. */
  readonly padding?: number | Numbers | null;
  /** Default null. */
  readonly dataFormat?: JsonValue;
}

/** A function for each layer, that makes one from its arguments. */
export interface LayerFactories {
  /**
   * Applies an activation function.
   *
   * Shapes: any shape, kept.
   *
   * Source: keras/src/layers/activations/activation.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  activation(args: ActivationArguments): tf.layers.Layer;
  /**
   * Passes its input on and adds its size to the loss.
   *
   * Shapes: any shape, kept.
   *
   * Source: keras/src/layers/regularization/activity_regularization.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  activityRegularization(args?: ActivityRegularizationArguments): tf.layers.Layer;
  /**
   * The mean of windows that cover the input in a given number.
   *
   * Shapes: [batch, steps, channels] to [batch, new steps, channels]; with `dataFormat` channels_first the
   * channels come second.
   *
   * Source: keras/src/layers/pooling/adaptive_average_pooling1d.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  adaptiveAveragePooling1D(args: AdaptiveAveragePooling1DArguments): tf.layers.Layer;
  /**
   * The mean of windows that cover the input in a given number.
   *
   * Shapes: [batch, rows, columns, channels] to [batch, new rows, new columns, channels]; with `dataFormat`
   * channels_first the channels come second.
   *
   * Source: keras/src/layers/pooling/adaptive_average_pooling2d.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  adaptiveAveragePooling2D(args: AdaptiveAveragePooling2DArguments): tf.layers.Layer;
  /**
   * The mean of windows that cover the input in a given number.
   *
   * Shapes: [batch, depth, rows, columns, channels] to [batch, new depth, new rows, new columns, channels]; with
   * `dataFormat` channels_first the channels come second.
   *
   * Source: keras/src/layers/pooling/adaptive_average_pooling3d.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  adaptiveAveragePooling3D(args: AdaptiveAveragePooling3DArguments): tf.layers.Layer;
  /**
   * The largest of windows that cover the input in a given number.
   *
   * Shapes: [batch, steps, channels] to [batch, new steps, channels]; with `dataFormat` channels_first the
   * channels come second.
   *
   * Source: keras/src/layers/pooling/adaptive_max_pooling1d.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  adaptiveMaxPooling1D(args: AdaptiveMaxPooling1DArguments): tf.layers.Layer;
  /**
   * The largest of windows that cover the input in a given number.
   *
   * Shapes: [batch, rows, columns, channels] to [batch, new rows, new columns, channels]; with `dataFormat`
   * channels_first the channels come second.
   *
   * Source: keras/src/layers/pooling/adaptive_max_pooling2d.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  adaptiveMaxPooling2D(args: AdaptiveMaxPooling2DArguments): tf.layers.Layer;
  /**
   * The largest of windows that cover the input in a given number.
   *
   * Shapes: [batch, depth, rows, columns, channels] to [batch, new depth, new rows, new columns, channels]; with
   * `dataFormat` channels_first the channels come second.
   *
   * Source: keras/src/layers/pooling/adaptive_max_pooling3d.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  adaptiveMaxPooling3D(args: AdaptiveMaxPooling3DArguments): tf.layers.Layer;
  /**
   * The sum of its inputs.
   *
   * Shapes: several of one shape, or shapes that broadcast, to one.
   *
   * Source: keras/src/layers/merging/add.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  add(args?: AddArguments): tf.layers.Layer;
  /**
   * Bahdanau's attention: a tanh of query and key.
   *
   * Shapes: [batch, queries, size] and [batch, keys, size] to [batch, queries, size].
   *
   * Source: keras/src/layers/attention/additive_attention.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  additiveAttention(args?: AdditiveAttentionArguments): tf.layers.Layer;
  /**
   * Dropout in training that keeps mean and variance for SELU.
   *
   * Shapes: any shape, kept.
   *
   * Source: keras/src/layers/regularization/alpha_dropout.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  alphaDropout(args: AlphaDropoutArguments): tf.layers.Layer;
  /**
   * Luong's attention: the product of query and key.
   *
   * Shapes: [batch, queries, size] and [batch, keys, size] to [batch, queries, size].
   *
   * Source: keras/src/layers/attention/attention.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  attention(args?: AttentionArguments): tf.layers.Layer;
  /**
   * Mixes several random chains of changes with the image, in training.
   *
   * Shapes: [batch, height, width, channels] or without the batch, kept.
   *
   * Source: keras/src/layers/preprocessing/image_preprocessing/aug_mix.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  augMix(args?: AugMixArguments): tf.layers.Layer;
  /**
   * Stretches the values of each channel over the whole range.
   *
   * Shapes: [batch, height, width, channels] or without the batch, kept.
   *
   * Source: keras/src/layers/preprocessing/image_preprocessing/auto_contrast.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  autoContrast(args?: AutoContrastArguments): tf.layers.Layer;
  /**
   * The mean of its inputs.
   *
   * Shapes: several of one shape, or shapes that broadcast, to one.
   *
   * Source: keras/src/layers/merging/average.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  average(args?: AverageArguments): tf.layers.Layer;
  /**
   * The mean of each window.
   *
   * Shapes: [batch, steps, channels] to [batch, new steps, channels]; with `dataFormat` channels_first the
   * channels come second.
   *
   * Source: keras/src/layers/pooling/average_pooling1d.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  averagePooling1D(args: AveragePooling1DArguments): tf.layers.Layer;
  /**
   * The mean of each window.
   *
   * Shapes: [batch, rows, columns, channels] to [batch, new rows, new columns, channels]; with `dataFormat`
   * channels_first the channels come second.
   *
   * Source: keras/src/layers/pooling/average_pooling2d.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  averagePooling2D(args: AveragePooling2DArguments): tf.layers.Layer;
  /**
   * The mean of each window.
   *
   * Shapes: [batch, depth, rows, columns, channels] to [batch, new depth, new rows, new columns, channels]; with
   * `dataFormat` channels_first the channels come second.
   *
   * Source: keras/src/layers/pooling/average_pooling3d.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  averagePooling3D(args: AveragePooling3DArguments): tf.layers.Layer;
  /**
   * The mean of each window.
   *
   * Shapes: [batch, steps, channels] to [batch, new steps, channels]; with `dataFormat` channels_first the
   * channels come second.
   *
   * Source: tf_keras/src/layers/pooling/average_pooling1d.py (Keras 2).
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  avgPool1D(args?: AvgPool1DArguments): tf.layers.Layer;
  /**
   * The mean of each window.
   *
   * Shapes: [batch, rows, columns, channels] to [batch, new rows, new columns, channels]; with `dataFormat`
   * channels_first the channels come second.
   *
   * Source: tf_keras/src/layers/pooling/average_pooling2d.py (Keras 2).
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  avgPool2D(args?: AvgPool2DArguments): tf.layers.Layer;
  /**
   * The mean of each window.
   *
   * Shapes: [batch, depth, rows, columns, channels] to [batch, new depth, new rows, new columns, channels]; with
   * `dataFormat` channels_first the channels come second.
   *
   * Source: tf_keras/src/layers/pooling/average_pooling3d.py (Keras 2).
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  avgPool3D(args?: AvgPool3DArguments): tf.layers.Layer;
  /**
   * Normalizes by the statistics of the batch in training, by their moving averages else.
   *
   * Shapes: any shape, kept.
   *
   * Source: keras/src/layers/normalization/batch_normalization.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  batchNormalization(args?: BatchNormalizationArguments): tf.layers.Layer;
  /**
   * Runs a recurrent layer forwards and another backwards, and merges what they give.
   *
   * Shapes: [batch, steps, features] to what `mergeMode` makes of two outputs.
   *
   * Source: keras/src/layers/rnn/bidirectional.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  bidirectional(args: BidirectionalArguments): tf.layers.Layer;
  /**
   * Encodes whole numbers as one-hot, multi-hot or counts.
   *
   * Shapes: [batch] or [batch, n] to [batch, numTokens].
   *
   * Source: keras/src/layers/preprocessing/category_encoding.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  categoryEncoding(args?: CategoryEncodingArguments): tf.layers.Layer;
  /**
   * Cuts the middle out of images, scaled up where they are smaller.
   *
   * Shapes: [batch, height, width, channels] to [batch, `height`, `width`, channels].
   *
   * Source: keras/src/layers/preprocessing/image_preprocessing/center_crop.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  centerCrop(args: CenterCropArguments): tf.layers.Layer;
  /**
   * Joins its inputs along an axis.
   *
   * Shapes: several that differ along the axis alone, to one.
   *
   * Source: keras/src/layers/merging/concatenate.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  concatenate(args?: ConcatenateArguments): tf.layers.Layer;
  /**
   * Equalizes the histogram of each tile of an image, within a limit.
   *
   * Shapes: [batch, height, width, channels] or without the batch, kept.
   *
   * Source: keras/src/layers/preprocessing/image_preprocessing/clahe.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  contrastLimitedAdaptiveHistogramEqualization(
    args?: ContrastLimitedAdaptiveHistogramEqualizationArguments,
  ): tf.layers.Layer;
  /**
   * Convolution with trained filters.
   *
   * Shapes: [batch, steps, channels] to [batch, new steps, filters]; with `dataFormat` channels_first the channels
   * come second.
   *
   * Source: keras/src/layers/convolutional/conv1d.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  conv1D(args: Conv1DArguments): tf.layers.Layer;
  /**
   * Transposed convolution, that scales up.
   *
   * Shapes: [batch, steps, channels] to [batch, new steps, filters]; with `dataFormat` channels_first the channels
   * come second.
   *
   * Source: keras/src/layers/convolutional/conv1d_transpose.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  conv1DTranspose(args: Conv1DTransposeArguments): tf.layers.Layer;
  /**
   * Convolution with trained filters.
   *
   * Shapes: [batch, rows, columns, channels] to [batch, new rows, new columns, filters]; with `dataFormat`
   * channels_first the channels come second.
   *
   * Source: keras/src/layers/convolutional/conv2d.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  conv2D(args: Conv2DArguments): tf.layers.Layer;
  /**
   * Transposed convolution, that scales up.
   *
   * Shapes: [batch, rows, columns, channels] to [batch, new rows, new columns, filters]; with `dataFormat`
   * channels_first the channels come second.
   *
   * Source: keras/src/layers/convolutional/conv2d_transpose.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  conv2DTranspose(args: Conv2DTransposeArguments): tf.layers.Layer;
  /**
   * Convolution with trained filters.
   *
   * Shapes: [batch, depth, rows, columns, channels] to [batch, new depth, new rows, new columns, filters]; with
   * `dataFormat` channels_first the channels come second.
   *
   * Source: keras/src/layers/convolutional/conv3d.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  conv3D(args: Conv3DArguments): tf.layers.Layer;
  /**
   * Transposed convolution, that scales up.
   *
   * Shapes: [batch, depth, rows, columns, channels] to [batch, new depth, new rows, new columns, filters]; with
   * `dataFormat` channels_first the channels come second.
   *
   * Source: keras/src/layers/convolutional/conv3d_transpose.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  conv3DTranspose(args: Conv3DTransposeArguments): tf.layers.Layer;
  /**
   * An LSTM whose products are convolutions.
   *
   * Shapes: [batch, time, steps, channels] to [batch, new steps, filters], or one for each time with
   * `returnSequences`.
   *
   * Source: keras/src/layers/rnn/conv_lstm1d.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  convLSTM1D(args: ConvLSTM1DArguments): tf.layers.Layer;
  /**
   * An LSTM whose products are convolutions.
   *
   * Shapes: [batch, time, rows, columns, channels] to [batch, new rows, new columns, filters], or one for each
   * time with `returnSequences`.
   *
   * Source: keras/src/layers/rnn/conv_lstm2d.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  convLSTM2D(args: ConvLSTM2DArguments): tf.layers.Layer;
  /**
   * An LSTM whose products are convolutions.
   *
   * Shapes: [batch, time, depth, rows, columns, channels] to [batch, new depth, new rows, new columns, filters],
   * or one for each time with `returnSequences`.
   *
   * Source: keras/src/layers/rnn/conv_lstm3d.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  convLSTM3D(args: ConvLSTM3DArguments): tf.layers.Layer;
  /**
   * Transposed convolution, that scales up.
   *
   * Shapes: [batch, steps, channels] to [batch, new steps, filters]; with `dataFormat` channels_first the channels
   * come second.
   *
   * Source: tf_keras/src/layers/convolutional/conv1d_transpose.py (Keras 2).
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  convolution1DTranspose(args: Convolution1DTransposeArguments): tf.layers.Layer;
  /**
   * Transposed convolution, that scales up.
   *
   * Shapes: [batch, rows, columns, channels] to [batch, new rows, new columns, filters]; with `dataFormat`
   * channels_first the channels come second.
   *
   * Source: tf_keras/src/layers/convolutional/conv2d_transpose.py (Keras 2).
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  convolution2DTranspose(args: Convolution2DTransposeArguments): tf.layers.Layer;
  /**
   * Transposed convolution, that scales up.
   *
   * Shapes: [batch, depth, rows, columns, channels] to [batch, new depth, new rows, new columns, filters]; with
   * `dataFormat` channels_first the channels come second.
   *
   * Source: tf_keras/src/layers/convolutional/conv3d_transpose.py (Keras 2).
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  convolution3DTranspose(args: Convolution3DTransposeArguments): tf.layers.Layer;
  /**
   * Cuts numbers off the sides.
   *
   * Shapes: [batch, steps, channels] to [batch, new steps, channels]; with `dataFormat` channels_first the
   * channels come second.
   *
   * Source: keras/src/layers/reshaping/cropping1d.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  cropping1D(args?: Cropping1DArguments): tf.layers.Layer;
  /**
   * Cuts numbers off the sides.
   *
   * Shapes: [batch, rows, columns, channels] to [batch, new rows, new columns, channels]; with `dataFormat`
   * channels_first the channels come second.
   *
   * Source: keras/src/layers/reshaping/cropping2d.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  cropping2D(args?: Cropping2DArguments): tf.layers.Layer;
  /**
   * Cuts numbers off the sides.
   *
   * Shapes: [batch, depth, rows, columns, channels] to [batch, new depth, new rows, new columns, channels]; with
   * `dataFormat` channels_first the channels come second.
   *
   * Source: keras/src/layers/reshaping/cropping3d.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  cropping3D(args?: Cropping3DArguments): tf.layers.Layer;
  /**
   * Puts a rectangle of another image of the batch into each, in training.
   *
   * Shapes: [batch, height, width, channels] or without the batch, kept.
   *
   * Source: keras/src/layers/preprocessing/image_preprocessing/cut_mix.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  cutMix(args?: CutMixArguments): tf.layers.Layer;
  /**
   * activation(x kernel + bias) over the last axis.
   *
   * Shapes: [batch, ..., features] to [batch, ..., units].
   *
   * Source: keras/src/layers/core/dense.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  dense(args: DenseArguments): tf.layers.Layer;
  /**
   * A convolution of each channel by itself.
   *
   * Shapes: [batch, steps, channels] to [batch, new steps, channels x depthMultiplier]; with `dataFormat`
   * channels_first the channels come second.
   *
   * Source: keras/src/layers/convolutional/depthwise_conv1d.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  depthwiseConv1D(args: DepthwiseConv1DArguments): tf.layers.Layer;
  /**
   * A convolution of each channel by itself.
   *
   * Shapes: [batch, rows, columns, channels] to [batch, new rows, new columns, channels x depthMultiplier]; with
   * `dataFormat` channels_first the channels come second.
   *
   * Source: keras/src/layers/convolutional/depthwise_conv2d.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  depthwiseConv2D(args: DepthwiseConv2DArguments): tf.layers.Layer;
  /**
   * The number of the bin that each value falls into.
   *
   * Shapes: any shape, kept.
   *
   * Source: keras/src/layers/preprocessing/discretization.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  discretization(args?: DiscretizationArguments): tf.layers.Layer;
  /**
   * The dot product of two inputs along axes.
   *
   * Shapes: [batch, ...] twice to [batch, ...] without the axes.
   *
   * Source: keras/src/layers/merging/dot.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  dot(args: DotArguments): tf.layers.Layer;
  /**
   * Sets a part of its inputs to 0 in training and scales the rest up.
   *
   * Shapes: any shape, kept.
   *
   * Source: keras/src/layers/regularization/dropout.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  dropout(args: DropoutArguments): tf.layers.Layer;
  /**
   * x above 0, alpha (exp(x) - 1) below.
   *
   * Shapes: any shape, kept.
   *
   * Source: keras/src/layers/activations/elu.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  elu(args?: ELUArguments): tf.layers.Layer;
  /**
   * An einsum of its input and a kernel, with a bias along chosen axes.
   *
   * Shapes: as the equation says.
   *
   * Source: keras/src/layers/core/einsum_dense.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  einsumDense(args: EinsumDenseArguments): tf.layers.Layer;
  /**
   * The rows of a table by whole numbers.
   *
   * Shapes: [batch, ...] to [batch, ..., outputDim].
   *
   * Source: keras/src/layers/core/embedding.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  embedding(args: EmbeddingArguments): tf.layers.Layer;
  /**
   * Equalizes the histogram of each channel.
   *
   * Shapes: [batch, height, width, channels] or without the batch, kept.
   *
   * Source: keras/src/layers/preprocessing/image_preprocessing/equalization.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  equalization(args?: EqualizationArguments): tf.layers.Layer;
  /**
   * All axes but the batch as one.
   *
   * Shapes: [batch, ...] to [batch, n].
   *
   * Source: keras/src/layers/reshaping/flatten.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  flatten(args?: FlattenArguments): tf.layers.Layer;
  /**
   * Gated recurrent units.
   *
   * Shapes: [batch, steps, features] to [batch, units], or [batch, steps, units] with `returnSequences`.
   *
   * Source: keras/src/layers/rnn/gru.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  gru(args: GRUArguments): tf.layers.Layer;
  /**
   * One step of a GRU, for RNN.
   *
   * Shapes: [batch, features] and a state [batch, units] to [batch, units] twice.
   *
   * Source: keras/src/layers/rnn/gru.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  gruCell(args: GRUCellArguments): tf.layers.Layer;
  /**
   * Multiplies by random numbers around 1 in training.
   *
   * Shapes: any shape, kept.
   *
   * Source: keras/src/layers/regularization/gaussian_dropout.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  gaussianDropout(args: GaussianDropoutArguments): tf.layers.Layer;
  /**
   * Adds random numbers around 0 in training.
   *
   * Shapes: any shape, kept.
   *
   * Source: keras/src/layers/regularization/gaussian_noise.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  gaussianNoise(args: GaussianNoiseArguments): tf.layers.Layer;
  /**
   * The mean of each channel.
   *
   * Shapes: [batch, steps, channels] to [batch, channels].
   *
   * Source: keras/src/layers/pooling/global_average_pooling1d.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  globalAveragePooling1D(args?: GlobalAveragePooling1DArguments): tf.layers.Layer;
  /**
   * The mean of each channel.
   *
   * Shapes: [batch, rows, columns, channels] to [batch, channels].
   *
   * Source: keras/src/layers/pooling/global_average_pooling2d.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  globalAveragePooling2D(args?: GlobalAveragePooling2DArguments): tf.layers.Layer;
  /**
   * The mean of each channel.
   *
   * Shapes: [batch, depth, rows, columns, channels] to [batch, channels].
   *
   * Source: keras/src/layers/pooling/global_average_pooling3d.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  globalAveragePooling3D(args?: GlobalAveragePooling3DArguments): tf.layers.Layer;
  /**
   * The mean of each channel.
   *
   * Shapes: [batch, steps, channels] to [batch, channels].
   *
   * Source: tf_keras/src/layers/pooling/global_average_pooling1d.py (Keras 2).
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  globalAvgPool1D(args?: GlobalAvgPool1DArguments): tf.layers.Layer;
  /**
   * The mean of each channel.
   *
   * Shapes: [batch, rows, columns, channels] to [batch, channels].
   *
   * Source: tf_keras/src/layers/pooling/global_average_pooling2d.py (Keras 2).
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  globalAvgPool2D(args?: GlobalAvgPool2DArguments): tf.layers.Layer;
  /**
   * The mean of each channel.
   *
   * Shapes: [batch, depth, rows, columns, channels] to [batch, channels].
   *
   * Source: tf_keras/src/layers/pooling/global_average_pooling3d.py (Keras 2).
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  globalAvgPool3D(args?: GlobalAvgPool3DArguments): tf.layers.Layer;
  /**
   * The largest of each channel.
   *
   * Shapes: [batch, steps, channels] to [batch, channels].
   *
   * Source: keras/src/layers/pooling/global_max_pooling1d.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  globalMaxPool1D(args?: GlobalMaxPool1DArguments): tf.layers.Layer;
  /**
   * The largest of each channel.
   *
   * Shapes: [batch, rows, columns, channels] to [batch, channels].
   *
   * Source: keras/src/layers/pooling/global_max_pooling2d.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  globalMaxPool2D(args?: GlobalMaxPool2DArguments): tf.layers.Layer;
  /**
   * The largest of each channel.
   *
   * Shapes: [batch, depth, rows, columns, channels] to [batch, channels].
   *
   * Source: keras/src/layers/pooling/global_max_pooling3d.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  globalMaxPool3D(args?: GlobalMaxPool3DArguments): tf.layers.Layer;
  /**
   * The largest of each channel.
   *
   * Shapes: [batch, steps, channels] to [batch, channels].
   *
   * Source: tf_keras/src/layers/pooling/global_max_pooling1d.py (Keras 2).
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  globalMaxPooling1D(args?: GlobalMaxPooling1DArguments): tf.layers.Layer;
  /**
   * The largest of each channel.
   *
   * Shapes: [batch, rows, columns, channels] to [batch, channels].
   *
   * Source: tf_keras/src/layers/pooling/global_max_pooling2d.py (Keras 2).
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  globalMaxPooling2D(args?: GlobalMaxPooling2DArguments): tf.layers.Layer;
  /**
   * The largest of each channel.
   *
   * Shapes: [batch, depth, rows, columns, channels] to [batch, channels].
   *
   * Source: tf_keras/src/layers/pooling/global_max_pooling3d.py (Keras 2).
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  globalMaxPooling3D(args?: GlobalMaxPooling3DArguments): tf.layers.Layer;
  /**
   * Normalizes each example over groups of channels.
   *
   * Shapes: any shape, kept.
   *
   * Source: keras/src/layers/normalization/group_normalization.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  groupNormalization(args?: GroupNormalizationArguments): tf.layers.Layer;
  /**
   * Attention of many query heads that share a few key and value heads.
   *
   * Shapes: [batch, queries, size] and [batch, keys, size] to [batch, queries, size].
   *
   * Source: keras/src/layers/attention/grouped_query_attention.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  groupQueryAttention(args: GroupQueryAttentionArguments): tf.layers.Layer;
  /**
   * Crosses categories by the hash of their joined text.
   *
   * Shapes: [batch] or [batch, 1], several, to [batch, 1] or one-hot [batch, numBins].
   *
   * Source: keras/src/layers/preprocessing/hashed_crossing.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  hashedCrossing(args: HashedCrossingArguments): tf.layers.Layer;
  /**
   * Whole numbers or text to bins by their hash.
   *
   * Shapes: any shape, kept.
   *
   * Source: keras/src/layers/preprocessing/hashing.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  hashing(args: HashingArguments): tf.layers.Layer;
  /**
   * Passes its input on.
   *
   * Shapes: any shape, kept.
   *
   * Source: keras/src/layers/core/identity.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  identity(args?: IdentityArguments): tf.layers.Layer;
  /**
   * Whole numbers to their places in a vocabulary.
   *
   * Shapes: any shape, kept, or encoded [batch, size of the vocabulary].
   *
   * Source: keras/src/layers/preprocessing/integer_lookup.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  integerLookup(args?: IntegerLookupArguments): tf.layers.Layer;
  /**
   * Long short-term memory.
   *
   * Shapes: [batch, steps, features] to [batch, units], or [batch, steps, units] with `returnSequences`.
   *
   * Source: keras/src/layers/rnn/lstm.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  lstm(args: LSTMArguments): tf.layers.Layer;
  /**
   * One step of an LSTM, for RNN.
   *
   * Shapes: [batch, features] and two states [batch, units] to [batch, units] and the states.
   *
   * Source: keras/src/layers/rnn/lstm.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  lstmCell(args: LSTMCellArguments): tf.layers.Layer;
  /**
   * Normalizes each example over some of its axes.
   *
   * Shapes: any shape, kept.
   *
   * Source: keras/src/layers/normalization/layer_normalization.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  layerNormalization(args?: LayerNormalizationArguments): tf.layers.Layer;
  /**
   * x above 0, a part of it below.
   *
   * Shapes: any shape, kept.
   *
   * Source: keras/src/layers/activations/leaky_relu.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  leakyReLU(args?: LeakyReLUArguments): tf.layers.Layer;
  /**
   * A convolution with filters of its own at each place.
   *
   * Shapes: [batch, steps, channels] to [batch, new steps, filters]; with `dataFormat` channels_first the channels
   * come second.
   *
   * Source: tf_keras/src/layers/locally_connected/locally_connected1d.py (Keras 2).
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  locallyConnected1D(args: LocallyConnected1DArguments): tf.layers.Layer;
  /**
   * A convolution with filters of its own at each place.
   *
   * Shapes: [batch, rows, columns, channels] to [batch, new rows, new columns, filters]; with `dataFormat`
   * channels_first the channels come second.
   *
   * Source: tf_keras/src/layers/locally_connected/locally_connected2d.py (Keras 2).
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  locallyConnected2D(args: LocallyConnected2DArguments): tf.layers.Layer;
  /**
   * Masks the steps that have one value throughout.
   *
   * Shapes: [batch, steps, features], kept.
   *
   * Source: keras/src/layers/core/masking.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  masking(args?: MaskingArguments): tf.layers.Layer;
  /**
   * Cuts or pads bounding boxes to one number.
   *
   * Shapes: [batch, boxes, 4] to [batch, maxNumber, 4].
   *
   * Source: keras/src/layers/preprocessing/image_preprocessing/max_num_bounding_box.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  maxNumBoundingBoxes(args: MaxNumBoundingBoxesArguments): tf.layers.Layer;
  /**
   * The largest of each window.
   *
   * Shapes: [batch, steps, channels] to [batch, new steps, channels]; with `dataFormat` channels_first the
   * channels come second.
   *
   * Source: keras/src/layers/pooling/max_pooling1d.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  maxPool1D(args?: MaxPool1DArguments): tf.layers.Layer;
  /**
   * The largest of each window.
   *
   * Shapes: [batch, rows, columns, channels] to [batch, new rows, new columns, channels]; with `dataFormat`
   * channels_first the channels come second.
   *
   * Source: keras/src/layers/pooling/max_pooling2d.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  maxPool2D(args?: MaxPool2DArguments): tf.layers.Layer;
  /**
   * The largest of each window.
   *
   * Shapes: [batch, depth, rows, columns, channels] to [batch, new depth, new rows, new columns, channels]; with
   * `dataFormat` channels_first the channels come second.
   *
   * Source: keras/src/layers/pooling/max_pooling3d.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  maxPool3D(args?: MaxPool3DArguments): tf.layers.Layer;
  /**
   * The largest of each window.
   *
   * Shapes: [batch, steps, channels] to [batch, new steps, channels]; with `dataFormat` channels_first the
   * channels come second.
   *
   * Source: tf_keras/src/layers/pooling/max_pooling1d.py (Keras 2).
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  maxPooling1D(args?: MaxPooling1DArguments): tf.layers.Layer;
  /**
   * The largest of each window.
   *
   * Shapes: [batch, rows, columns, channels] to [batch, new rows, new columns, channels]; with `dataFormat`
   * channels_first the channels come second.
   *
   * Source: tf_keras/src/layers/pooling/max_pooling2d.py (Keras 2).
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  maxPooling2D(args?: MaxPooling2DArguments): tf.layers.Layer;
  /**
   * The largest of each window.
   *
   * Shapes: [batch, depth, rows, columns, channels] to [batch, new depth, new rows, new columns, channels]; with
   * `dataFormat` channels_first the channels come second.
   *
   * Source: tf_keras/src/layers/pooling/max_pooling3d.py (Keras 2).
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  maxPooling3D(args?: MaxPooling3DArguments): tf.layers.Layer;
  /**
   * The largest of its inputs, number by number.
   *
   * Shapes: several of one shape, or shapes that broadcast, to one.
   *
   * Source: keras/src/layers/merging/maximum.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  maximum(args?: MaximumArguments): tf.layers.Layer;
  /**
   * Spectrogram of sound on the mel scale.
   *
   * Shapes: [batch, samples] to [batch, numMelBins, frames].
   *
   * Source: keras/src/layers/preprocessing/mel_spectrogram.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  melSpectrogram(args?: MelSpectrogramArguments): tf.layers.Layer;
  /**
   * The smallest of its inputs, number by number.
   *
   * Shapes: several of one shape, or shapes that broadcast, to one.
   *
   * Source: keras/src/layers/merging/minimum.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  minimum(args?: MinimumArguments): tf.layers.Layer;
  /**
   * Mixes each image with another of the batch, in training.
   *
   * Shapes: [batch, height, width, channels] or without the batch, kept.
   *
   * Source: keras/src/layers/preprocessing/image_preprocessing/mix_up.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  mixUp(args?: MixUpArguments): tf.layers.Layer;
  /**
   * Attention in several heads, with projections of query, key and value.
   *
   * Shapes: [batch, ..., queries, size] and [batch, ..., keys, size] to [batch, ..., queries, outputShape].
   *
   * Source: keras/src/layers/attention/multi_head_attention.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  multiHeadAttention(args: MultiHeadAttentionArguments): tf.layers.Layer;
  /**
   * The product of its inputs, number by number.
   *
   * Shapes: several of one shape, or shapes that broadcast, to one.
   *
   * Source: keras/src/layers/merging/multiply.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  multiply(args?: MultiplyArguments): tf.layers.Layer;
  /**
   * (x - mean) / deviation, by given numbers or those of a file.
   *
   * Shapes: any shape, kept.
   *
   * Source: keras/src/layers/preprocessing/normalization.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  normalization(args?: NormalizationArguments): tf.layers.Layer;
  /**
   * x above 0, a trained part of it below.
   *
   * Shapes: any shape, kept.
   *
   * Source: keras/src/layers/activations/prelu.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  pReLU(args?: PReLUArguments): tf.layers.Layer;
  /**
   * Brings axes into another order.
   *
   * Shapes: [batch, ...] to the same axes in the order of `dims`.
   *
   * Source: keras/src/layers/reshaping/permute.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  permute(args: PermuteArguments): tf.layers.Layer;
  /**
   * Layers one after the other, as one.
   *
   * Shapes: of the first layer to that of the last.
   *
   * Source: keras/src/layers/preprocessing/pipeline.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  pipeline(args: PipelineArguments): tf.layers.Layer;
  /**
   * Divides by the root mean square over some axes.
   *
   * Shapes: any shape, kept.
   *
   * Source: keras/src/layers/normalization/rms_normalization.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  rmsNormalization(args?: RMSNormalizationArguments): tf.layers.Layer;
  /**
   * Runs a cell, or several on each other, over steps.
   *
   * Shapes: [batch, steps, ...] to [batch, ...], or [batch, steps, ...] with `returnSequences`.
   *
   * Source: keras/src/layers/rnn/rnn.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  rnn(args: RNNArguments): tf.layers.Layer;
  /**
   * Applies some changes drawn at random, in training.
   *
   * Shapes: [batch, height, width, channels] or without the batch, kept.
   *
   * Source: keras/src/layers/preprocessing/image_preprocessing/rand_augment.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  randAugment(args?: RandAugmentArguments): tf.layers.Layer;
  /**
   * Adds one random number to all of an image, in training.
   *
   * Shapes: [batch, height, width, channels] or without the batch, kept.
   *
   * Source: keras/src/layers/preprocessing/image_preprocessing/random_brightness.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  randomBrightness(args: RandomBrightnessArguments): tf.layers.Layer;
  /**
   * Moves the colours of images towards grey by a random part, in training.
   *
   * Shapes: [batch, height, width, channels] or without the batch, kept.
   *
   * Source: keras/src/layers/preprocessing/image_preprocessing/random_color_degeneration.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  randomColorDegeneration(args: RandomColorDegenerationArguments): tf.layers.Layer;
  /**
   * Changes brightness, contrast, saturation and hue at random, in training.
   *
   * Shapes: [batch, height, width, channels] or without the batch, kept.
   *
   * Source: keras/src/layers/preprocessing/image_preprocessing/random_color_jitter.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  randomColorJitter(args?: RandomColorJitterArguments): tf.layers.Layer;
  /**
   * Scales the distance of pixels from their mean by a random factor, in training.
   *
   * Shapes: [batch, height, width, channels] or without the batch, kept.
   *
   * Source: keras/src/layers/preprocessing/image_preprocessing/random_contrast.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  randomContrast(args: RandomContrastArguments): tf.layers.Layer;
  /**
   * Cuts a random part out in training, the middle else.
   *
   * Shapes: [batch, height, width, channels] to [batch, `height`, `width`, channels].
   *
   * Source: keras/src/layers/preprocessing/image_preprocessing/random_crop.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  randomCrop(args: RandomCropArguments): tf.layers.Layer;
  /**
   * Displaces pixels by a smooth random field, in training.
   *
   * Shapes: [batch, height, width, channels] or without the batch, kept.
   *
   * Source: keras/src/layers/preprocessing/image_preprocessing/random_elastic_transform.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  randomElasticTransform(args?: RandomElasticTransformArguments): tf.layers.Layer;
  /**
   * Fills a random rectangle, in training.
   *
   * Shapes: [batch, height, width, channels] or without the batch, kept.
   *
   * Source: keras/src/layers/preprocessing/image_preprocessing/random_erasing.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  randomErasing(args?: RandomErasingArguments): tf.layers.Layer;
  /**
   * Mirrors images at random, in training.
   *
   * Shapes: [batch, height, width, channels] or without the batch, kept.
   *
   * Source: keras/src/layers/preprocessing/image_preprocessing/random_flip.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  randomFlip(args?: RandomFlipArguments): tf.layers.Layer;
  /**
   * Blurs images by a random width, in training.
   *
   * Shapes: [batch, height, width, channels] or without the batch, kept.
   *
   * Source: keras/src/layers/preprocessing/image_preprocessing/random_gaussian_blur.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  randomGaussianBlur(args?: RandomGaussianBlurArguments): tf.layers.Layer;
  /**
   * Takes the colour out of some images, in training.
   *
   * Shapes: [batch, height, width, channels] or without the batch, kept.
   *
   * Source: keras/src/layers/preprocessing/image_preprocessing/random_grayscale.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  randomGrayscale(args?: RandomGrayscaleArguments): tf.layers.Layer;
  /**
   * Scales the height of images at random.
   *
   * Shapes: [batch, height, width, channels] to another height.
   *
   * Source: tf_keras/src/layers/preprocessing/image_preprocessing.py (Keras 2).
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  randomHeight(args: RandomHeightArguments): tf.layers.Layer;
  /**
   * Turns the hue of images by a random angle, in training.
   *
   * Shapes: [batch, height, width, channels] or without the batch, kept.
   *
   * Source: keras/src/layers/preprocessing/image_preprocessing/random_hue.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  randomHue(args: RandomHueArguments): tf.layers.Layer;
  /**
   * Inverts some images, in training.
   *
   * Shapes: [batch, height, width, channels] or without the batch, kept.
   *
   * Source: keras/src/layers/preprocessing/image_preprocessing/random_invert.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  randomInvert(args?: RandomInvertArguments): tf.layers.Layer;
  /**
   * Moves the corners of images at random, in training.
   *
   * Shapes: [batch, height, width, channels] or without the batch, kept.
   *
   * Source: keras/src/layers/preprocessing/image_preprocessing/random_perspective.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  randomPerspective(args?: RandomPerspectiveArguments): tf.layers.Layer;
  /**
   * Keeps some bits of each colour, in training.
   *
   * Shapes: [batch, height, width, channels] or without the batch, kept.
   *
   * Source: keras/src/layers/preprocessing/image_preprocessing/random_posterization.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  randomPosterization(args: RandomPosterizationArguments): tf.layers.Layer;
  /**
   * Turns images by a random angle, in training.
   *
   * Shapes: [batch, height, width, channels] or without the batch, kept.
   *
   * Source: keras/src/layers/preprocessing/image_preprocessing/random_rotation.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  randomRotation(args: RandomRotationArguments): tf.layers.Layer;
  /**
   * Scales the saturation of images by a random factor, in training.
   *
   * Shapes: [batch, height, width, channels] or without the batch, kept.
   *
   * Source: keras/src/layers/preprocessing/image_preprocessing/random_saturation.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  randomSaturation(args: RandomSaturationArguments): tf.layers.Layer;
  /**
   * Mixes images with a blurred copy at random, in training.
   *
   * Shapes: [batch, height, width, channels] or without the batch, kept.
   *
   * Source: keras/src/layers/preprocessing/image_preprocessing/random_sharpness.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  randomSharpness(args: RandomSharpnessArguments): tf.layers.Layer;
  /**
   * Shears images at random, in training.
   *
   * Shapes: [batch, height, width, channels] or without the batch, kept.
   *
   * Source: keras/src/layers/preprocessing/image_preprocessing/random_shear.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  randomShear(args?: RandomShearArguments): tf.layers.Layer;
  /**
   * Shifts images at random, in training.
   *
   * Shapes: [batch, height, width, channels] or without the batch, kept.
   *
   * Source: keras/src/layers/preprocessing/image_preprocessing/random_translation.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  randomTranslation(args: RandomTranslationArguments): tf.layers.Layer;
  /**
   * Scales the width of images at random.
   *
   * Shapes: [batch, height, width, channels] to another width.
   *
   * Source: tf_keras/src/layers/preprocessing/image_preprocessing.py (Keras 2).
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  randomWidth(args: RandomWidthArguments): tf.layers.Layer;
  /**
   * Scales images by a random factor, in training.
   *
   * Shapes: [batch, height, width, channels] or without the batch, kept.
   *
   * Source: keras/src/layers/preprocessing/image_preprocessing/random_zoom.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  randomZoom(args: RandomZoomArguments): tf.layers.Layer;
  /**
   * x above a threshold, a part of it below, at most a bound.
   *
   * Shapes: any shape, kept.
   *
   * Source: keras/src/layers/activations/relu.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  reLU(args?: ReLUArguments): tf.layers.Layer;
  /**
   * Repeats vectors along a new axis.
   *
   * Shapes: [batch, features] to [batch, n, features].
   *
   * Source: keras/src/layers/reshaping/repeat_vector.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  repeatVector(args: RepeatVectorArguments): tf.layers.Layer;
  /**
   * x scale + offset.
   *
   * Shapes: any shape, kept.
   *
   * Source: keras/src/layers/preprocessing/rescaling.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  rescaling(args: RescalingArguments): tf.layers.Layer;
  /**
   * The same numbers in another shape.
   *
   * Shapes: [batch, ...] to [batch, `targetShape`].
   *
   * Source: keras/src/layers/reshaping/reshape.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  reshape(args: ReshapeArguments): tf.layers.Layer;
  /**
   * Scales images to a size.
   *
   * Shapes: [batch, height, width, channels] to [batch, `height`, `width`, channels].
   *
   * Source: keras/src/layers/preprocessing/image_preprocessing/resizing.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  resizing(args: ResizingArguments): tf.layers.Layer;
  /**
   * A table of rows, and back from rows to scores for each.
   *
   * Shapes: [batch, ...] to [batch, ..., outputDim]; reversed [batch, ..., outputDim] to [batch, ..., inputDim].
   *
   * Source: keras/src/layers/core/reversible_embedding.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  reversibleEmbedding(args: ReversibleEmbeddingArguments): tf.layers.Layer;
  /**
   * Short-time Fourier transform of sound.
   *
   * Shapes: [batch, samples, channels] to [batch, frames, frequencies x channels].
   *
   * Source: keras/src/layers/preprocessing/stft_spectrogram.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  stftSpectrogram(args?: STFTSpectrogramArguments): tf.layers.Layer;
  /**
   * A depthwise convolution and one that mixes the channels.
   *
   * Shapes: [batch, steps, channels] to [batch, new steps, filters]; with `dataFormat` channels_first the channels
   * come second.
   *
   * Source: keras/src/layers/convolutional/separable_conv1d.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  separableConv1D(args: SeparableConv1DArguments): tf.layers.Layer;
  /**
   * A depthwise convolution and one that mixes the channels.
   *
   * Shapes: [batch, rows, columns, channels] to [batch, new rows, new columns, filters]; with `dataFormat`
   * channels_first the channels come second.
   *
   * Source: keras/src/layers/convolutional/separable_conv2d.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  separableConv2D(args: SeparableConv2DArguments): tf.layers.Layer;
  /**
   * A depthwise convolution and one that mixes the channels.
   *
   * Shapes: [batch, steps, channels] to [batch, new steps, filters]; with `dataFormat` channels_first the channels
   * come second.
   *
   * Source: tf_keras/src/layers/convolutional/separable_conv1d.py (Keras 2).
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  separableConvolution1D(args: SeparableConvolution1DArguments): tf.layers.Layer;
  /**
   * A depthwise convolution and one that mixes the channels.
   *
   * Shapes: [batch, rows, columns, channels] to [batch, new rows, new columns, filters]; with `dataFormat`
   * channels_first the channels come second.
   *
   * Source: tf_keras/src/layers/convolutional/separable_conv2d.py (Keras 2).
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  separableConvolution2D(args: SeparableConvolution2DArguments): tf.layers.Layer;
  /**
   * activation(x kernel + h recurrent kernel + bias) over steps.
   *
   * Shapes: [batch, steps, features] to [batch, units], or [batch, steps, units] with `returnSequences`.
   *
   * Source: keras/src/layers/rnn/simple_rnn.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  simpleRNN(args: SimpleRNNArguments): tf.layers.Layer;
  /**
   * One step of a SimpleRNN, for RNN.
   *
   * Shapes: [batch, features] and a state [batch, units] to [batch, units] twice.
   *
   * Source: keras/src/layers/rnn/simple_rnn.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  simpleRNNCell(args: SimpleRNNCellArguments): tf.layers.Layer;
  /**
   * exp(x) over its sum along an axis.
   *
   * Shapes: any shape, kept.
   *
   * Source: keras/src/layers/activations/softmax.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  softmax(args?: SoftmaxArguments): tf.layers.Layer;
  /**
   * Inverts values above a threshold.
   *
   * Shapes: [batch, height, width, channels] or without the batch, kept.
   *
   * Source: keras/src/layers/preprocessing/image_preprocessing/solarization.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  solarization(args?: SolarizationArguments): tf.layers.Layer;
  /**
   * Drops whole channels in training.
   *
   * Shapes: [batch, steps, channels], kept.
   *
   * Source: keras/src/layers/regularization/spatial_dropout.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  spatialDropout1D(args: SpatialDropout1DArguments): tf.layers.Layer;
  /**
   * Drops whole channels in training.
   *
   * Shapes: [batch, rows, columns, channels], kept.
   *
   * Source: keras/src/layers/regularization/spatial_dropout.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  spatialDropout2D(args: SpatialDropout2DArguments): tf.layers.Layer;
  /**
   * Drops whole channels in training.
   *
   * Shapes: [batch, depth, rows, columns, channels], kept.
   *
   * Source: keras/src/layers/regularization/spatial_dropout.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  spatialDropout3D(args: SpatialDropout3DArguments): tf.layers.Layer;
  /**
   * A layer whose kernel is divided by its largest singular value.
   *
   * Shapes: of the layer.
   *
   * Source: keras/src/layers/normalization/spectral_normalization.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  spectralNormalization(args: SpectralNormalizationArguments): tf.layers.Layer;
  /**
   * Several cells on each other, as one for RNN.
   *
   * Shapes: [batch, features] and all states to the last cell's output and the states.
   *
   * Source: keras/src/layers/rnn/stacked_rnn_cells.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  stackedRNNCells(args: StackedRNNCellsArguments): tf.layers.Layer;
  /**
   * Text to its places in a vocabulary, or back.
   *
   * Shapes: any shape, kept, or encoded [batch, size of the vocabulary].
   *
   * Source: keras/src/layers/preprocessing/string_lookup.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  stringLookup(args?: StringLookupArguments): tf.layers.Layer;
  /**
   * The first of two inputs less the second.
   *
   * Shapes: several of one shape, or shapes that broadcast, to one.
   *
   * Source: keras/src/layers/merging/subtract.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  subtract(args?: SubtractArguments): tf.layers.Layer;
  /**
   * A Dense whose kernel has the values -1, 0 and 1.
   *
   * Shapes: [batch, ..., features] to [batch, ..., units].
   *
   * Source: keras/src/layers.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  ternaryDense(args: TernaryDenseArguments): tf.layers.Layer;
  /**
   * Text to the places of its words in a vocabulary.
   *
   * Shapes: [batch] or [batch, 1] to [batch, words], or encoded [batch, size of the vocabulary].
   *
   * Source: keras/src/layers/preprocessing/text_vectorization.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  textVectorization(args?: TextVectorizationArguments): tf.layers.Layer;
  /**
   * x above a threshold, 0 below.
   *
   * Shapes: any shape, kept.
   *
   * Source: tf_keras/src/layers/activation/thresholded_relu.py (Keras 2).
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  thresholdedReLU(args?: ThresholdedReLUArguments): tf.layers.Layer;
  /**
   * A layer at each step.
   *
   * Shapes: [batch, steps, ...] to [batch, steps, ...].
   *
   * Source: keras/src/layers/rnn/time_distributed.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  timeDistributed(args: TimeDistributedArguments): tf.layers.Layer;
  /**
   * Divides by the length along some axes.
   *
   * Shapes: any shape, kept.
   *
   * Source: keras/src/layers/normalization/unit_normalization.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  unitNormalization(args?: UnitNormalizationArguments): tf.layers.Layer;
  /**
   * Repeats, or interpolates between, places.
   *
   * Shapes: [batch, steps, channels] to [batch, new steps, channels]; with `dataFormat` channels_first the
   * channels come second.
   *
   * Source: keras/src/layers/reshaping/up_sampling1d.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  upSampling1D(args?: UpSampling1DArguments): tf.layers.Layer;
  /**
   * Repeats, or interpolates between, places.
   *
   * Shapes: [batch, rows, columns, channels] to [batch, new rows, new columns, channels]; with `dataFormat`
   * channels_first the channels come second.
   *
   * Source: keras/src/layers/reshaping/up_sampling2d.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  upSampling2D(args?: UpSampling2DArguments): tf.layers.Layer;
  /**
   * Repeats, or interpolates between, places.
   *
   * Shapes: [batch, depth, rows, columns, channels] to [batch, new depth, new rows, new columns, channels]; with
   * `dataFormat` channels_first the channels come second.
   *
   * Source: keras/src/layers/reshaping/up_sampling3d.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  upSampling3D(args?: UpSampling3DArguments): tf.layers.Layer;
  /**
   * Puts zeros around.
   *
   * Shapes: [batch, steps, channels] to [batch, new steps, channels]; with `dataFormat` channels_first the
   * channels come second.
   *
   * Source: keras/src/layers/reshaping/zero_padding1d.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  zeroPadding1D(args?: ZeroPadding1DArguments): tf.layers.Layer;
  /**
   * Puts zeros around.
   *
   * Shapes: [batch, rows, columns, channels] to [batch, new rows, new columns, channels]; with `dataFormat`
   * channels_first the channels come second.
   *
   * Source: keras/src/layers/reshaping/zero_padding2d.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  zeroPadding2D(args?: ZeroPadding2DArguments): tf.layers.Layer;
  /**
   * Puts zeros around.
   *
   * Shapes: [batch, depth, rows, columns, channels] to [batch, new depth, new rows, new columns, channels]; with
   * `dataFormat` channels_first the channels come second.
   *
   * Source: keras/src/layers/reshaping/zero_padding3d.py.
   * @throws LayerError that names the layer, the argument, what was given and what is allowed
   */
  zeroPadding3D(args?: ZeroPadding3DArguments): tf.layers.Layer;
}

/** The class that each function makes. */
export const FACTORY_CLASSES: Readonly<Record<keyof LayerFactories, string>> = {
  activation: "Activation",
  activityRegularization: "ActivityRegularization",
  adaptiveAveragePooling1D: "AdaptiveAveragePooling1D",
  adaptiveAveragePooling2D: "AdaptiveAveragePooling2D",
  adaptiveAveragePooling3D: "AdaptiveAveragePooling3D",
  adaptiveMaxPooling1D: "AdaptiveMaxPooling1D",
  adaptiveMaxPooling2D: "AdaptiveMaxPooling2D",
  adaptiveMaxPooling3D: "AdaptiveMaxPooling3D",
  add: "Add",
  additiveAttention: "AdditiveAttention",
  alphaDropout: "AlphaDropout",
  attention: "Attention",
  augMix: "AugMix",
  autoContrast: "AutoContrast",
  average: "Average",
  averagePooling1D: "AveragePooling1D",
  averagePooling2D: "AveragePooling2D",
  averagePooling3D: "AveragePooling3D",
  avgPool1D: "AvgPool1D",
  avgPool2D: "AvgPool2D",
  avgPool3D: "AvgPool3D",
  batchNormalization: "BatchNormalization",
  bidirectional: "Bidirectional",
  categoryEncoding: "CategoryEncoding",
  centerCrop: "CenterCrop",
  concatenate: "Concatenate",
  contrastLimitedAdaptiveHistogramEqualization: "ContrastLimitedAdaptiveHistogramEqualization",
  conv1D: "Conv1D",
  conv1DTranspose: "Conv1DTranspose",
  conv2D: "Conv2D",
  conv2DTranspose: "Conv2DTranspose",
  conv3D: "Conv3D",
  conv3DTranspose: "Conv3DTranspose",
  convLSTM1D: "ConvLSTM1D",
  convLSTM2D: "ConvLSTM2D",
  convLSTM3D: "ConvLSTM3D",
  convolution1DTranspose: "Convolution1DTranspose",
  convolution2DTranspose: "Convolution2DTranspose",
  convolution3DTranspose: "Convolution3DTranspose",
  cropping1D: "Cropping1D",
  cropping2D: "Cropping2D",
  cropping3D: "Cropping3D",
  cutMix: "CutMix",
  dense: "Dense",
  depthwiseConv1D: "DepthwiseConv1D",
  depthwiseConv2D: "DepthwiseConv2D",
  discretization: "Discretization",
  dot: "Dot",
  dropout: "Dropout",
  elu: "ELU",
  einsumDense: "EinsumDense",
  embedding: "Embedding",
  equalization: "Equalization",
  flatten: "Flatten",
  gru: "GRU",
  gruCell: "GRUCell",
  gaussianDropout: "GaussianDropout",
  gaussianNoise: "GaussianNoise",
  globalAveragePooling1D: "GlobalAveragePooling1D",
  globalAveragePooling2D: "GlobalAveragePooling2D",
  globalAveragePooling3D: "GlobalAveragePooling3D",
  globalAvgPool1D: "GlobalAvgPool1D",
  globalAvgPool2D: "GlobalAvgPool2D",
  globalAvgPool3D: "GlobalAvgPool3D",
  globalMaxPool1D: "GlobalMaxPool1D",
  globalMaxPool2D: "GlobalMaxPool2D",
  globalMaxPool3D: "GlobalMaxPool3D",
  globalMaxPooling1D: "GlobalMaxPooling1D",
  globalMaxPooling2D: "GlobalMaxPooling2D",
  globalMaxPooling3D: "GlobalMaxPooling3D",
  groupNormalization: "GroupNormalization",
  groupQueryAttention: "GroupQueryAttention",
  hashedCrossing: "HashedCrossing",
  hashing: "Hashing",
  identity: "Identity",
  integerLookup: "IntegerLookup",
  lstm: "LSTM",
  lstmCell: "LSTMCell",
  layerNormalization: "LayerNormalization",
  leakyReLU: "LeakyReLU",
  locallyConnected1D: "LocallyConnected1D",
  locallyConnected2D: "LocallyConnected2D",
  masking: "Masking",
  maxNumBoundingBoxes: "MaxNumBoundingBoxes",
  maxPool1D: "MaxPool1D",
  maxPool2D: "MaxPool2D",
  maxPool3D: "MaxPool3D",
  maxPooling1D: "MaxPooling1D",
  maxPooling2D: "MaxPooling2D",
  maxPooling3D: "MaxPooling3D",
  maximum: "Maximum",
  melSpectrogram: "MelSpectrogram",
  minimum: "Minimum",
  mixUp: "MixUp",
  multiHeadAttention: "MultiHeadAttention",
  multiply: "Multiply",
  normalization: "Normalization",
  pReLU: "PReLU",
  permute: "Permute",
  pipeline: "Pipeline",
  rmsNormalization: "RMSNormalization",
  rnn: "RNN",
  randAugment: "RandAugment",
  randomBrightness: "RandomBrightness",
  randomColorDegeneration: "RandomColorDegeneration",
  randomColorJitter: "RandomColorJitter",
  randomContrast: "RandomContrast",
  randomCrop: "RandomCrop",
  randomElasticTransform: "RandomElasticTransform",
  randomErasing: "RandomErasing",
  randomFlip: "RandomFlip",
  randomGaussianBlur: "RandomGaussianBlur",
  randomGrayscale: "RandomGrayscale",
  randomHeight: "RandomHeight",
  randomHue: "RandomHue",
  randomInvert: "RandomInvert",
  randomPerspective: "RandomPerspective",
  randomPosterization: "RandomPosterization",
  randomRotation: "RandomRotation",
  randomSaturation: "RandomSaturation",
  randomSharpness: "RandomSharpness",
  randomShear: "RandomShear",
  randomTranslation: "RandomTranslation",
  randomWidth: "RandomWidth",
  randomZoom: "RandomZoom",
  reLU: "ReLU",
  repeatVector: "RepeatVector",
  rescaling: "Rescaling",
  reshape: "Reshape",
  resizing: "Resizing",
  reversibleEmbedding: "ReversibleEmbedding",
  stftSpectrogram: "STFTSpectrogram",
  separableConv1D: "SeparableConv1D",
  separableConv2D: "SeparableConv2D",
  separableConvolution1D: "SeparableConvolution1D",
  separableConvolution2D: "SeparableConvolution2D",
  simpleRNN: "SimpleRNN",
  simpleRNNCell: "SimpleRNNCell",
  softmax: "Softmax",
  solarization: "Solarization",
  spatialDropout1D: "SpatialDropout1D",
  spatialDropout2D: "SpatialDropout2D",
  spatialDropout3D: "SpatialDropout3D",
  spectralNormalization: "SpectralNormalization",
  stackedRNNCells: "StackedRNNCells",
  stringLookup: "StringLookup",
  subtract: "Subtract",
  ternaryDense: "TernaryDense",
  textVectorization: "TextVectorization",
  thresholdedReLU: "ThresholdedReLU",
  timeDistributed: "TimeDistributed",
  unitNormalization: "UnitNormalization",
  upSampling1D: "UpSampling1D",
  upSampling2D: "UpSampling2D",
  upSampling3D: "UpSampling3D",
  zeroPadding1D: "ZeroPadding1D",
  zeroPadding2D: "ZeroPadding2D",
  zeroPadding3D: "ZeroPadding3D",
};

/** Keras's defaults, by class and Keras's argument names; those that are null are left out. */
export const DEFAULTS: Readonly<Record<string, Readonly<Record<string, JsonValue>>>> = {
  Activation: {},
  ActivityRegularization: { l1: 0.0, l2: 0.0 },
  AdaptiveAveragePooling1D: {},
  AdaptiveAveragePooling2D: {},
  AdaptiveAveragePooling3D: {},
  AdaptiveMaxPooling1D: {},
  AdaptiveMaxPooling2D: {},
  AdaptiveMaxPooling3D: {},
  Add: {},
  AdditiveAttention: { use_scale: true, dropout: 0.0, score_mode: "dot" },
  AlphaDropout: {},
  Attention: { use_scale: false, score_mode: "dot", dropout: 0.0 },
  AugMix: {
    value_range: [0, 255],
    num_chains: 3,
    chain_depth: 3,
    factor: 0.3,
    alpha: 1.0,
    all_ops: true,
    interpolation: "bilinear",
  },
  AutoContrast: { value_range: [0, 255] },
  Average: {},
  AveragePooling1D: { padding: "valid" },
  AveragePooling2D: { padding: "valid" },
  AveragePooling3D: { padding: "valid" },
  AvgPool1D: { pool_size: 2, padding: "valid", data_format: "channels_last" },
  AvgPool2D: { pool_size: [2, 2], padding: "valid" },
  AvgPool3D: { pool_size: [2, 2, 2], padding: "valid" },
  BatchNormalization: {
    axis: -1,
    momentum: 0.99,
    epsilon: 0.001,
    center: true,
    scale: true,
    beta_initializer: "zeros",
    gamma_initializer: "ones",
    moving_mean_initializer: "zeros",
    moving_variance_initializer: "ones",
    renorm: false,
    renorm_momentum: 0.99,
    synchronized: false,
  },
  Bidirectional: { merge_mode: "concat" },
  CategoryEncoding: { output_mode: "multi_hot", sparse: false },
  CenterCrop: {},
  Concatenate: { axis: -1 },
  ContrastLimitedAdaptiveHistogramEqualization: {
    value_range: [0, 255],
    clip_limit: 4.0,
    tile_grid_size: [8, 8],
  },
  Conv1D: {
    strides: 1,
    padding: "valid",
    dilation_rate: 1,
    groups: 1,
    use_bias: true,
    kernel_initializer: "glorot_uniform",
    bias_initializer: "zeros",
  },
  Conv1DTranspose: {
    strides: 1,
    padding: "valid",
    dilation_rate: 1,
    use_bias: true,
    kernel_initializer: "glorot_uniform",
    bias_initializer: "zeros",
  },
  Conv2D: {
    strides: [1, 1],
    padding: "valid",
    dilation_rate: [1, 1],
    groups: 1,
    use_bias: true,
    kernel_initializer: "glorot_uniform",
    bias_initializer: "zeros",
  },
  Conv2DTranspose: {
    strides: [1, 1],
    padding: "valid",
    dilation_rate: [1, 1],
    use_bias: true,
    kernel_initializer: "glorot_uniform",
    bias_initializer: "zeros",
  },
  Conv3D: {
    strides: [1, 1, 1],
    padding: "valid",
    dilation_rate: [1, 1, 1],
    groups: 1,
    use_bias: true,
    kernel_initializer: "glorot_uniform",
    bias_initializer: "zeros",
  },
  Conv3DTranspose: {
    strides: [1, 1, 1],
    padding: "valid",
    dilation_rate: [1, 1, 1],
    use_bias: true,
    kernel_initializer: "glorot_uniform",
    bias_initializer: "zeros",
  },
  ConvLSTM1D: {
    strides: 1,
    padding: "valid",
    dilation_rate: 1,
    activation: "tanh",
    recurrent_activation: "sigmoid",
    use_bias: true,
    kernel_initializer: "glorot_uniform",
    recurrent_initializer: "orthogonal",
    bias_initializer: "zeros",
    unit_forget_bias: true,
    dropout: 0.0,
    recurrent_dropout: 0.0,
    return_sequences: false,
    return_state: false,
    go_backwards: false,
    stateful: false,
    unroll: false,
    zero_output_for_mask: false,
  },
  ConvLSTM2D: {
    strides: 1,
    padding: "valid",
    dilation_rate: 1,
    activation: "tanh",
    recurrent_activation: "sigmoid",
    use_bias: true,
    kernel_initializer: "glorot_uniform",
    recurrent_initializer: "orthogonal",
    bias_initializer: "zeros",
    unit_forget_bias: true,
    dropout: 0.0,
    recurrent_dropout: 0.0,
    return_sequences: false,
    return_state: false,
    go_backwards: false,
    stateful: false,
    unroll: false,
    zero_output_for_mask: false,
  },
  ConvLSTM3D: {
    strides: 1,
    padding: "valid",
    dilation_rate: 1,
    activation: "tanh",
    recurrent_activation: "sigmoid",
    use_bias: true,
    kernel_initializer: "glorot_uniform",
    recurrent_initializer: "orthogonal",
    bias_initializer: "zeros",
    unit_forget_bias: true,
    dropout: 0.0,
    recurrent_dropout: 0.0,
    return_sequences: false,
    return_state: false,
    go_backwards: false,
    stateful: false,
    unroll: false,
    zero_output_for_mask: false,
  },
  Convolution1DTranspose: {
    strides: 1,
    padding: "valid",
    dilation_rate: 1,
    use_bias: true,
    kernel_initializer: "glorot_uniform",
    bias_initializer: "zeros",
    groups: 1,
  },
  Convolution2DTranspose: {
    strides: [1, 1],
    padding: "valid",
    dilation_rate: [1, 1],
    use_bias: true,
    kernel_initializer: "glorot_uniform",
    bias_initializer: "zeros",
    groups: 1,
  },
  Convolution3DTranspose: {
    strides: [1, 1, 1],
    padding: "valid",
    dilation_rate: [1, 1, 1],
    use_bias: true,
    kernel_initializer: "glorot_uniform",
    bias_initializer: "zeros",
    groups: 1,
  },
  Cropping1D: { cropping: [1, 1] },
  Cropping2D: {
    cropping: [
      [0, 0],
      [0, 0],
    ],
  },
  Cropping3D: {
    cropping: [
      [1, 1],
      [1, 1],
      [1, 1],
    ],
  },
  CutMix: { factor: 1.0 },
  Dense: { use_bias: true, kernel_initializer: "glorot_uniform", bias_initializer: "zeros" },
  DepthwiseConv1D: {
    strides: 1,
    padding: "valid",
    depth_multiplier: 1,
    dilation_rate: 1,
    use_bias: true,
    depthwise_initializer: "glorot_uniform",
    bias_initializer: "zeros",
  },
  DepthwiseConv2D: {
    strides: [1, 1],
    padding: "valid",
    depth_multiplier: 1,
    dilation_rate: [1, 1],
    use_bias: true,
    depthwise_initializer: "glorot_uniform",
    bias_initializer: "zeros",
  },
  Discretization: { epsilon: 0.01, output_mode: "int", sparse: false },
  Dot: { normalize: false },
  Dropout: {},
  ELU: { alpha: 1.0 },
  EinsumDense: { kernel_initializer: "glorot_uniform", bias_initializer: "zeros" },
  Embedding: { embeddings_initializer: "uniform", mask_zero: false },
  Equalization: { value_range: [0, 255], bins: 256 },
  Flatten: {},
  GRU: {
    activation: "tanh",
    recurrent_activation: "sigmoid",
    use_bias: true,
    kernel_initializer: "glorot_uniform",
    recurrent_initializer: "orthogonal",
    bias_initializer: "zeros",
    dropout: 0.0,
    recurrent_dropout: 0.0,
    return_sequences: false,
    return_state: false,
    go_backwards: false,
    stateful: false,
    unroll: false,
    reset_after: true,
    use_cudnn: "auto",
    zero_output_for_mask: false,
  },
  GRUCell: {
    activation: "tanh",
    recurrent_activation: "sigmoid",
    use_bias: true,
    kernel_initializer: "glorot_uniform",
    recurrent_initializer: "orthogonal",
    bias_initializer: "zeros",
    dropout: 0.0,
    recurrent_dropout: 0.0,
    reset_after: true,
  },
  GaussianDropout: {},
  GaussianNoise: {},
  GlobalAveragePooling1D: { keepdims: false },
  GlobalAveragePooling2D: { keepdims: false },
  GlobalAveragePooling3D: { keepdims: false },
  GlobalAvgPool1D: { data_format: "channels_last", keepdims: false },
  GlobalAvgPool2D: { keepdims: false },
  GlobalAvgPool3D: { keepdims: false },
  GlobalMaxPool1D: { keepdims: false },
  GlobalMaxPool2D: { keepdims: false },
  GlobalMaxPool3D: { keepdims: false },
  GlobalMaxPooling1D: { data_format: "channels_last", keepdims: false },
  GlobalMaxPooling2D: { keepdims: false },
  GlobalMaxPooling3D: { keepdims: false },
  GroupNormalization: {
    groups: 32,
    axis: -1,
    epsilon: 0.001,
    center: true,
    scale: true,
    beta_initializer: "zeros",
    gamma_initializer: "ones",
  },
  GroupQueryAttention: {
    dropout: 0.0,
    use_bias: true,
    kernel_initializer: "glorot_uniform",
    bias_initializer: "zeros",
    use_gate: false,
  },
  HashedCrossing: { output_mode: "int", sparse: false },
  Hashing: { output_mode: "int", sparse: false },
  Identity: {},
  IntegerLookup: {
    num_oov_indices: 1,
    oov_token: -1,
    vocabulary_dtype: "int64",
    invert: false,
    output_mode: "int",
    sparse: false,
    pad_to_max_tokens: false,
    oov_method: "floormod",
  },
  LSTM: {
    activation: "tanh",
    recurrent_activation: "sigmoid",
    use_bias: true,
    kernel_initializer: "glorot_uniform",
    recurrent_initializer: "orthogonal",
    bias_initializer: "zeros",
    unit_forget_bias: true,
    dropout: 0.0,
    recurrent_dropout: 0.0,
    return_sequences: false,
    return_state: false,
    go_backwards: false,
    stateful: false,
    unroll: false,
    use_cudnn: "auto",
    zero_output_for_mask: false,
  },
  LSTMCell: {
    activation: "tanh",
    recurrent_activation: "sigmoid",
    use_bias: true,
    kernel_initializer: "glorot_uniform",
    recurrent_initializer: "orthogonal",
    bias_initializer: "zeros",
    unit_forget_bias: true,
    dropout: 0.0,
    recurrent_dropout: 0.0,
  },
  LayerNormalization: {
    axis: -1,
    epsilon: 0.001,
    center: true,
    scale: true,
    beta_initializer: "zeros",
    gamma_initializer: "ones",
  },
  LeakyReLU: { negative_slope: 0.3 },
  LocallyConnected1D: {
    strides: 1,
    padding: "valid",
    use_bias: true,
    kernel_initializer: "glorot_uniform",
    bias_initializer: "zeros",
    implementation: 1,
  },
  LocallyConnected2D: {
    strides: [1, 1],
    padding: "valid",
    use_bias: true,
    kernel_initializer: "glorot_uniform",
    bias_initializer: "zeros",
    implementation: 1,
  },
  Masking: { mask_value: 0.0 },
  MaxNumBoundingBoxes: { fill_value: -1 },
  MaxPool1D: { pool_size: 2, padding: "valid" },
  MaxPool2D: { pool_size: [2, 2], padding: "valid" },
  MaxPool3D: { pool_size: [2, 2, 2], padding: "valid" },
  MaxPooling1D: { pool_size: 2, padding: "valid", data_format: "channels_last" },
  MaxPooling2D: { pool_size: [2, 2], padding: "valid" },
  MaxPooling3D: { pool_size: [2, 2, 2], padding: "valid" },
  Maximum: {},
  MelSpectrogram: {
    fft_length: 2048,
    sequence_stride: 512,
    window: "hann",
    sampling_rate: 16000,
    num_mel_bins: 128,
    min_freq: 20.0,
    power_to_db: true,
    top_db: 80.0,
    mag_exp: 2.0,
    min_power: 1e-10,
    ref_power: 1.0,
  },
  Minimum: {},
  MixUp: { alpha: 0.2 },
  MultiHeadAttention: {
    dropout: 0.0,
    use_bias: true,
    kernel_initializer: "glorot_uniform",
    bias_initializer: "zeros",
    use_gate: false,
  },
  Multiply: {},
  Normalization: { axis: -1, invert: false },
  PReLU: { alpha_initializer: "Zeros" },
  Permute: {},
  Pipeline: {},
  RMSNormalization: { axis: -1, epsilon: 1e-6 },
  RNN: {
    return_sequences: false,
    return_state: false,
    go_backwards: false,
    stateful: false,
    unroll: false,
    zero_output_for_mask: false,
  },
  RandAugment: { value_range: [0, 255], num_ops: 2, factor: 0.5, interpolation: "bilinear" },
  RandomBrightness: { value_range: [0, 255] },
  RandomColorDegeneration: { value_range: [0, 255] },
  RandomColorJitter: { value_range: [0, 255] },
  RandomContrast: { value_range: [0, 255] },
  RandomCrop: {},
  RandomElasticTransform: {
    factor: 1.0,
    scale: 1.0,
    interpolation: "bilinear",
    fill_mode: "reflect",
    fill_value: 0.0,
    value_range: [0, 255],
  },
  RandomErasing: { factor: 1.0, scale: [0.02, 0.33], value_range: [0, 255] },
  RandomFlip: { mode: "horizontal_and_vertical" },
  RandomGaussianBlur: { factor: 1.0, kernel_size: 3, sigma: 1.0, value_range: [0, 255] },
  RandomGrayscale: { factor: 0.5 },
  RandomHeight: { interpolation: "bilinear", force_generator: false },
  RandomHue: { value_range: [0, 255] },
  RandomInvert: { factor: 1.0, value_range: [0, 255] },
  RandomPerspective: { factor: 1.0, scale: 1.0, interpolation: "bilinear", fill_value: 0.0 },
  RandomPosterization: { value_range: [0, 255] },
  RandomRotation: { fill_mode: "reflect", interpolation: "bilinear", fill_value: 0.0 },
  RandomSaturation: { value_range: [0, 255] },
  RandomSharpness: { value_range: [0, 255] },
  RandomShear: {
    x_factor: 0.0,
    y_factor: 0.0,
    interpolation: "bilinear",
    fill_mode: "reflect",
    fill_value: 0.0,
  },
  RandomTranslation: { fill_mode: "reflect", interpolation: "bilinear", fill_value: 0.0 },
  RandomWidth: { interpolation: "bilinear", force_generator: false },
  RandomZoom: { fill_mode: "reflect", interpolation: "bilinear", fill_value: 0.0 },
  ReLU: { negative_slope: 0.0, threshold: 0.0 },
  RepeatVector: {},
  Rescaling: { offset: 0.0 },
  Reshape: {},
  Resizing: {
    interpolation: "bilinear",
    crop_to_aspect_ratio: false,
    pad_to_aspect_ratio: false,
    fill_mode: "constant",
    fill_value: 0.0,
    antialias: false,
  },
  ReversibleEmbedding: { tie_weights: true, embeddings_initializer: "uniform", mask_zero: false },
  STFTSpectrogram: {
    mode: "log",
    frame_length: 256,
    window: "hann",
    periodic: false,
    scaling: "density",
    padding: "valid",
    expand_dims: false,
  },
  SeparableConv1D: {
    strides: 1,
    padding: "valid",
    dilation_rate: 1,
    depth_multiplier: 1,
    use_bias: true,
    depthwise_initializer: "glorot_uniform",
    pointwise_initializer: "glorot_uniform",
    bias_initializer: "zeros",
  },
  SeparableConv2D: {
    strides: [1, 1],
    padding: "valid",
    dilation_rate: [1, 1],
    depth_multiplier: 1,
    use_bias: true,
    depthwise_initializer: "glorot_uniform",
    pointwise_initializer: "glorot_uniform",
    bias_initializer: "zeros",
  },
  SeparableConvolution1D: {
    strides: 1,
    padding: "valid",
    dilation_rate: 1,
    depth_multiplier: 1,
    use_bias: true,
    depthwise_initializer: "glorot_uniform",
    pointwise_initializer: "glorot_uniform",
    bias_initializer: "zeros",
    groups: 1,
    kernel_initializer: "glorot_uniform",
  },
  SeparableConvolution2D: {
    strides: [1, 1],
    padding: "valid",
    dilation_rate: [1, 1],
    depth_multiplier: 1,
    use_bias: true,
    depthwise_initializer: "glorot_uniform",
    pointwise_initializer: "glorot_uniform",
    bias_initializer: "zeros",
    groups: 1,
    kernel_initializer: "glorot_uniform",
  },
  SimpleRNN: {
    activation: "tanh",
    use_bias: true,
    kernel_initializer: "glorot_uniform",
    recurrent_initializer: "orthogonal",
    bias_initializer: "zeros",
    dropout: 0.0,
    recurrent_dropout: 0.0,
    return_sequences: false,
    return_state: false,
    go_backwards: false,
    stateful: false,
    unroll: false,
    zero_output_for_mask: false,
  },
  SimpleRNNCell: {
    activation: "tanh",
    use_bias: true,
    kernel_initializer: "glorot_uniform",
    recurrent_initializer: "orthogonal",
    bias_initializer: "zeros",
    dropout: 0.0,
    recurrent_dropout: 0.0,
  },
  Softmax: { axis: -1 },
  Solarization: { addition_factor: 0.0, threshold_factor: 0.0, value_range: [0, 255] },
  SpatialDropout1D: {},
  SpatialDropout2D: {},
  SpatialDropout3D: {},
  SpectralNormalization: { power_iterations: 1 },
  StackedRNNCells: {},
  StringLookup: {
    num_oov_indices: 1,
    oov_token: "[UNK]",
    invert: false,
    output_mode: "int",
    pad_to_max_tokens: false,
    sparse: false,
    encoding: "utf-8",
    oov_method: "floormod",
  },
  Subtract: {},
  TernaryDense: { use_bias: true, kernel_initializer: "glorot_uniform", bias_initializer: "zeros" },
  TextVectorization: {
    standardize: "lower_and_strip_punctuation",
    split: "whitespace",
    output_mode: "int",
    pad_to_max_tokens: false,
    sparse: false,
    ragged: false,
    encoding: "utf-8",
  },
  ThresholdedReLU: { theta: 1.0 },
  TimeDistributed: {},
  UnitNormalization: { axis: -1 },
  UpSampling1D: { size: 2 },
  UpSampling2D: { size: [2, 2], interpolation: "nearest" },
  UpSampling3D: { size: [2, 2, 2] },
  ZeroPadding1D: { padding: 1 },
  ZeroPadding2D: { padding: [1, 1] },
  ZeroPadding3D: {
    padding: [
      [1, 1],
      [1, 1],
      [1, 1],
    ],
  },
};
