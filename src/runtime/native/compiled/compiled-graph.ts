import { mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withChange } from "../../../with-change.js";
import { quietly, type TensorFlowBinding, type TensorMetadata } from "../load-binding.js";
import { TAG, type WrittenGraph } from "./write-graph.js";

const IN_MEMORY = "/dev/shm";

/** A graph that TensorFlow holds ready to run. */
export class CompiledGraph {
  private readonly session: number;
  private readonly inputs: string;
  private readonly outputs: string;
  private readonly checks: number;

  /** What is given at each call, behind the inputs. */
  private readonly fed: readonly number[];

  /**
   * @param given the binding's numbers of the tensors that are given, in the order of the written graph's; kept alive by
   *   the caller
   * @throws Error with what TensorFlow says of a graph that it does not take.
   */
  constructor(
    private readonly binding: TensorFlowBinding,
    { file, inputNames, outputNames, checkNames, once }: WrittenGraph,
    given: readonly number[],
  ) {
    this.session = withFolder(placeFor(file.length), (folder) => {
      writeFileSync(join(folder, "saved_model.pb"), file, { mode: 0o600 });
      return quietly(() => binding.loadSavedModel(folder, TAG));
    });
    const places = (names: readonly string[]) => names.map((name) => `${name}:0`).join(",");
    this.inputs = places(inputNames);
    this.outputs = places([...outputNames, ...checkNames]);
    this.checks = checkNames.length;
    this.fed = once ? [] : given;
    if (!once) return;
    const [done] = binding.runSavedModel(
      this.session,
      [...given],
      places(once.inputNames),
      places([once.outputName]),
    );
    binding.deleteTensor(done!.id);
  }

  /**
   * @param inputs the binding's numbers of the tensors
   * @throws RangeError where an index lay outside of a tensor
   */
  run(inputs: readonly number[]): TensorMetadata[] {
    const { binding } = this;
    const results = binding.runSavedModel(this.session, [...inputs, ...this.fed], this.inputs, this.outputs);
    const checks = results.splice(results.length - this.checks);
    const outside = checks.filter(({ id }) => (binding.tensorDataSync(id) as Uint8Array)[0] !== 0).length > 0;
    for (const { id } of outside ? [...results, ...checks] : checks) binding.deleteTensor(id);
    if (outside) throw new RangeError("An index lies outside of the tensor that it is for.");
    return results;
  }

  dispose(): void {
    this.binding.deleteSavedModel(this.session);
  }
}

/** Runs with a folder that is gone afterwards. */
function withFolder<T>(place: string, run: (folder: string) => T): T {
  let folder = "";
  const change = () => {
    folder = mkdtempSync(join(place, "loadlab-graph-"));
    return () => rmSync(folder, { recursive: true, force: true });
  };
  return withChange(change, () => run(folder));
}

/** Memory where it has room for the file twice, else the disk. */
function placeFor(size: number): string {
  try {
    const { bavail, bsize } = statfsSync(IN_MEMORY);
    if (bavail * bsize > 2 * size) return IN_MEMORY;
  } catch {
    // Only Linux has it.
  }
  return tmpdir();
}
