// Made by test/fixtures/training_signatures.py from the signatures of Keras: do not edit.
import type * as tf from "@tensorflow/tfjs";
import type { JsonValue } from "../formats/model-file.js";
import type { KerasOptimizer } from "./optimizers/keras-optimizer.js";

/** A learning rate that changes with the step, as Keras saves it. */
export interface SavedSchedule {
  readonly class_name: string;
  readonly config: Readonly<Record<string, JsonValue>>;
}

/** For `compile`; called, it gives the loss of a batch, one number. */
export type LossFunction = (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.Tensor;

/** For `compile`; called, it gives the metric of one batch. */
export type MetricFunction = (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.Tensor;

/** Arguments of Adadelta. */
export interface AdadeltaArguments {
  /** Default 0.001. */
  readonly learningRate?: number | SavedSchedule;
  /** Default 0.95. */
  readonly rho?: number;
  /** Default 1e-07. */
  readonly epsilon?: number;
  /** Default null. */
  readonly weightDecay?: number | null;
  /** Default null. */
  readonly clipnorm?: number | null;
  /** Default null. */
  readonly clipvalue?: number | null;
  /** Default null. */
  readonly globalClipnorm?: number | null;
  /** Default false. */
  readonly useEma?: boolean;
  /** Default 0.99. */
  readonly emaMomentum?: number;
  /** Default null. */
  readonly emaOverwriteFrequency?: number | null;
  /** Default null. */
  readonly gradientAccumulationSteps?: number | null;
}

/** Arguments of Adafactor. */
export interface AdafactorArguments {
  /** Default 0.001. */
  readonly learningRate?: number | SavedSchedule;
  /** Default -0.8. */
  readonly beta2Decay?: number;
  /** Default 1e-30. */
  readonly epsilon1?: number;
  /** Default 0.001. */
  readonly epsilon2?: number;
  /** Default 1.0. */
  readonly clipThreshold?: number;
  /** Default true. */
  readonly relativeStep?: boolean;
  /** Default null. */
  readonly weightDecay?: number | null;
  /** Default null. */
  readonly clipnorm?: number | null;
  /** Default null. */
  readonly clipvalue?: number | null;
  /** Default null. */
  readonly globalClipnorm?: number | null;
  /** Default false. */
  readonly useEma?: boolean;
  /** Default 0.99. */
  readonly emaMomentum?: number;
  /** Default null. */
  readonly emaOverwriteFrequency?: number | null;
  /** Default null. */
  readonly gradientAccumulationSteps?: number | null;
}

/** Arguments of Adagrad. */
export interface AdagradArguments {
  /** Default 0.001. */
  readonly learningRate?: number | SavedSchedule;
  /** Default 0.1. */
  readonly initialAccumulatorValue?: number;
  /** Default 1e-07. */
  readonly epsilon?: number;
  /** Default null. */
  readonly weightDecay?: number | null;
  /** Default null. */
  readonly clipnorm?: number | null;
  /** Default null. */
  readonly clipvalue?: number | null;
  /** Default null. */
  readonly globalClipnorm?: number | null;
  /** Default false. */
  readonly useEma?: boolean;
  /** Default 0.99. */
  readonly emaMomentum?: number;
  /** Default null. */
  readonly emaOverwriteFrequency?: number | null;
  /** Default null. */
  readonly gradientAccumulationSteps?: number | null;
}

/** Arguments of Adam. */
export interface AdamArguments {
  /** Default 0.001. */
  readonly learningRate?: number | SavedSchedule;
  /** Default 0.9. */
  readonly beta1?: number;
  /** Default 0.999. */
  readonly beta2?: number;
  /** Default 1e-07. */
  readonly epsilon?: number;
  /** Default false. */
  readonly amsgrad?: boolean;
  /** Default null. */
  readonly weightDecay?: number | null;
  /** Default null. */
  readonly clipnorm?: number | null;
  /** Default null. */
  readonly clipvalue?: number | null;
  /** Default null. */
  readonly globalClipnorm?: number | null;
  /** Default false. */
  readonly useEma?: boolean;
  /** Default 0.99. */
  readonly emaMomentum?: number;
  /** Default null. */
  readonly emaOverwriteFrequency?: number | null;
  /** Default null. */
  readonly gradientAccumulationSteps?: number | null;
}

/** Arguments of AdamW. */
export interface AdamWArguments {
  /** Default 0.001. */
  readonly learningRate?: number | SavedSchedule;
  /** Default 0.004. */
  readonly weightDecay?: number;
  /** Default 0.9. */
  readonly beta1?: number;
  /** Default 0.999. */
  readonly beta2?: number;
  /** Default 1e-07. */
  readonly epsilon?: number;
  /** Default false. */
  readonly amsgrad?: boolean;
  /** Default null. */
  readonly clipnorm?: number | null;
  /** Default null. */
  readonly clipvalue?: number | null;
  /** Default null. */
  readonly globalClipnorm?: number | null;
  /** Default false. */
  readonly useEma?: boolean;
  /** Default 0.99. */
  readonly emaMomentum?: number;
  /** Default null. */
  readonly emaOverwriteFrequency?: number | null;
  /** Default null. */
  readonly gradientAccumulationSteps?: number | null;
}

/** Arguments of Adamax. */
export interface AdamaxArguments {
  /** Default 0.001. */
  readonly learningRate?: number | SavedSchedule;
  /** Default 0.9. */
  readonly beta1?: number;
  /** Default 0.999. */
  readonly beta2?: number;
  /** Default 1e-07. */
  readonly epsilon?: number;
  /** Default null. */
  readonly weightDecay?: number | null;
  /** Default null. */
  readonly clipnorm?: number | null;
  /** Default null. */
  readonly clipvalue?: number | null;
  /** Default null. */
  readonly globalClipnorm?: number | null;
  /** Default false. */
  readonly useEma?: boolean;
  /** Default 0.99. */
  readonly emaMomentum?: number;
  /** Default null. */
  readonly emaOverwriteFrequency?: number | null;
  /** Default null. */
  readonly gradientAccumulationSteps?: number | null;
}

/** Arguments of Ftrl. */
export interface FtrlArguments {
  /** Default 0.001. */
  readonly learningRate?: number | SavedSchedule;
  /** Default -0.5. */
  readonly learningRatePower?: number;
  /** Default 0.1. */
  readonly initialAccumulatorValue?: number;
  /** Default 0.0. */
  readonly l1RegularizationStrength?: number;
  /** Default 0.0. */
  readonly l2RegularizationStrength?: number;
  /** Default 0.0. */
  readonly l2ShrinkageRegularizationStrength?: number;
  /** Default 0.0. */
  readonly beta?: number;
  /** Default null. */
  readonly weightDecay?: number | null;
  /** Default null. */
  readonly clipnorm?: number | null;
  /** Default null. */
  readonly clipvalue?: number | null;
  /** Default null. */
  readonly globalClipnorm?: number | null;
  /** Default false. */
  readonly useEma?: boolean;
  /** Default 0.99. */
  readonly emaMomentum?: number;
  /** Default null. */
  readonly emaOverwriteFrequency?: number | null;
  /** Default null. */
  readonly gradientAccumulationSteps?: number | null;
}

/** Arguments of Lamb. */
export interface LambArguments {
  /** Default 0.001. */
  readonly learningRate?: number | SavedSchedule;
  /** Default 0.9. */
  readonly beta1?: number;
  /** Default 0.999. */
  readonly beta2?: number;
  /** Default 1e-07. */
  readonly epsilon?: number;
  /** Default null. */
  readonly weightDecay?: number | null;
  /** Default null. */
  readonly clipnorm?: number | null;
  /** Default null. */
  readonly clipvalue?: number | null;
  /** Default null. */
  readonly globalClipnorm?: number | null;
  /** Default false. */
  readonly useEma?: boolean;
  /** Default 0.99. */
  readonly emaMomentum?: number;
  /** Default null. */
  readonly emaOverwriteFrequency?: number | null;
  /** Default null. */
  readonly gradientAccumulationSteps?: number | null;
}

/** Arguments of Lion. */
export interface LionArguments {
  /** Default 0.001. */
  readonly learningRate?: number | SavedSchedule;
  /** Default 0.9. */
  readonly beta1?: number;
  /** Default 0.99. */
  readonly beta2?: number;
  /** Default null. */
  readonly weightDecay?: number | null;
  /** Default null. */
  readonly clipnorm?: number | null;
  /** Default null. */
  readonly clipvalue?: number | null;
  /** Default null. */
  readonly globalClipnorm?: number | null;
  /** Default false. */
  readonly useEma?: boolean;
  /** Default 0.99. */
  readonly emaMomentum?: number;
  /** Default null. */
  readonly emaOverwriteFrequency?: number | null;
  /** Default null. */
  readonly gradientAccumulationSteps?: number | null;
}

/** Arguments of Muon. */
export interface MuonArguments {
  /** Default 0.001. */
  readonly learningRate?: number | SavedSchedule;
  /** Default 0.9. */
  readonly adamBeta1?: number;
  /** Default 0.999. */
  readonly adamBeta2?: number;
  /** Default 0.004. */
  readonly adamWeightDecay?: number;
  /** Default 1e-07. */
  readonly epsilon?: number;
  /** Default 0.004. */
  readonly weightDecay?: number;
  /** Default null. */
  readonly clipnorm?: number | null;
  /** Default null. */
  readonly clipvalue?: number | null;
  /** Default null. */
  readonly globalClipnorm?: number | null;
  /** Default false. */
  readonly useEma?: boolean;
  /** Default 0.99. */
  readonly emaMomentum?: number;
  /** Default null. */
  readonly emaOverwriteFrequency?: number | null;
  /** Default null. */
  readonly gradientAccumulationSteps?: number | null;
  /** Default null. */
  readonly excludeLayers?: readonly string[];
  /** Default true. */
  readonly excludeEmbeddings?: boolean;
  /** Default 3.4445. */
  readonly muonA?: number;
  /** Default -4.775. */
  readonly muonB?: number;
  /** Default 2.0315. */
  readonly muonC?: number;
  /** Default 1. */
  readonly adamLrRatio?: number;
  /** Default 0.95. */
  readonly momentum?: number;
  /** Default 5. */
  readonly nsSteps?: number;
  /** Default true. */
  readonly nesterov?: boolean;
  /** Default 0.2. */
  readonly rmsRate?: number | null;
}

/** Arguments of Nadam. */
export interface NadamArguments {
  /** Default 0.001. */
  readonly learningRate?: number | SavedSchedule;
  /** Default 0.9. */
  readonly beta1?: number;
  /** Default 0.999. */
  readonly beta2?: number;
  /** Default 1e-07. */
  readonly epsilon?: number;
  /** Default null. */
  readonly weightDecay?: number | null;
  /** Default null. */
  readonly clipnorm?: number | null;
  /** Default null. */
  readonly clipvalue?: number | null;
  /** Default null. */
  readonly globalClipnorm?: number | null;
  /** Default false. */
  readonly useEma?: boolean;
  /** Default 0.99. */
  readonly emaMomentum?: number;
  /** Default null. */
  readonly emaOverwriteFrequency?: number | null;
  /** Default null. */
  readonly gradientAccumulationSteps?: number | null;
}

/** Arguments of RMSprop. */
export interface RMSpropArguments {
  /** Default 0.001. */
  readonly learningRate?: number | SavedSchedule;
  /** Default 0.9. */
  readonly rho?: number;
  /** Default 0.0. */
  readonly momentum?: number;
  /** Default 1e-07. */
  readonly epsilon?: number;
  /** Default false. */
  readonly centered?: boolean;
  /** Default null. */
  readonly weightDecay?: number | null;
  /** Default null. */
  readonly clipnorm?: number | null;
  /** Default null. */
  readonly clipvalue?: number | null;
  /** Default null. */
  readonly globalClipnorm?: number | null;
  /** Default false. */
  readonly useEma?: boolean;
  /** Default 0.99. */
  readonly emaMomentum?: number;
  /** Default null. */
  readonly emaOverwriteFrequency?: number | null;
  /** Default null. */
  readonly gradientAccumulationSteps?: number | null;
}

/** Arguments of SGD. */
export interface SGDArguments {
  /** Default 0.01. */
  readonly learningRate?: number | SavedSchedule;
  /** Default 0.0. */
  readonly momentum?: number;
  /** Default false. */
  readonly nesterov?: boolean;
  /** Default null. */
  readonly weightDecay?: number | null;
  /** Default null. */
  readonly clipnorm?: number | null;
  /** Default null. */
  readonly clipvalue?: number | null;
  /** Default null. */
  readonly globalClipnorm?: number | null;
  /** Default false. */
  readonly useEma?: boolean;
  /** Default 0.99. */
  readonly emaMomentum?: number;
  /** Default null. */
  readonly emaOverwriteFrequency?: number | null;
  /** Default null. */
  readonly gradientAccumulationSteps?: number | null;
}

/** Arguments of ScheduleFreeAdamW. */
export interface ScheduleFreeAdamWArguments {
  /** Default 0.0025. */
  readonly learningRate?: number | SavedSchedule;
  /** Default 0.9. */
  readonly beta1?: number;
  /** Default 0.999. */
  readonly beta2?: number;
  /** Default 1e-08. */
  readonly epsilon?: number;
  /** Default 0. */
  readonly warmupSteps?: number;
  /** Default null. */
  readonly weightDecay?: number | null;
  /** Default null. */
  readonly clipnorm?: number | null;
  /** Default null. */
  readonly clipvalue?: number | null;
  /** Default null. */
  readonly globalClipnorm?: number | null;
  /** Default false. */
  readonly useEma?: boolean;
  /** Default 0.99. */
  readonly emaMomentum?: number;
  /** Default null. */
  readonly emaOverwriteFrequency?: number | null;
  /** Default null. */
  readonly gradientAccumulationSteps?: number | null;
}

/** Arguments of CosineDecay. */
export interface CosineDecayArguments {
  readonly initialLearningRate: number;
  readonly decaySteps: number;
  /** Default 0.0. */
  readonly alpha?: number;
  /** Default null. */
  readonly warmupTarget?: number | null;
  /** Default 0. */
  readonly warmupSteps?: number;
}

/** Arguments of CosineDecayRestarts. */
export interface CosineDecayRestartsArguments {
  readonly initialLearningRate: number;
  readonly firstDecaySteps: number;
  /** Default 2.0. */
  readonly tMul?: number;
  /** Default 1.0. */
  readonly mMul?: number;
  /** Default 0.0. */
  readonly alpha?: number;
}

/** Arguments of ExponentialDecay. */
export interface ExponentialDecayArguments {
  readonly initialLearningRate: number;
  readonly decaySteps: number;
  readonly decayRate: number;
  /** Default false. */
  readonly staircase?: boolean;
}

/** Arguments of InverseTimeDecay. */
export interface InverseTimeDecayArguments {
  readonly initialLearningRate: number;
  readonly decaySteps: number;
  readonly decayRate: number;
  /** Default false. */
  readonly staircase?: boolean;
}

/** Arguments of PiecewiseConstantDecay. */
export interface PiecewiseConstantDecayArguments {
  readonly boundaries: readonly number[];
  readonly values: readonly number[];
}

/** Arguments of PolynomialDecay. */
export interface PolynomialDecayArguments {
  readonly initialLearningRate: number;
  readonly decaySteps: number;
  /** Default 0.0001. */
  readonly endLearningRate?: number;
  /** Default 1.0. */
  readonly power?: number;
  /** Default false. */
  readonly cycle?: boolean;
}

/** Arguments of BinaryCrossentropy. */
export interface BinaryCrossentropyLossArguments {
  /** Default false. */
  readonly fromLogits?: boolean;
  /** Default 0.0. */
  readonly labelSmoothing?: number;
  /** Default -1. */
  readonly axis?: number;
  /** Default "sum_over_batch_size". */
  readonly reduction?: string;
}

/** Arguments of BinaryFocalCrossentropy. */
export interface BinaryFocalCrossentropyLossArguments {
  /** Default false. */
  readonly applyClassBalancing?: boolean;
  /** Default 0.25. */
  readonly alpha?: number;
  /** Default 2.0. */
  readonly gamma?: number;
  /** Default false. */
  readonly fromLogits?: boolean;
  /** Default 0.0. */
  readonly labelSmoothing?: number;
  /** Default -1. */
  readonly axis?: number;
  /** Default "sum_over_batch_size". */
  readonly reduction?: string;
}

/** Arguments of CTC. */
export interface CTCLossArguments {
  /** Default "sum_over_batch_size". */
  readonly reduction?: string;
}

/** Arguments of CategoricalCrossentropy. */
export interface CategoricalCrossentropyLossArguments {
  /** Default false. */
  readonly fromLogits?: boolean;
  /** Default 0.0. */
  readonly labelSmoothing?: number;
  /** Default -1. */
  readonly axis?: number;
  /** Default "sum_over_batch_size". */
  readonly reduction?: string;
}

/** Arguments of CategoricalFocalCrossentropy. */
export interface CategoricalFocalCrossentropyLossArguments {
  /** Default 0.25. */
  readonly alpha?: number | readonly number[];
  /** Default 2.0. */
  readonly gamma?: number;
  /** Default false. */
  readonly fromLogits?: boolean;
  /** Default 0.0. */
  readonly labelSmoothing?: number;
  /** Default -1. */
  readonly axis?: number;
  /** Default "sum_over_batch_size". */
  readonly reduction?: string;
}

/** Arguments of CategoricalGeneralizedCrossEntropy. */
export interface CategoricalGeneralizedCrossEntropyLossArguments {
  /** Default 0.5. */
  readonly q?: number;
  /** Default "sum_over_batch_size". */
  readonly reduction?: string;
}

/** Arguments of CategoricalHinge. */
export interface CategoricalHingeLossArguments {
  /** Default "sum_over_batch_size". */
  readonly reduction?: string;
}

/** Arguments of Circle. */
export interface CircleLossArguments {
  /** Default 80.0. */
  readonly gamma?: number;
  /** Default 0.4. */
  readonly margin?: number;
  /** Default true. */
  readonly removeDiagonal?: boolean;
  /** Default "sum_over_batch_size". */
  readonly reduction?: string;
}

/** Arguments of CosineSimilarity. */
export interface CosineSimilarityLossArguments {
  /** Default -1. */
  readonly axis?: number;
  /** Default "sum_over_batch_size". */
  readonly reduction?: string;
}

/** Arguments of Dice. */
export interface DiceLossArguments {
  /** Default "sum_over_batch_size". */
  readonly reduction?: string;
  /** Default null. */
  readonly axis?: number | readonly number[] | null;
}

/** Arguments of Hinge. */
export interface HingeLossArguments {
  /** Default "sum_over_batch_size". */
  readonly reduction?: string;
}

/** Arguments of Huber. */
export interface HuberLossArguments {
  /** Default 1.0. */
  readonly delta?: number;
  /** Default "sum_over_batch_size". */
  readonly reduction?: string;
}

/** Arguments of KLDivergence. */
export interface KLDivergenceLossArguments {
  /** Default "sum_over_batch_size". */
  readonly reduction?: string;
}

/** Arguments of LogCosh. */
export interface LogCoshLossArguments {
  /** Default "sum_over_batch_size". */
  readonly reduction?: string;
}

/** Arguments of MeanAbsoluteError. */
export interface MeanAbsoluteErrorLossArguments {
  /** Default "sum_over_batch_size". */
  readonly reduction?: string;
}

/** Arguments of MeanAbsolutePercentageError. */
export interface MeanAbsolutePercentageErrorLossArguments {
  /** Default "sum_over_batch_size". */
  readonly reduction?: string;
}

/** Arguments of MeanSquaredError. */
export interface MeanSquaredErrorLossArguments {
  /** Default "sum_over_batch_size". */
  readonly reduction?: string;
}

/** Arguments of MeanSquaredLogarithmicError. */
export interface MeanSquaredLogarithmicErrorLossArguments {
  /** Default "sum_over_batch_size". */
  readonly reduction?: string;
}

/** Arguments of Poisson. */
export interface PoissonLossArguments {
  /** Default "sum_over_batch_size". */
  readonly reduction?: string;
}

/** Arguments of SparseCategoricalCrossentropy. */
export interface SparseCategoricalCrossentropyLossArguments {
  /** Default false. */
  readonly fromLogits?: boolean;
  /** Default null. */
  readonly ignoreClass?: number | null;
  /** Default "sum_over_batch_size". */
  readonly reduction?: string;
  /** Default -1. */
  readonly axis?: number;
}

/** Arguments of SquaredHinge. */
export interface SquaredHingeLossArguments {
  /** Default "sum_over_batch_size". */
  readonly reduction?: string;
}

/** Arguments of Tversky. */
export interface TverskyLossArguments {
  /** Default 0.5. */
  readonly alpha?: number;
  /** Default 0.5. */
  readonly beta?: number;
  /** Default "sum_over_batch_size". */
  readonly reduction?: string;
  /** Default null. */
  readonly axis?: number | readonly number[] | null;
}

/** Arguments of AUC. */
export interface AUCMetricArguments {
  /** Default 200. */
  readonly numThresholds?: number;
  /** Default "ROC". */
  readonly curve?: string;
  /** Default "interpolation". */
  readonly summationMethod?: string;
  /** Default null. */
  readonly name?: string | null;
  /** Default null. */
  readonly thresholds?: number | readonly number[] | null;
  /** Default false. */
  readonly multiLabel?: boolean;
  /** Default null. */
  readonly numLabels?: number | null;
  /** Default null. */
  readonly labelWeights?: number | readonly number[] | null;
  /** Default false. */
  readonly fromLogits?: boolean;
}

/** Arguments of Accuracy. */
export interface AccuracyMetricArguments {
  /** Default "accuracy". */
  readonly name?: string;
}

/** Arguments of BinaryAccuracy. */
export interface BinaryAccuracyMetricArguments {
  /** Default "binary_accuracy". */
  readonly name?: string;
  /** Default 0.5. */
  readonly threshold?: number;
}

/** Arguments of BinaryCrossentropy. */
export interface BinaryCrossentropyMetricArguments {
  /** Default "binary_crossentropy". */
  readonly name?: string;
  /** Default false. */
  readonly fromLogits?: boolean;
  /** Default 0. */
  readonly labelSmoothing?: number;
}

/** Arguments of BinaryIoU. */
export interface BinaryIoUMetricArguments {
  /** Default [0, 1]. */
  readonly targetClassIds?: readonly number[];
  /** Default 0.5. */
  readonly threshold?: number;
  /** Default null. */
  readonly name?: string | null;
}

/** Arguments of CategoricalAccuracy. */
export interface CategoricalAccuracyMetricArguments {
  /** Default "categorical_accuracy". */
  readonly name?: string;
}

/** Arguments of CategoricalCrossentropy. */
export interface CategoricalCrossentropyMetricArguments {
  /** Default "categorical_crossentropy". */
  readonly name?: string;
  /** Default false. */
  readonly fromLogits?: boolean;
  /** Default 0. */
  readonly labelSmoothing?: number;
  /** Default -1. */
  readonly axis?: number;
}

/** Arguments of CategoricalHinge. */
export interface CategoricalHingeMetricArguments {
  /** Default "categorical_hinge". */
  readonly name?: string;
}

/** Arguments of ConcordanceCorrelation. */
export interface ConcordanceCorrelationMetricArguments {
  /** Default "concordance_correlation". */
  readonly name?: string;
  /** Default -1. */
  readonly axis?: number;
}

/** Arguments of CosineSimilarity. */
export interface CosineSimilarityMetricArguments {
  /** Default "cosine_similarity". */
  readonly name?: string;
  /** Default -1. */
  readonly axis?: number;
}

/** Arguments of F1Score. */
export interface F1ScoreMetricArguments {
  /** Default null. */
  readonly average?: string | null;
  /** Default null. */
  readonly threshold?: number | null;
  /** Default "f1_score". */
  readonly name?: string;
}

/** Arguments of FBetaScore. */
export interface FBetaScoreMetricArguments {
  /** Default null. */
  readonly average?: string | null;
  /** Default 1.0. */
  readonly beta?: number;
  /** Default null. */
  readonly threshold?: number | null;
  /** Default "fbeta_score". */
  readonly name?: string;
}

/** Arguments of FalseNegatives. */
export interface FalseNegativesMetricArguments {
  /** Default null. */
  readonly thresholds?: number | readonly number[] | null;
  /** Default null. */
  readonly name?: string | null;
}

/** Arguments of FalsePositives. */
export interface FalsePositivesMetricArguments {
  /** Default null. */
  readonly thresholds?: number | readonly number[] | null;
  /** Default null. */
  readonly name?: string | null;
}

/** Arguments of Hinge. */
export interface HingeMetricArguments {
  /** Default "hinge". */
  readonly name?: string;
}

/** Arguments of IoU. */
export interface IoUMetricArguments {
  readonly numClasses: number;
  readonly targetClassIds: readonly number[];
  /** Default null. */
  readonly name?: string | null;
  /** Default null. */
  readonly ignoreClass?: number | null;
  /** Default true. */
  readonly sparseYTrue?: boolean;
  /** Default true. */
  readonly sparseYPred?: boolean;
  /** Default -1. */
  readonly axis?: number;
}

/** Arguments of KLDivergence. */
export interface KLDivergenceMetricArguments {
  /** Default "kl_divergence". */
  readonly name?: string;
}

/** Arguments of LogCoshError. */
export interface LogCoshErrorMetricArguments {
  /** Default "logcosh". */
  readonly name?: string;
}

/** Arguments of MeanAbsoluteError. */
export interface MeanAbsoluteErrorMetricArguments {
  /** Default "mean_absolute_error". */
  readonly name?: string;
}

/** Arguments of MeanAbsolutePercentageError. */
export interface MeanAbsolutePercentageErrorMetricArguments {
  /** Default "mean_absolute_percentage_error". */
  readonly name?: string;
}

/** Arguments of MeanIoU. */
export interface MeanIoUMetricArguments {
  readonly numClasses: number;
  /** Default null. */
  readonly name?: string | null;
  /** Default null. */
  readonly ignoreClass?: number | null;
  /** Default true. */
  readonly sparseYTrue?: boolean;
  /** Default true. */
  readonly sparseYPred?: boolean;
  /** Default -1. */
  readonly axis?: number;
}

/** Arguments of MeanSquaredError. */
export interface MeanSquaredErrorMetricArguments {
  /** Default "mean_squared_error". */
  readonly name?: string;
}

/** Arguments of MeanSquaredLogarithmicError. */
export interface MeanSquaredLogarithmicErrorMetricArguments {
  /** Default "mean_squared_logarithmic_error". */
  readonly name?: string;
}

/** Arguments of OneHotIoU. */
export interface OneHotIoUMetricArguments {
  readonly numClasses: number;
  readonly targetClassIds: readonly number[];
  /** Default null. */
  readonly name?: string | null;
  /** Default null. */
  readonly ignoreClass?: number | null;
  /** Default false. */
  readonly sparseYPred?: boolean;
  /** Default -1. */
  readonly axis?: number;
}

/** Arguments of OneHotMeanIoU. */
export interface OneHotMeanIoUMetricArguments {
  readonly numClasses: number;
  /** Default null. */
  readonly name?: string | null;
  /** Default null. */
  readonly ignoreClass?: number | null;
  /** Default false. */
  readonly sparseYPred?: boolean;
  /** Default -1. */
  readonly axis?: number;
}

/** Arguments of PearsonCorrelation. */
export interface PearsonCorrelationMetricArguments {
  /** Default "pearson_correlation". */
  readonly name?: string;
  /** Default -1. */
  readonly axis?: number;
}

/** Arguments of Poisson. */
export interface PoissonMetricArguments {
  /** Default "poisson". */
  readonly name?: string;
}

/** Arguments of Precision. */
export interface PrecisionMetricArguments {
  /** Default null. */
  readonly thresholds?: number | readonly number[] | null;
  /** Default null. */
  readonly topK?: number | null;
  /** Default null. */
  readonly classId?: number | null;
  /** Default null. */
  readonly name?: string | null;
}

/** Arguments of PrecisionAtRecall. */
export interface PrecisionAtRecallMetricArguments {
  readonly recall: number;
  /** Default 200. */
  readonly numThresholds?: number;
  /** Default null. */
  readonly classId?: number | null;
  /** Default null. */
  readonly name?: string | null;
}

/** Arguments of R2Score. */
export interface R2ScoreMetricArguments {
  /** Default "uniform_average". */
  readonly classAggregation?: string;
  /** Default 0. */
  readonly numRegressors?: number;
  /** Default "r2_score". */
  readonly name?: string;
}

/** Arguments of Recall. */
export interface RecallMetricArguments {
  /** Default null. */
  readonly thresholds?: number | readonly number[] | null;
  /** Default null. */
  readonly topK?: number | null;
  /** Default null. */
  readonly classId?: number | null;
  /** Default null. */
  readonly name?: string | null;
}

/** Arguments of RecallAtPrecision. */
export interface RecallAtPrecisionMetricArguments {
  readonly precision: number;
  /** Default 200. */
  readonly numThresholds?: number;
  /** Default null. */
  readonly classId?: number | null;
  /** Default null. */
  readonly name?: string | null;
}

/** Arguments of RootMeanSquaredError. */
export interface RootMeanSquaredErrorMetricArguments {
  /** Default "root_mean_squared_error". */
  readonly name?: string;
}

/** Arguments of SensitivityAtSpecificity. */
export interface SensitivityAtSpecificityMetricArguments {
  readonly specificity: number;
  /** Default 200. */
  readonly numThresholds?: number;
  /** Default null. */
  readonly classId?: number | null;
  /** Default null. */
  readonly name?: string | null;
}

/** Arguments of SparseCategoricalAccuracy. */
export interface SparseCategoricalAccuracyMetricArguments {
  /** Default "sparse_categorical_accuracy". */
  readonly name?: string;
}

/** Arguments of SparseCategoricalCrossentropy. */
export interface SparseCategoricalCrossentropyMetricArguments {
  /** Default "sparse_categorical_crossentropy". */
  readonly name?: string;
  /** Default false. */
  readonly fromLogits?: boolean;
  /** Default null. */
  readonly ignoreClass?: number | null;
  /** Default -1. */
  readonly axis?: number;
}

/** Arguments of SparseTopKCategoricalAccuracy. */
export interface SparseTopKCategoricalAccuracyMetricArguments {
  /** Default 5. */
  readonly k?: number;
  /** Default "sparse_top_k_categorical_accuracy". */
  readonly name?: string;
  /** Default false. */
  readonly fromSortedIds?: boolean;
}

/** Arguments of SpecificityAtSensitivity. */
export interface SpecificityAtSensitivityMetricArguments {
  readonly sensitivity: number;
  /** Default 200. */
  readonly numThresholds?: number;
  /** Default null. */
  readonly classId?: number | null;
  /** Default null. */
  readonly name?: string | null;
}

/** Arguments of SquaredHinge. */
export interface SquaredHingeMetricArguments {
  /** Default "squared_hinge". */
  readonly name?: string;
}

/** Arguments of TopKCategoricalAccuracy. */
export interface TopKCategoricalAccuracyMetricArguments {
  /** Default 5. */
  readonly k?: number;
  /** Default "top_k_categorical_accuracy". */
  readonly name?: string;
}

/** Arguments of TrueNegatives. */
export interface TrueNegativesMetricArguments {
  /** Default null. */
  readonly thresholds?: number | readonly number[] | null;
  /** Default null. */
  readonly name?: string | null;
}

/** Arguments of TruePositives. */
export interface TruePositivesMetricArguments {
  /** Default null. */
  readonly thresholds?: number | readonly number[] | null;
  /** Default null. */
  readonly name?: string | null;
}

/** Keras's optimizers, by their names in camel case. */
export interface OptimizerFactories {
  /** Keras's Adadelta (keras/src/optimizers/adadelta.py). */
  adadelta(args?: AdadeltaArguments): KerasOptimizer;
  /** Keras's Adafactor (keras/src/optimizers/adafactor.py). */
  adafactor(args?: AdafactorArguments): KerasOptimizer;
  /** Keras's Adagrad (keras/src/optimizers/adagrad.py). */
  adagrad(args?: AdagradArguments): KerasOptimizer;
  /** Keras's Adam (keras/src/optimizers/adam.py). */
  adam(args?: AdamArguments): KerasOptimizer;
  /** Keras's AdamW (keras/src/optimizers/adamw.py). */
  adamW(args?: AdamWArguments): KerasOptimizer;
  /** Keras's Adamax (keras/src/optimizers/adamax.py). */
  adamax(args?: AdamaxArguments): KerasOptimizer;
  /** Keras's Ftrl (keras/src/optimizers/ftrl.py). */
  ftrl(args?: FtrlArguments): KerasOptimizer;
  /** Keras's Lamb (keras/src/optimizers/lamb.py). */
  lamb(args?: LambArguments): KerasOptimizer;
  /** Keras's Lion (keras/src/optimizers/lion.py). */
  lion(args?: LionArguments): KerasOptimizer;
  /** Keras's Muon (keras/src/optimizers/muon.py). */
  muon(args?: MuonArguments): KerasOptimizer;
  /** Keras's Nadam (keras/src/optimizers/nadam.py). */
  nadam(args?: NadamArguments): KerasOptimizer;
  /** Keras's RMSprop (keras/src/optimizers/rmsprop.py). */
  rmsprop(args?: RMSpropArguments): KerasOptimizer;
  /** Keras's SGD (keras/src/optimizers/sgd.py). */
  sgd(args?: SGDArguments): KerasOptimizer;
  /** Keras's ScheduleFreeAdamW (keras/src/optimizers/schedule_free_adamw.py). */
  scheduleFreeAdamW(args?: ScheduleFreeAdamWArguments): KerasOptimizer;
}

/** Keras's schedules, by their names in camel case. */
export interface ScheduleFactories {
  /** Keras's CosineDecay (keras/src/optimizers/schedules/learning_rate_schedule.py). */
  cosineDecay(args: CosineDecayArguments): SavedSchedule;
  /** Keras's CosineDecayRestarts (keras/src/optimizers/schedules/learning_rate_schedule.py). */
  cosineDecayRestarts(args: CosineDecayRestartsArguments): SavedSchedule;
  /** Keras's ExponentialDecay (keras/src/optimizers/schedules/learning_rate_schedule.py). */
  exponentialDecay(args: ExponentialDecayArguments): SavedSchedule;
  /** Keras's InverseTimeDecay (keras/src/optimizers/schedules/learning_rate_schedule.py). */
  inverseTimeDecay(args: InverseTimeDecayArguments): SavedSchedule;
  /** Keras's PiecewiseConstantDecay (keras/src/optimizers/schedules/learning_rate_schedule.py). */
  piecewiseConstantDecay(args: PiecewiseConstantDecayArguments): SavedSchedule;
  /** Keras's PolynomialDecay (keras/src/optimizers/schedules/learning_rate_schedule.py). */
  polynomialDecay(args: PolynomialDecayArguments): SavedSchedule;
}

/** Keras's losses, by their names in camel case. */
export interface LossFactories {
  /** Keras's BinaryCrossentropy (keras/src/losses/losses.py). */
  binaryCrossentropy(args?: BinaryCrossentropyLossArguments): LossFunction;
  /** Keras's BinaryFocalCrossentropy (keras/src/losses/losses.py). */
  binaryFocalCrossentropy(args?: BinaryFocalCrossentropyLossArguments): LossFunction;
  /** Keras's CTC (keras/src/losses/losses.py). */
  ctc(args?: CTCLossArguments): LossFunction;
  /** Keras's CategoricalCrossentropy (keras/src/losses/losses.py). */
  categoricalCrossentropy(args?: CategoricalCrossentropyLossArguments): LossFunction;
  /** Keras's CategoricalFocalCrossentropy (keras/src/losses/losses.py). */
  categoricalFocalCrossentropy(args?: CategoricalFocalCrossentropyLossArguments): LossFunction;
  /** Keras's CategoricalGeneralizedCrossEntropy (keras/src/losses/losses.py). */
  categoricalGeneralizedCrossEntropy(args?: CategoricalGeneralizedCrossEntropyLossArguments): LossFunction;
  /** Keras's CategoricalHinge (keras/src/losses/losses.py). */
  categoricalHinge(args?: CategoricalHingeLossArguments): LossFunction;
  /** Keras's Circle (keras/src/losses/losses.py). */
  circle(args?: CircleLossArguments): LossFunction;
  /** Keras's CosineSimilarity (keras/src/losses/losses.py). */
  cosineSimilarity(args?: CosineSimilarityLossArguments): LossFunction;
  /** Keras's Dice (keras/src/losses/losses.py). */
  dice(args?: DiceLossArguments): LossFunction;
  /** Keras's Hinge (keras/src/losses/losses.py). */
  hinge(args?: HingeLossArguments): LossFunction;
  /** Keras's Huber (keras/src/losses/losses.py). */
  huber(args?: HuberLossArguments): LossFunction;
  /** Keras's KLDivergence (keras/src/losses/losses.py). */
  klDivergence(args?: KLDivergenceLossArguments): LossFunction;
  /** Keras's LogCosh (keras/src/losses/losses.py). */
  logCosh(args?: LogCoshLossArguments): LossFunction;
  /** Keras's MeanAbsoluteError (keras/src/losses/losses.py). */
  meanAbsoluteError(args?: MeanAbsoluteErrorLossArguments): LossFunction;
  /** Keras's MeanAbsolutePercentageError (keras/src/losses/losses.py). */
  meanAbsolutePercentageError(args?: MeanAbsolutePercentageErrorLossArguments): LossFunction;
  /** Keras's MeanSquaredError (keras/src/losses/losses.py). */
  meanSquaredError(args?: MeanSquaredErrorLossArguments): LossFunction;
  /** Keras's MeanSquaredLogarithmicError (keras/src/losses/losses.py). */
  meanSquaredLogarithmicError(args?: MeanSquaredLogarithmicErrorLossArguments): LossFunction;
  /** Keras's Poisson (keras/src/losses/losses.py). */
  poisson(args?: PoissonLossArguments): LossFunction;
  /** Keras's SparseCategoricalCrossentropy (keras/src/losses/losses.py). */
  sparseCategoricalCrossentropy(args?: SparseCategoricalCrossentropyLossArguments): LossFunction;
  /** Keras's SquaredHinge (keras/src/losses/losses.py). */
  squaredHinge(args?: SquaredHingeLossArguments): LossFunction;
  /** Keras's Tversky (keras/src/losses/losses.py). */
  tversky(args?: TverskyLossArguments): LossFunction;
}

/** Keras's metrics, by their names in camel case. */
export interface MetricFactories {
  /** Keras's AUC (keras/src/metrics/confusion_metrics.py). */
  auc(args?: AUCMetricArguments): MetricFunction;
  /** Keras's Accuracy (keras/src/metrics/accuracy_metrics.py). */
  accuracy(args?: AccuracyMetricArguments): MetricFunction;
  /** Keras's BinaryAccuracy (keras/src/metrics/accuracy_metrics.py). */
  binaryAccuracy(args?: BinaryAccuracyMetricArguments): MetricFunction;
  /** Keras's BinaryCrossentropy (keras/src/metrics/probabilistic_metrics.py). */
  binaryCrossentropy(args?: BinaryCrossentropyMetricArguments): MetricFunction;
  /** Keras's BinaryIoU (keras/src/metrics/iou_metrics.py). */
  binaryIoU(args?: BinaryIoUMetricArguments): MetricFunction;
  /** Keras's CategoricalAccuracy (keras/src/metrics/accuracy_metrics.py). */
  categoricalAccuracy(args?: CategoricalAccuracyMetricArguments): MetricFunction;
  /** Keras's CategoricalCrossentropy (keras/src/metrics/probabilistic_metrics.py). */
  categoricalCrossentropy(args?: CategoricalCrossentropyMetricArguments): MetricFunction;
  /** Keras's CategoricalHinge (keras/src/metrics/hinge_metrics.py). */
  categoricalHinge(args?: CategoricalHingeMetricArguments): MetricFunction;
  /** Keras's ConcordanceCorrelation (keras/src/metrics/correlation_metrics.py). */
  concordanceCorrelation(args?: ConcordanceCorrelationMetricArguments): MetricFunction;
  /** Keras's CosineSimilarity (keras/src/metrics/regression_metrics.py). */
  cosineSimilarity(args?: CosineSimilarityMetricArguments): MetricFunction;
  /** Keras's F1Score (keras/src/metrics/f_score_metrics.py). */
  f1Score(args?: F1ScoreMetricArguments): MetricFunction;
  /** Keras's FBetaScore (keras/src/metrics/f_score_metrics.py). */
  fBetaScore(args?: FBetaScoreMetricArguments): MetricFunction;
  /** Keras's FalseNegatives (keras/src/metrics/confusion_metrics.py). */
  falseNegatives(args?: FalseNegativesMetricArguments): MetricFunction;
  /** Keras's FalsePositives (keras/src/metrics/confusion_metrics.py). */
  falsePositives(args?: FalsePositivesMetricArguments): MetricFunction;
  /** Keras's Hinge (keras/src/metrics/hinge_metrics.py). */
  hinge(args?: HingeMetricArguments): MetricFunction;
  /** Keras's IoU (keras/src/metrics/iou_metrics.py). */
  iou(args: IoUMetricArguments): MetricFunction;
  /** Keras's KLDivergence (keras/src/metrics/probabilistic_metrics.py). */
  klDivergence(args?: KLDivergenceMetricArguments): MetricFunction;
  /** Keras's LogCoshError (keras/src/metrics/regression_metrics.py). */
  logCoshError(args?: LogCoshErrorMetricArguments): MetricFunction;
  /** Keras's MeanAbsoluteError (keras/src/metrics/regression_metrics.py). */
  meanAbsoluteError(args?: MeanAbsoluteErrorMetricArguments): MetricFunction;
  /** Keras's MeanAbsolutePercentageError (keras/src/metrics/regression_metrics.py). */
  meanAbsolutePercentageError(args?: MeanAbsolutePercentageErrorMetricArguments): MetricFunction;
  /** Keras's MeanIoU (keras/src/metrics/iou_metrics.py). */
  meanIoU(args: MeanIoUMetricArguments): MetricFunction;
  /** Keras's MeanSquaredError (keras/src/metrics/regression_metrics.py). */
  meanSquaredError(args?: MeanSquaredErrorMetricArguments): MetricFunction;
  /** Keras's MeanSquaredLogarithmicError (keras/src/metrics/regression_metrics.py). */
  meanSquaredLogarithmicError(args?: MeanSquaredLogarithmicErrorMetricArguments): MetricFunction;
  /** Keras's OneHotIoU (keras/src/metrics/iou_metrics.py). */
  oneHotIoU(args: OneHotIoUMetricArguments): MetricFunction;
  /** Keras's OneHotMeanIoU (keras/src/metrics/iou_metrics.py). */
  oneHotMeanIoU(args: OneHotMeanIoUMetricArguments): MetricFunction;
  /** Keras's PearsonCorrelation (keras/src/metrics/correlation_metrics.py). */
  pearsonCorrelation(args?: PearsonCorrelationMetricArguments): MetricFunction;
  /** Keras's Poisson (keras/src/metrics/probabilistic_metrics.py). */
  poisson(args?: PoissonMetricArguments): MetricFunction;
  /** Keras's Precision (keras/src/metrics/confusion_metrics.py). */
  precision(args?: PrecisionMetricArguments): MetricFunction;
  /** Keras's PrecisionAtRecall (keras/src/metrics/confusion_metrics.py). */
  precisionAtRecall(args: PrecisionAtRecallMetricArguments): MetricFunction;
  /** Keras's R2Score (keras/src/metrics/regression_metrics.py). */
  r2Score(args?: R2ScoreMetricArguments): MetricFunction;
  /** Keras's Recall (keras/src/metrics/confusion_metrics.py). */
  recall(args?: RecallMetricArguments): MetricFunction;
  /** Keras's RecallAtPrecision (keras/src/metrics/confusion_metrics.py). */
  recallAtPrecision(args: RecallAtPrecisionMetricArguments): MetricFunction;
  /** Keras's RootMeanSquaredError (keras/src/metrics/regression_metrics.py). */
  rootMeanSquaredError(args?: RootMeanSquaredErrorMetricArguments): MetricFunction;
  /** Keras's SensitivityAtSpecificity (keras/src/metrics/confusion_metrics.py). */
  sensitivityAtSpecificity(args: SensitivityAtSpecificityMetricArguments): MetricFunction;
  /** Keras's SparseCategoricalAccuracy (keras/src/metrics/accuracy_metrics.py). */
  sparseCategoricalAccuracy(args?: SparseCategoricalAccuracyMetricArguments): MetricFunction;
  /** Keras's SparseCategoricalCrossentropy (keras/src/metrics/probabilistic_metrics.py). */
  sparseCategoricalCrossentropy(args?: SparseCategoricalCrossentropyMetricArguments): MetricFunction;
  /** Keras's SparseTopKCategoricalAccuracy (keras/src/metrics/accuracy_metrics.py). */
  sparseTopKCategoricalAccuracy(args?: SparseTopKCategoricalAccuracyMetricArguments): MetricFunction;
  /** Keras's SpecificityAtSensitivity (keras/src/metrics/confusion_metrics.py). */
  specificityAtSensitivity(args: SpecificityAtSensitivityMetricArguments): MetricFunction;
  /** Keras's SquaredHinge (keras/src/metrics/hinge_metrics.py). */
  squaredHinge(args?: SquaredHingeMetricArguments): MetricFunction;
  /** Keras's TopKCategoricalAccuracy (keras/src/metrics/accuracy_metrics.py). */
  topKCategoricalAccuracy(args?: TopKCategoricalAccuracyMetricArguments): MetricFunction;
  /** Keras's TrueNegatives (keras/src/metrics/confusion_metrics.py). */
  trueNegatives(args?: TrueNegativesMetricArguments): MetricFunction;
  /** Keras's TruePositives (keras/src/metrics/confusion_metrics.py). */
  truePositives(args?: TruePositivesMetricArguments): MetricFunction;
}

/** The class that each function makes. */
export const TRAINING_CLASSES = {
  optimizers: {
    adadelta: "Adadelta",
    adafactor: "Adafactor",
    adagrad: "Adagrad",
    adam: "Adam",
    adamW: "AdamW",
    adamax: "Adamax",
    ftrl: "Ftrl",
    lamb: "Lamb",
    lion: "Lion",
    muon: "Muon",
    nadam: "Nadam",
    rmsprop: "RMSprop",
    sgd: "SGD",
    scheduleFreeAdamW: "ScheduleFreeAdamW",
  },
  schedules: {
    cosineDecay: "CosineDecay",
    cosineDecayRestarts: "CosineDecayRestarts",
    exponentialDecay: "ExponentialDecay",
    inverseTimeDecay: "InverseTimeDecay",
    piecewiseConstantDecay: "PiecewiseConstantDecay",
    polynomialDecay: "PolynomialDecay",
  },
  losses: {
    binaryCrossentropy: "BinaryCrossentropy",
    binaryFocalCrossentropy: "BinaryFocalCrossentropy",
    ctc: "CTC",
    categoricalCrossentropy: "CategoricalCrossentropy",
    categoricalFocalCrossentropy: "CategoricalFocalCrossentropy",
    categoricalGeneralizedCrossEntropy: "CategoricalGeneralizedCrossEntropy",
    categoricalHinge: "CategoricalHinge",
    circle: "Circle",
    cosineSimilarity: "CosineSimilarity",
    dice: "Dice",
    hinge: "Hinge",
    huber: "Huber",
    klDivergence: "KLDivergence",
    logCosh: "LogCosh",
    meanAbsoluteError: "MeanAbsoluteError",
    meanAbsolutePercentageError: "MeanAbsolutePercentageError",
    meanSquaredError: "MeanSquaredError",
    meanSquaredLogarithmicError: "MeanSquaredLogarithmicError",
    poisson: "Poisson",
    sparseCategoricalCrossentropy: "SparseCategoricalCrossentropy",
    squaredHinge: "SquaredHinge",
    tversky: "Tversky",
  },
  metrics: {
    auc: "AUC",
    accuracy: "Accuracy",
    binaryAccuracy: "BinaryAccuracy",
    binaryCrossentropy: "BinaryCrossentropy",
    binaryIoU: "BinaryIoU",
    categoricalAccuracy: "CategoricalAccuracy",
    categoricalCrossentropy: "CategoricalCrossentropy",
    categoricalHinge: "CategoricalHinge",
    concordanceCorrelation: "ConcordanceCorrelation",
    cosineSimilarity: "CosineSimilarity",
    f1Score: "F1Score",
    fBetaScore: "FBetaScore",
    falseNegatives: "FalseNegatives",
    falsePositives: "FalsePositives",
    hinge: "Hinge",
    iou: "IoU",
    klDivergence: "KLDivergence",
    logCoshError: "LogCoshError",
    meanAbsoluteError: "MeanAbsoluteError",
    meanAbsolutePercentageError: "MeanAbsolutePercentageError",
    meanIoU: "MeanIoU",
    meanSquaredError: "MeanSquaredError",
    meanSquaredLogarithmicError: "MeanSquaredLogarithmicError",
    oneHotIoU: "OneHotIoU",
    oneHotMeanIoU: "OneHotMeanIoU",
    pearsonCorrelation: "PearsonCorrelation",
    poisson: "Poisson",
    precision: "Precision",
    precisionAtRecall: "PrecisionAtRecall",
    r2Score: "R2Score",
    recall: "Recall",
    recallAtPrecision: "RecallAtPrecision",
    rootMeanSquaredError: "RootMeanSquaredError",
    sensitivityAtSpecificity: "SensitivityAtSpecificity",
    sparseCategoricalAccuracy: "SparseCategoricalAccuracy",
    sparseCategoricalCrossentropy: "SparseCategoricalCrossentropy",
    sparseTopKCategoricalAccuracy: "SparseTopKCategoricalAccuracy",
    specificityAtSensitivity: "SpecificityAtSensitivity",
    squaredHinge: "SquaredHinge",
    topKCategoricalAccuracy: "TopKCategoricalAccuracy",
    trueNegatives: "TrueNegatives",
    truePositives: "TruePositives",
  },
} as const;

/** Keras's defaults, by kind, class and Keras's argument names; null is Keras's None. */
export const TRAINING_DEFAULTS: Readonly<
  Record<keyof typeof TRAINING_CLASSES, Readonly<Record<string, Readonly<Record<string, JsonValue>>>>>
> = {
  optimizers: {
    Adadelta: {
      learning_rate: 0.001,
      rho: 0.95,
      epsilon: 1e-7,
      weight_decay: null,
      clipnorm: null,
      clipvalue: null,
      global_clipnorm: null,
      use_ema: false,
      ema_momentum: 0.99,
      ema_overwrite_frequency: null,
      gradient_accumulation_steps: null,
    },
    Adafactor: {
      learning_rate: 0.001,
      beta_2_decay: -0.8,
      epsilon_1: 1e-30,
      epsilon_2: 0.001,
      clip_threshold: 1.0,
      relative_step: true,
      weight_decay: null,
      clipnorm: null,
      clipvalue: null,
      global_clipnorm: null,
      use_ema: false,
      ema_momentum: 0.99,
      ema_overwrite_frequency: null,
      gradient_accumulation_steps: null,
    },
    Adagrad: {
      learning_rate: 0.001,
      initial_accumulator_value: 0.1,
      epsilon: 1e-7,
      weight_decay: null,
      clipnorm: null,
      clipvalue: null,
      global_clipnorm: null,
      use_ema: false,
      ema_momentum: 0.99,
      ema_overwrite_frequency: null,
      gradient_accumulation_steps: null,
    },
    Adam: {
      learning_rate: 0.001,
      beta_1: 0.9,
      beta_2: 0.999,
      epsilon: 1e-7,
      amsgrad: false,
      weight_decay: null,
      clipnorm: null,
      clipvalue: null,
      global_clipnorm: null,
      use_ema: false,
      ema_momentum: 0.99,
      ema_overwrite_frequency: null,
      gradient_accumulation_steps: null,
    },
    AdamW: {
      learning_rate: 0.001,
      weight_decay: 0.004,
      beta_1: 0.9,
      beta_2: 0.999,
      epsilon: 1e-7,
      amsgrad: false,
      clipnorm: null,
      clipvalue: null,
      global_clipnorm: null,
      use_ema: false,
      ema_momentum: 0.99,
      ema_overwrite_frequency: null,
      gradient_accumulation_steps: null,
    },
    Adamax: {
      learning_rate: 0.001,
      beta_1: 0.9,
      beta_2: 0.999,
      epsilon: 1e-7,
      weight_decay: null,
      clipnorm: null,
      clipvalue: null,
      global_clipnorm: null,
      use_ema: false,
      ema_momentum: 0.99,
      ema_overwrite_frequency: null,
      gradient_accumulation_steps: null,
    },
    Ftrl: {
      learning_rate: 0.001,
      learning_rate_power: -0.5,
      initial_accumulator_value: 0.1,
      l1_regularization_strength: 0.0,
      l2_regularization_strength: 0.0,
      l2_shrinkage_regularization_strength: 0.0,
      beta: 0.0,
      weight_decay: null,
      clipnorm: null,
      clipvalue: null,
      global_clipnorm: null,
      use_ema: false,
      ema_momentum: 0.99,
      ema_overwrite_frequency: null,
      gradient_accumulation_steps: null,
    },
    Lamb: {
      learning_rate: 0.001,
      beta_1: 0.9,
      beta_2: 0.999,
      epsilon: 1e-7,
      weight_decay: null,
      clipnorm: null,
      clipvalue: null,
      global_clipnorm: null,
      use_ema: false,
      ema_momentum: 0.99,
      ema_overwrite_frequency: null,
      gradient_accumulation_steps: null,
    },
    Lion: {
      learning_rate: 0.001,
      beta_1: 0.9,
      beta_2: 0.99,
      weight_decay: null,
      clipnorm: null,
      clipvalue: null,
      global_clipnorm: null,
      use_ema: false,
      ema_momentum: 0.99,
      ema_overwrite_frequency: null,
      gradient_accumulation_steps: null,
    },
    Muon: {
      learning_rate: 0.001,
      adam_beta_1: 0.9,
      adam_beta_2: 0.999,
      adam_weight_decay: 0.004,
      epsilon: 1e-7,
      weight_decay: 0.004,
      clipnorm: null,
      clipvalue: null,
      global_clipnorm: null,
      use_ema: false,
      ema_momentum: 0.99,
      ema_overwrite_frequency: null,
      gradient_accumulation_steps: null,
      exclude_layers: null,
      exclude_embeddings: true,
      muon_a: 3.4445,
      muon_b: -4.775,
      muon_c: 2.0315,
      adam_lr_ratio: 1,
      momentum: 0.95,
      ns_steps: 5,
      nesterov: true,
      rms_rate: 0.2,
    },
    Nadam: {
      learning_rate: 0.001,
      beta_1: 0.9,
      beta_2: 0.999,
      epsilon: 1e-7,
      weight_decay: null,
      clipnorm: null,
      clipvalue: null,
      global_clipnorm: null,
      use_ema: false,
      ema_momentum: 0.99,
      ema_overwrite_frequency: null,
      gradient_accumulation_steps: null,
    },
    RMSprop: {
      learning_rate: 0.001,
      rho: 0.9,
      momentum: 0.0,
      epsilon: 1e-7,
      centered: false,
      weight_decay: null,
      clipnorm: null,
      clipvalue: null,
      global_clipnorm: null,
      use_ema: false,
      ema_momentum: 0.99,
      ema_overwrite_frequency: null,
      gradient_accumulation_steps: null,
    },
    SGD: {
      learning_rate: 0.01,
      momentum: 0.0,
      nesterov: false,
      weight_decay: null,
      clipnorm: null,
      clipvalue: null,
      global_clipnorm: null,
      use_ema: false,
      ema_momentum: 0.99,
      ema_overwrite_frequency: null,
      gradient_accumulation_steps: null,
    },
    ScheduleFreeAdamW: {
      learning_rate: 0.0025,
      beta_1: 0.9,
      beta_2: 0.999,
      epsilon: 1e-8,
      warmup_steps: 0,
      weight_decay: null,
      clipnorm: null,
      clipvalue: null,
      global_clipnorm: null,
      use_ema: false,
      ema_momentum: 0.99,
      ema_overwrite_frequency: null,
      gradient_accumulation_steps: null,
    },
  },
  schedules: {
    CosineDecay: { alpha: 0.0, warmup_target: null, warmup_steps: 0 },
    CosineDecayRestarts: { t_mul: 2.0, m_mul: 1.0, alpha: 0.0 },
    ExponentialDecay: { staircase: false },
    InverseTimeDecay: { staircase: false },
    PiecewiseConstantDecay: {},
    PolynomialDecay: { end_learning_rate: 0.0001, power: 1.0, cycle: false },
  },
  losses: {
    BinaryCrossentropy: {
      from_logits: false,
      label_smoothing: 0.0,
      axis: -1,
      reduction: "sum_over_batch_size",
    },
    BinaryFocalCrossentropy: {
      apply_class_balancing: false,
      alpha: 0.25,
      gamma: 2.0,
      from_logits: false,
      label_smoothing: 0.0,
      axis: -1,
      reduction: "sum_over_batch_size",
    },
    CTC: { reduction: "sum_over_batch_size" },
    CategoricalCrossentropy: {
      from_logits: false,
      label_smoothing: 0.0,
      axis: -1,
      reduction: "sum_over_batch_size",
    },
    CategoricalFocalCrossentropy: {
      alpha: 0.25,
      gamma: 2.0,
      from_logits: false,
      label_smoothing: 0.0,
      axis: -1,
      reduction: "sum_over_batch_size",
    },
    CategoricalGeneralizedCrossEntropy: { q: 0.5, reduction: "sum_over_batch_size" },
    CategoricalHinge: { reduction: "sum_over_batch_size" },
    Circle: { gamma: 80.0, margin: 0.4, remove_diagonal: true, reduction: "sum_over_batch_size" },
    CosineSimilarity: { axis: -1, reduction: "sum_over_batch_size" },
    Dice: { reduction: "sum_over_batch_size", axis: null },
    Hinge: { reduction: "sum_over_batch_size" },
    Huber: { delta: 1.0, reduction: "sum_over_batch_size" },
    KLDivergence: { reduction: "sum_over_batch_size" },
    LogCosh: { reduction: "sum_over_batch_size" },
    MeanAbsoluteError: { reduction: "sum_over_batch_size" },
    MeanAbsolutePercentageError: { reduction: "sum_over_batch_size" },
    MeanSquaredError: { reduction: "sum_over_batch_size" },
    MeanSquaredLogarithmicError: { reduction: "sum_over_batch_size" },
    Poisson: { reduction: "sum_over_batch_size" },
    SparseCategoricalCrossentropy: {
      from_logits: false,
      ignore_class: null,
      reduction: "sum_over_batch_size",
      axis: -1,
    },
    SquaredHinge: { reduction: "sum_over_batch_size" },
    Tversky: { alpha: 0.5, beta: 0.5, reduction: "sum_over_batch_size", axis: null },
  },
  metrics: {
    AUC: {
      num_thresholds: 200,
      curve: "ROC",
      summation_method: "interpolation",
      name: null,
      thresholds: null,
      multi_label: false,
      num_labels: null,
      label_weights: null,
      from_logits: false,
    },
    Accuracy: { name: "accuracy" },
    BinaryAccuracy: { name: "binary_accuracy", threshold: 0.5 },
    BinaryCrossentropy: { name: "binary_crossentropy", from_logits: false, label_smoothing: 0 },
    BinaryIoU: { target_class_ids: [0, 1], threshold: 0.5, name: null },
    CategoricalAccuracy: { name: "categorical_accuracy" },
    CategoricalCrossentropy: {
      name: "categorical_crossentropy",
      from_logits: false,
      label_smoothing: 0,
      axis: -1,
    },
    CategoricalHinge: { name: "categorical_hinge" },
    ConcordanceCorrelation: { name: "concordance_correlation", axis: -1 },
    CosineSimilarity: { name: "cosine_similarity", axis: -1 },
    F1Score: { average: null, threshold: null, name: "f1_score" },
    FBetaScore: { average: null, beta: 1.0, threshold: null, name: "fbeta_score" },
    FalseNegatives: { thresholds: null, name: null },
    FalsePositives: { thresholds: null, name: null },
    Hinge: { name: "hinge" },
    IoU: { name: null, ignore_class: null, sparse_y_true: true, sparse_y_pred: true, axis: -1 },
    KLDivergence: { name: "kl_divergence" },
    LogCoshError: { name: "logcosh" },
    MeanAbsoluteError: { name: "mean_absolute_error" },
    MeanAbsolutePercentageError: { name: "mean_absolute_percentage_error" },
    MeanIoU: { name: null, ignore_class: null, sparse_y_true: true, sparse_y_pred: true, axis: -1 },
    MeanSquaredError: { name: "mean_squared_error" },
    MeanSquaredLogarithmicError: { name: "mean_squared_logarithmic_error" },
    OneHotIoU: { name: null, ignore_class: null, sparse_y_pred: false, axis: -1 },
    OneHotMeanIoU: { name: null, ignore_class: null, sparse_y_pred: false, axis: -1 },
    PearsonCorrelation: { name: "pearson_correlation", axis: -1 },
    Poisson: { name: "poisson" },
    Precision: { thresholds: null, top_k: null, class_id: null, name: null },
    PrecisionAtRecall: { num_thresholds: 200, class_id: null, name: null },
    R2Score: { class_aggregation: "uniform_average", num_regressors: 0, name: "r2_score" },
    Recall: { thresholds: null, top_k: null, class_id: null, name: null },
    RecallAtPrecision: { num_thresholds: 200, class_id: null, name: null },
    RootMeanSquaredError: { name: "root_mean_squared_error" },
    SensitivityAtSpecificity: { num_thresholds: 200, class_id: null, name: null },
    SparseCategoricalAccuracy: { name: "sparse_categorical_accuracy" },
    SparseCategoricalCrossentropy: {
      name: "sparse_categorical_crossentropy",
      from_logits: false,
      ignore_class: null,
      axis: -1,
    },
    SparseTopKCategoricalAccuracy: {
      k: 5,
      name: "sparse_top_k_categorical_accuracy",
      from_sorted_ids: false,
    },
    SpecificityAtSensitivity: { num_thresholds: 200, class_id: null, name: null },
    SquaredHinge: { name: "squared_hinge" },
    TopKCategoricalAccuracy: { k: 5, name: "top_k_categorical_accuracy" },
    TrueNegatives: { thresholds: null, name: null },
    TruePositives: { thresholds: null, name: null },
  },
};

/** Arguments that have no default, by class. */
export const TRAINING_REQUIRED: Readonly<Record<string, readonly string[]>> = {
  CosineDecay: ["initial_learning_rate", "decay_steps"],
  CosineDecayRestarts: ["initial_learning_rate", "first_decay_steps"],
  ExponentialDecay: ["initial_learning_rate", "decay_steps", "decay_rate"],
  InverseTimeDecay: ["initial_learning_rate", "decay_steps", "decay_rate"],
  PiecewiseConstantDecay: ["boundaries", "values"],
  PolynomialDecay: ["initial_learning_rate", "decay_steps"],
  IoU: ["num_classes", "target_class_ids"],
  MeanIoU: ["num_classes"],
  OneHotIoU: ["num_classes", "target_class_ids"],
  OneHotMeanIoU: ["num_classes"],
  PrecisionAtRecall: ["recall"],
  RecallAtPrecision: ["precision"],
  SensitivityAtSpecificity: ["specificity"],
  SpecificityAtSensitivity: ["sensitivity"],
};
