import assert from "node:assert/strict";
import { FormatError, type FormatFinding, type ModelFile } from "../../../src/formats/model-file.js";
import { openModelBytes } from "../../../src/formats/open.js";
import { readSeeds, type Seed } from "./fuzz/seeds.js";

/** Places at which each file is cut, spread over it. */
const CUTS = 24;

interface Answer {
  readonly findings: readonly FormatFinding[];
  readonly whole: number;
  readonly lost: number;
  readonly config: boolean;
}

async function open(files: Seed): Promise<ModelFile> {
  const [[name, only]] = [...files] as [[string, Uint8Array]];
  return openModelBytes(files.size === 1 ? only : files, name);
}

/** What came of a file; a tensor that says it is whole must be readable, and one that is not must say why. */
async function answer(files: Seed): Promise<Answer> {
  let model: ModelFile;
  try {
    model = await open(files);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return { findings: [error.finding], whole: 0, lost: 0, config: false };
  }
  let [whole, lost] = [0, 0];
  for (const weight of [...model.layers.flatMap(({ weights }) => weights), ...model.optimizerWeights]) {
    try {
      await weight.read();
      assert.ok(weight.whole, `${weight.path} was read and is not whole`);
      whole++;
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      lost++;
    }
  }
  model.close();
  return { findings: model.findings, whole, lost, config: model.config !== null };
}

/** Codes that say that something is missing or cannot be read. */
const LOSS = /^(F0[123678]|F1[2456]|F18|W05)$/;

describe("formats: files cut at any byte", function () {
  this.timeout(120_000);

  for (const files of readSeeds()) {
    for (const [name, bytes] of files) {
      const label = files.size === 1 ? name : `${name} of ${files.size} files`;
      it(`${label} (${bytes.length} bytes)`, async () => {
        const sound = await answer(files);
        for (let i = 0; i < CUTS; i++) {
          const at = Math.floor((bytes.length * i) / CUTS);
          const cut = await answer(new Map([...files, [name, bytes.subarray(0, at)]]));
          const less = cut.whole < sound.whole || (sound.config && !cut.config);
          const said = cut.findings.filter(({ code }) => LOSS.test(code));
          assert.ok(
            !less || said.length > 0,
            `cut at ${at}: ${sound.whole - cut.whole} tensors less, unsaid`,
          );
          for (const { title, detail, advice } of cut.findings) {
            assert.ok(title !== "" && detail !== "" && advice !== "", `cut at ${at}: ${title}`);
            assert.doesNotMatch(detail, /\n\s+at |undefined|NaN|\[object/);
          }
        }
      });
    }
  }
});
