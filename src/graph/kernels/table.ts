import type { Kernel, KernelTable } from "../kernel.js";
import { arithmetic } from "./arithmetic.js";
import { array } from "./array.js";
import { choices } from "./choose.js";
import { fills } from "./fill.js";
import { slices } from "./slice.js";
import { shape } from "./shape.js";
import { passOn } from "./pass-on.js";
import { audio } from "./audio.js";
import { boxes } from "./boxes.js";
import { controlFlow } from "./control-flow.js";
import { convolution } from "./convolution.js";
import { decompositions } from "./decomposition.js";
import { diagonal } from "./diagonal.js";
import { counting } from "./counting.js";
import { fractionalPool } from "./fractional-pool.js";
import { gradient } from "./gradient.js";
import { drawBoxes } from "./draw-boxes.js";
import { featureCross } from "./feature-cross.js";
import { image } from "./image.js";
import { isotonic } from "./isotonic.js";
import { lookup } from "./lookup.js";
import { matrix } from "./matrix.js";
import { layerGradients } from "./layer-gradient.js";
import { optionals } from "./optional.js";
import { optimizer } from "./optimizer.js";
import { parsing } from "./parsing.js";
import { picture } from "./picture.js";
import { quantization } from "./quantization.js";
import { random } from "./random.js";
import { randomVariates } from "./random-variates.js";
import { recurrent } from "./recurrent.js";
import { reduction } from "./reduction.js";
import { scatter } from "./scatter.js";
import { sequence } from "./sequence.js";
import { sequenceExamples } from "./sequence-examples.js";
import { signal } from "./signal.js";
import { sparse } from "./sparse.js";
import { sparseMath } from "./sparse-math.js";
import { special } from "./special.js";
import { strings } from "./strings.js";
import { textRecords } from "./text-records.js";
import { tensorLists } from "./tensor-list.js";
import { volumePatches } from "./volume-patches.js";
import { variants } from "./variants.js";
import { variables } from "./variables.js";

const FAMILIES: readonly KernelTable[] = [
  arithmetic,
  array,
  choices,
  fills,
  slices,
  shape,
  passOn,
  audio,
  boxes,
  controlFlow,
  convolution,
  counting,
  decompositions,
  diagonal,
  drawBoxes,
  featureCross,
  fractionalPool,
  gradient,
  image,
  isotonic,
  lookup,
  matrix,
  layerGradients,
  optimizer,
  parsing,
  picture,
  quantization,
  random,
  randomVariates,
  recurrent,
  reduction,
  scatter,
  optionals,
  sequence,
  sequenceExamples,
  signal,
  sparse,
  sparseMath,
  special,
  strings,
  tensorLists,
  textRecords,
  variables,
  variants,
  volumePatches,
];

/** Every op that is known, by TensorFlow's name. A Map: the names that are looked up come from files. */
export const KERNELS: ReadonlyMap<string, Kernel> = new Map(
  FAMILIES.flatMap((family) => Object.entries(family)),
);

/**
 * Ops that reach outside the graph: files, other processes, Python, the terminal. A file that is opened must not do
 * any of it, so a graph that needs one is refused.
 */
const REFUSED =
  /^(ReadFile|WriteFile|MatchingFiles|PyFunc|PyFuncStateless|EagerPyFunc|Save|SaveV2|SaveSlices|Restore|RestoreV2|RestoreSlice|MergeV2Checkpoints|ShardedFilename|.*Reader(V2)?|ReaderRead.*|.*Dataset(V\d)?|.*Iterator.*|DebugIdentity.*|DebugNanCount.*|Debug.*Summary.*|WriteSummary|.*SummaryWriter|.*SummaryDb.*|Write.*Summary|RpcCall|RemoteCall|Recv|Send|_Recv|_Send|TFRecord.*|LoadLibrary|XlaLaunch|TPU.*|GcsConfigure.*|GenerateVocabRemapping|LoadAndRemapMatrix|InitializeTableFromDataset|DecodeProto.*|EncodeProto|CustomOp|PartitionedCallRemote)$/;

export function isRefused(op: string): boolean {
  return REFUSED.test(op);
}

/** What a refused op does, and what to do about it. */
export function refusal(op: string): { readonly does: string; readonly advice: string } {
  if (/PyFunc/.test(op)) {
    return {
      does: "calls Python code, which is not in the file",
      advice: "Save the model without tf.py_function and tf.numpy_function.",
    };
  }
  if (/Dataset|Iterator/.test(op)) {
    return {
      does: "is part of a tf.data pipeline inside the graph",
      advice: "Save a function that takes tensors, and feed it what the pipeline gives.",
    };
  }
  return {
    does: "reads or writes outside the model",
    advice: "A model file is data here: it is not run. Export the model without this op.",
  };
}
