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
  /** keras.layers.Activation. */
  activation(args: ActivationArguments): tf.layers.Layer;
  /** keras.layers.ActivityRegularization. */
  activityRegularization(args?: ActivityRegularizationArguments): tf.layers.Layer;
  /** keras.layers.AdaptiveAveragePooling1D. */
  adaptiveAveragePooling1D(args: AdaptiveAveragePooling1DArguments): tf.layers.Layer;
  /** keras.layers.AdaptiveAveragePooling2D. */
  adaptiveAveragePooling2D(args: AdaptiveAveragePooling2DArguments): tf.layers.Layer;
  /** keras.layers.AdaptiveAveragePooling3D. */
  adaptiveAveragePooling3D(args: AdaptiveAveragePooling3DArguments): tf.layers.Layer;
  /** keras.layers.AdaptiveMaxPooling1D. */
  adaptiveMaxPooling1D(args: AdaptiveMaxPooling1DArguments): tf.layers.Layer;
  /** keras.layers.AdaptiveMaxPooling2D. */
  adaptiveMaxPooling2D(args: AdaptiveMaxPooling2DArguments): tf.layers.Layer;
  /** keras.layers.AdaptiveMaxPooling3D. */
  adaptiveMaxPooling3D(args: AdaptiveMaxPooling3DArguments): tf.layers.Layer;
  /** keras.layers.Add. */
  add(args?: AddArguments): tf.layers.Layer;
  /** keras.layers.AdditiveAttention. */
  additiveAttention(args?: AdditiveAttentionArguments): tf.layers.Layer;
  /** keras.layers.AlphaDropout. */
  alphaDropout(args: AlphaDropoutArguments): tf.layers.Layer;
  /** keras.layers.Attention. */
  attention(args?: AttentionArguments): tf.layers.Layer;
  /** keras.layers.AugMix. */
  augMix(args?: AugMixArguments): tf.layers.Layer;
  /** keras.layers.AutoContrast. */
  autoContrast(args?: AutoContrastArguments): tf.layers.Layer;
  /** keras.layers.Average. */
  average(args?: AverageArguments): tf.layers.Layer;
  /** keras.layers.AveragePooling1D. */
  averagePooling1D(args: AveragePooling1DArguments): tf.layers.Layer;
  /** keras.layers.AveragePooling2D. */
  averagePooling2D(args: AveragePooling2DArguments): tf.layers.Layer;
  /** keras.layers.AveragePooling3D. */
  averagePooling3D(args: AveragePooling3DArguments): tf.layers.Layer;
  /** keras.layers.AvgPool1D of Keras 2. */
  avgPool1D(args?: AvgPool1DArguments): tf.layers.Layer;
  /** keras.layers.AvgPool2D of Keras 2. */
  avgPool2D(args?: AvgPool2DArguments): tf.layers.Layer;
  /** keras.layers.AvgPool3D of Keras 2. */
  avgPool3D(args?: AvgPool3DArguments): tf.layers.Layer;
  /** keras.layers.BatchNormalization. */
  batchNormalization(args?: BatchNormalizationArguments): tf.layers.Layer;
  /** keras.layers.Bidirectional. */
  bidirectional(args: BidirectionalArguments): tf.layers.Layer;
  /** keras.layers.CategoryEncoding. */
  categoryEncoding(args?: CategoryEncodingArguments): tf.layers.Layer;
  /** keras.layers.CenterCrop. */
  centerCrop(args: CenterCropArguments): tf.layers.Layer;
  /** keras.layers.Concatenate. */
  concatenate(args?: ConcatenateArguments): tf.layers.Layer;
  /** keras.layers.ContrastLimitedAdaptiveHistogramEqualization. */
  contrastLimitedAdaptiveHistogramEqualization(
    args?: ContrastLimitedAdaptiveHistogramEqualizationArguments,
  ): tf.layers.Layer;
  /** keras.layers.Conv1D. */
  conv1D(args: Conv1DArguments): tf.layers.Layer;
  /** keras.layers.Conv1DTranspose. */
  conv1DTranspose(args: Conv1DTransposeArguments): tf.layers.Layer;
  /** keras.layers.Conv2D. */
  conv2D(args: Conv2DArguments): tf.layers.Layer;
  /** keras.layers.Conv2DTranspose. */
  conv2DTranspose(args: Conv2DTransposeArguments): tf.layers.Layer;
  /** keras.layers.Conv3D. */
  conv3D(args: Conv3DArguments): tf.layers.Layer;
  /** keras.layers.Conv3DTranspose. */
  conv3DTranspose(args: Conv3DTransposeArguments): tf.layers.Layer;
  /** keras.layers.ConvLSTM1D. */
  convLSTM1D(args: ConvLSTM1DArguments): tf.layers.Layer;
  /** keras.layers.ConvLSTM2D. */
  convLSTM2D(args: ConvLSTM2DArguments): tf.layers.Layer;
  /** keras.layers.ConvLSTM3D. */
  convLSTM3D(args: ConvLSTM3DArguments): tf.layers.Layer;
  /** keras.layers.Convolution1DTranspose of Keras 2. */
  convolution1DTranspose(args: Convolution1DTransposeArguments): tf.layers.Layer;
  /** keras.layers.Convolution2DTranspose of Keras 2. */
  convolution2DTranspose(args: Convolution2DTransposeArguments): tf.layers.Layer;
  /** keras.layers.Convolution3DTranspose of Keras 2. */
  convolution3DTranspose(args: Convolution3DTransposeArguments): tf.layers.Layer;
  /** keras.layers.Cropping1D. */
  cropping1D(args?: Cropping1DArguments): tf.layers.Layer;
  /** keras.layers.Cropping2D. */
  cropping2D(args?: Cropping2DArguments): tf.layers.Layer;
  /** keras.layers.Cropping3D. */
  cropping3D(args?: Cropping3DArguments): tf.layers.Layer;
  /** keras.layers.CutMix. */
  cutMix(args?: CutMixArguments): tf.layers.Layer;
  /** keras.layers.Dense. */
  dense(args: DenseArguments): tf.layers.Layer;
  /** keras.layers.DepthwiseConv1D. */
  depthwiseConv1D(args: DepthwiseConv1DArguments): tf.layers.Layer;
  /** keras.layers.DepthwiseConv2D. */
  depthwiseConv2D(args: DepthwiseConv2DArguments): tf.layers.Layer;
  /** keras.layers.Discretization. */
  discretization(args?: DiscretizationArguments): tf.layers.Layer;
  /** keras.layers.Dot. */
  dot(args: DotArguments): tf.layers.Layer;
  /** keras.layers.Dropout. */
  dropout(args: DropoutArguments): tf.layers.Layer;
  /** keras.layers.ELU. */
  elu(args?: ELUArguments): tf.layers.Layer;
  /** keras.layers.EinsumDense. */
  einsumDense(args: EinsumDenseArguments): tf.layers.Layer;
  /** keras.layers.Embedding. */
  embedding(args: EmbeddingArguments): tf.layers.Layer;
  /** keras.layers.Equalization. */
  equalization(args?: EqualizationArguments): tf.layers.Layer;
  /** keras.layers.Flatten. */
  flatten(args?: FlattenArguments): tf.layers.Layer;
  /** keras.layers.GRU. */
  gru(args: GRUArguments): tf.layers.Layer;
  /** keras.layers.GRUCell. */
  gruCell(args: GRUCellArguments): tf.layers.Layer;
  /** keras.layers.GaussianDropout. */
  gaussianDropout(args: GaussianDropoutArguments): tf.layers.Layer;
  /** keras.layers.GaussianNoise. */
  gaussianNoise(args: GaussianNoiseArguments): tf.layers.Layer;
  /** keras.layers.GlobalAveragePooling1D. */
  globalAveragePooling1D(args?: GlobalAveragePooling1DArguments): tf.layers.Layer;
  /** keras.layers.GlobalAveragePooling2D. */
  globalAveragePooling2D(args?: GlobalAveragePooling2DArguments): tf.layers.Layer;
  /** keras.layers.GlobalAveragePooling3D. */
  globalAveragePooling3D(args?: GlobalAveragePooling3DArguments): tf.layers.Layer;
  /** keras.layers.GlobalAvgPool1D of Keras 2. */
  globalAvgPool1D(args?: GlobalAvgPool1DArguments): tf.layers.Layer;
  /** keras.layers.GlobalAvgPool2D of Keras 2. */
  globalAvgPool2D(args?: GlobalAvgPool2DArguments): tf.layers.Layer;
  /** keras.layers.GlobalAvgPool3D of Keras 2. */
  globalAvgPool3D(args?: GlobalAvgPool3DArguments): tf.layers.Layer;
  /** keras.layers.GlobalMaxPool1D. */
  globalMaxPool1D(args?: GlobalMaxPool1DArguments): tf.layers.Layer;
  /** keras.layers.GlobalMaxPool2D. */
  globalMaxPool2D(args?: GlobalMaxPool2DArguments): tf.layers.Layer;
  /** keras.layers.GlobalMaxPool3D. */
  globalMaxPool3D(args?: GlobalMaxPool3DArguments): tf.layers.Layer;
  /** keras.layers.GlobalMaxPooling1D of Keras 2. */
  globalMaxPooling1D(args?: GlobalMaxPooling1DArguments): tf.layers.Layer;
  /** keras.layers.GlobalMaxPooling2D of Keras 2. */
  globalMaxPooling2D(args?: GlobalMaxPooling2DArguments): tf.layers.Layer;
  /** keras.layers.GlobalMaxPooling3D of Keras 2. */
  globalMaxPooling3D(args?: GlobalMaxPooling3DArguments): tf.layers.Layer;
  /** keras.layers.GroupNormalization. */
  groupNormalization(args?: GroupNormalizationArguments): tf.layers.Layer;
  /** keras.layers.GroupQueryAttention. */
  groupQueryAttention(args: GroupQueryAttentionArguments): tf.layers.Layer;
  /** keras.layers.HashedCrossing. */
  hashedCrossing(args: HashedCrossingArguments): tf.layers.Layer;
  /** keras.layers.Hashing. */
  hashing(args: HashingArguments): tf.layers.Layer;
  /** keras.layers.Identity. */
  identity(args?: IdentityArguments): tf.layers.Layer;
  /** keras.layers.IntegerLookup. */
  integerLookup(args?: IntegerLookupArguments): tf.layers.Layer;
  /** keras.layers.LSTM. */
  lstm(args: LSTMArguments): tf.layers.Layer;
  /** keras.layers.LSTMCell. */
  lstmCell(args: LSTMCellArguments): tf.layers.Layer;
  /** keras.layers.LayerNormalization. */
  layerNormalization(args?: LayerNormalizationArguments): tf.layers.Layer;
  /** keras.layers.LeakyReLU. */
  leakyReLU(args?: LeakyReLUArguments): tf.layers.Layer;
  /** keras.layers.LocallyConnected1D of Keras 2. */
  locallyConnected1D(args: LocallyConnected1DArguments): tf.layers.Layer;
  /** keras.layers.LocallyConnected2D of Keras 2. */
  locallyConnected2D(args: LocallyConnected2DArguments): tf.layers.Layer;
  /** keras.layers.Masking. */
  masking(args?: MaskingArguments): tf.layers.Layer;
  /** keras.layers.MaxNumBoundingBoxes. */
  maxNumBoundingBoxes(args: MaxNumBoundingBoxesArguments): tf.layers.Layer;
  /** keras.layers.MaxPool1D. */
  maxPool1D(args?: MaxPool1DArguments): tf.layers.Layer;
  /** keras.layers.MaxPool2D. */
  maxPool2D(args?: MaxPool2DArguments): tf.layers.Layer;
  /** keras.layers.MaxPool3D. */
  maxPool3D(args?: MaxPool3DArguments): tf.layers.Layer;
  /** keras.layers.MaxPooling1D of Keras 2. */
  maxPooling1D(args?: MaxPooling1DArguments): tf.layers.Layer;
  /** keras.layers.MaxPooling2D of Keras 2. */
  maxPooling2D(args?: MaxPooling2DArguments): tf.layers.Layer;
  /** keras.layers.MaxPooling3D of Keras 2. */
  maxPooling3D(args?: MaxPooling3DArguments): tf.layers.Layer;
  /** keras.layers.Maximum. */
  maximum(args?: MaximumArguments): tf.layers.Layer;
  /** keras.layers.MelSpectrogram. */
  melSpectrogram(args?: MelSpectrogramArguments): tf.layers.Layer;
  /** keras.layers.Minimum. */
  minimum(args?: MinimumArguments): tf.layers.Layer;
  /** keras.layers.MixUp. */
  mixUp(args?: MixUpArguments): tf.layers.Layer;
  /** keras.layers.MultiHeadAttention. */
  multiHeadAttention(args: MultiHeadAttentionArguments): tf.layers.Layer;
  /** keras.layers.Multiply. */
  multiply(args?: MultiplyArguments): tf.layers.Layer;
  /** keras.layers.Normalization. */
  normalization(args?: NormalizationArguments): tf.layers.Layer;
  /** keras.layers.PReLU. */
  pReLU(args?: PReLUArguments): tf.layers.Layer;
  /** keras.layers.Permute. */
  permute(args: PermuteArguments): tf.layers.Layer;
  /** keras.layers.Pipeline. */
  pipeline(args: PipelineArguments): tf.layers.Layer;
  /** keras.layers.RMSNormalization. */
  rmsNormalization(args?: RMSNormalizationArguments): tf.layers.Layer;
  /** keras.layers.RNN. */
  rnn(args: RNNArguments): tf.layers.Layer;
  /** keras.layers.RandAugment. */
  randAugment(args?: RandAugmentArguments): tf.layers.Layer;
  /** keras.layers.RandomBrightness. */
  randomBrightness(args: RandomBrightnessArguments): tf.layers.Layer;
  /** keras.layers.RandomColorDegeneration. */
  randomColorDegeneration(args: RandomColorDegenerationArguments): tf.layers.Layer;
  /** keras.layers.RandomColorJitter. */
  randomColorJitter(args?: RandomColorJitterArguments): tf.layers.Layer;
  /** keras.layers.RandomContrast. */
  randomContrast(args: RandomContrastArguments): tf.layers.Layer;
  /** keras.layers.RandomCrop. */
  randomCrop(args: RandomCropArguments): tf.layers.Layer;
  /** keras.layers.RandomElasticTransform. */
  randomElasticTransform(args?: RandomElasticTransformArguments): tf.layers.Layer;
  /** keras.layers.RandomErasing. */
  randomErasing(args?: RandomErasingArguments): tf.layers.Layer;
  /** keras.layers.RandomFlip. */
  randomFlip(args?: RandomFlipArguments): tf.layers.Layer;
  /** keras.layers.RandomGaussianBlur. */
  randomGaussianBlur(args?: RandomGaussianBlurArguments): tf.layers.Layer;
  /** keras.layers.RandomGrayscale. */
  randomGrayscale(args?: RandomGrayscaleArguments): tf.layers.Layer;
  /** keras.layers.RandomHeight of Keras 2. */
  randomHeight(args: RandomHeightArguments): tf.layers.Layer;
  /** keras.layers.RandomHue. */
  randomHue(args: RandomHueArguments): tf.layers.Layer;
  /** keras.layers.RandomInvert. */
  randomInvert(args?: RandomInvertArguments): tf.layers.Layer;
  /** keras.layers.RandomPerspective. */
  randomPerspective(args?: RandomPerspectiveArguments): tf.layers.Layer;
  /** keras.layers.RandomPosterization. */
  randomPosterization(args: RandomPosterizationArguments): tf.layers.Layer;
  /** keras.layers.RandomRotation. */
  randomRotation(args: RandomRotationArguments): tf.layers.Layer;
  /** keras.layers.RandomSaturation. */
  randomSaturation(args: RandomSaturationArguments): tf.layers.Layer;
  /** keras.layers.RandomSharpness. */
  randomSharpness(args: RandomSharpnessArguments): tf.layers.Layer;
  /** keras.layers.RandomShear. */
  randomShear(args?: RandomShearArguments): tf.layers.Layer;
  /** keras.layers.RandomTranslation. */
  randomTranslation(args: RandomTranslationArguments): tf.layers.Layer;
  /** keras.layers.RandomWidth of Keras 2. */
  randomWidth(args: RandomWidthArguments): tf.layers.Layer;
  /** keras.layers.RandomZoom. */
  randomZoom(args: RandomZoomArguments): tf.layers.Layer;
  /** keras.layers.ReLU. */
  reLU(args?: ReLUArguments): tf.layers.Layer;
  /** keras.layers.RepeatVector. */
  repeatVector(args: RepeatVectorArguments): tf.layers.Layer;
  /** keras.layers.Rescaling. */
  rescaling(args: RescalingArguments): tf.layers.Layer;
  /** keras.layers.Reshape. */
  reshape(args: ReshapeArguments): tf.layers.Layer;
  /** keras.layers.Resizing. */
  resizing(args: ResizingArguments): tf.layers.Layer;
  /** keras.layers.ReversibleEmbedding. */
  reversibleEmbedding(args: ReversibleEmbeddingArguments): tf.layers.Layer;
  /** keras.layers.STFTSpectrogram. */
  stftSpectrogram(args?: STFTSpectrogramArguments): tf.layers.Layer;
  /** keras.layers.SeparableConv1D. */
  separableConv1D(args: SeparableConv1DArguments): tf.layers.Layer;
  /** keras.layers.SeparableConv2D. */
  separableConv2D(args: SeparableConv2DArguments): tf.layers.Layer;
  /** keras.layers.SeparableConvolution1D of Keras 2. */
  separableConvolution1D(args: SeparableConvolution1DArguments): tf.layers.Layer;
  /** keras.layers.SeparableConvolution2D of Keras 2. */
  separableConvolution2D(args: SeparableConvolution2DArguments): tf.layers.Layer;
  /** keras.layers.SimpleRNN. */
  simpleRNN(args: SimpleRNNArguments): tf.layers.Layer;
  /** keras.layers.SimpleRNNCell. */
  simpleRNNCell(args: SimpleRNNCellArguments): tf.layers.Layer;
  /** keras.layers.Softmax. */
  softmax(args?: SoftmaxArguments): tf.layers.Layer;
  /** keras.layers.Solarization. */
  solarization(args?: SolarizationArguments): tf.layers.Layer;
  /** keras.layers.SpatialDropout1D. */
  spatialDropout1D(args: SpatialDropout1DArguments): tf.layers.Layer;
  /** keras.layers.SpatialDropout2D. */
  spatialDropout2D(args: SpatialDropout2DArguments): tf.layers.Layer;
  /** keras.layers.SpatialDropout3D. */
  spatialDropout3D(args: SpatialDropout3DArguments): tf.layers.Layer;
  /** keras.layers.SpectralNormalization. */
  spectralNormalization(args: SpectralNormalizationArguments): tf.layers.Layer;
  /** keras.layers.StackedRNNCells. */
  stackedRNNCells(args: StackedRNNCellsArguments): tf.layers.Layer;
  /** keras.layers.StringLookup. */
  stringLookup(args?: StringLookupArguments): tf.layers.Layer;
  /** keras.layers.Subtract. */
  subtract(args?: SubtractArguments): tf.layers.Layer;
  /** keras.layers.TernaryDense. */
  ternaryDense(args: TernaryDenseArguments): tf.layers.Layer;
  /** keras.layers.TextVectorization. */
  textVectorization(args?: TextVectorizationArguments): tf.layers.Layer;
  /** keras.layers.ThresholdedReLU of Keras 2. */
  thresholdedReLU(args?: ThresholdedReLUArguments): tf.layers.Layer;
  /** keras.layers.TimeDistributed. */
  timeDistributed(args: TimeDistributedArguments): tf.layers.Layer;
  /** keras.layers.UnitNormalization. */
  unitNormalization(args?: UnitNormalizationArguments): tf.layers.Layer;
  /** keras.layers.UpSampling1D. */
  upSampling1D(args?: UpSampling1DArguments): tf.layers.Layer;
  /** keras.layers.UpSampling2D. */
  upSampling2D(args?: UpSampling2DArguments): tf.layers.Layer;
  /** keras.layers.UpSampling3D. */
  upSampling3D(args?: UpSampling3DArguments): tf.layers.Layer;
  /** keras.layers.ZeroPadding1D. */
  zeroPadding1D(args?: ZeroPadding1DArguments): tf.layers.Layer;
  /** keras.layers.ZeroPadding2D. */
  zeroPadding2D(args?: ZeroPadding2DArguments): tf.layers.Layer;
  /** keras.layers.ZeroPadding3D. */
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
