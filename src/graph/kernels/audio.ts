import * as tf from "@tensorflow/tfjs";
import type { KernelTable, OpCall } from "../kernel.js";
import { StringTensor } from "../value.js";

/** Sound files, spectrograms and cepstra (tensorflow/core/kernels/{decode_wav,spectrogram,mfcc}*.cc). */
export const audio: KernelTable = {
  DecodeWav: { run: decodeWav, outputs: ["audio", "sample_rate"] },
  EncodeWav: { host: [0, 1], run: encodeWav },
  AudioSpectrogram: { host: [0], run: spectrogram },
  Mfcc: { host: [0, 1], run: mfcc },
};

/** PCM of 16 bits as numbers from -1 to 1: [samples, channels], and the rate. */
function decodeWav(call: OpCall): tf.Tensor[] {
  const bytes = call.strings(0).values[0] ?? new Uint8Array(0);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tag = (at: number): string => Buffer.from(bytes.subarray(at, at + 4)).toString("latin1");
  if (bytes.length < 12 || tag(0) !== "RIFF" || tag(8) !== "WAVE")
    throw call.error("G11", "its string is no WAV file");
  let [channels, rate, bits] = [0, 0, 0];
  for (let at = 12; at + 8 <= bytes.length;) {
    const size = Math.min(view.getUint32(at + 4, true), bytes.length - at - 8);
    if (tag(at) === "fmt " && size >= 16) {
      channels = view.getUint16(at + 10, true);
      rate = view.getUint32(at + 12, true);
      bits = view.getUint16(at + 22, true);
    }
    if (tag(at) === "data") {
      if (bits !== 16 || channels === 0)
        throw call.error("G11", `its WAV file has ${bits} bits, 16 are read`);
      return [samples(call, view, at + 8, size, channels), tf.scalar(rate, "int32")];
    }
    at += 8 + size + (size % 2);
  }
  throw call.error("G11", "its WAV file holds no data");
}

/** PCM of 16 bits (tensorflow/core/lib/wav/wav_io.cc). */
function encodeWav(call: OpCall): StringTensor {
  const [count = 0, channels = 1] = call.shapeOf(0);
  const rate = call.number(1);
  const wav = Buffer.alloc(44 + 2 * count * channels);
  wav.write("RIFF", 0, "latin1");
  wav.writeUInt32LE(wav.length - 8, 4);
  wav.write("WAVEfmt ", 8, "latin1");
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(channels, 22);
  wav.writeUInt32LE(rate, 24);
  wav.writeUInt32LE(rate * channels * 2, 28);
  wav.writeUInt16LE(channels * 2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write("data", 36, "latin1");
  wav.writeUInt32LE(2 * count * channels, 40);
  call.numbers(0).forEach((value, i) => {
    // Halves away from zero.
    const whole = Math.sign(value) * Math.round(Math.abs(value) * 2 ** 15);
    wav.writeInt16LE(Math.min(Math.max(whole, -(2 ** 15)), 2 ** 15 - 1), 44 + 2 * i);
  });
  return new StringTensor([], [wav]);
}

function samples(call: OpCall, view: DataView, start: number, size: number, channels: number): tf.Tensor {
  const { attributes } = call;
  const stored = Math.floor(size / 2 / channels);
  const [wantedChannels, wantedLength] = [
    attributes.int("desired_channels", -1),
    attributes.int("desired_samples", -1),
  ];
  const length = wantedLength < 0 ? stored : call.checkedShape([wantedLength])[0]!;
  const width = wantedChannels < 0 ? channels : wantedChannels;
  const values = new Float32Array(length * width);
  for (let t = 0; t < Math.min(length, stored); t++)
    for (let c = 0; c < width; c++) {
      const channel = Math.min(c, channels - 1);
      values[t * width + c] = view.getInt16(start + 2 * (t * channels + channel), true) / 32768;
    }
  return tf.tensor2d(values, [length, width]);
}

/** [samples, channels] to [channels, windows, frequencies]: magnitudes of a Hann window's transform. */
function spectrogram(call: OpCall): tf.Tensor {
  const [length, channels] = call.shapeOf(0) as [number, number];
  const { attributes } = call;
  const [window, stride] = [attributes.int("window_size"), attributes.int("stride")];
  const size = 2 ** Math.ceil(Math.log2(window));
  const bins = size / 2 + 1;
  const windows = length < window ? 0 : Math.floor((length - window) / stride) + 1;
  call.checkedShape([channels, windows, bins]);
  const input = call.numbers(0);
  const out: number[] = [];
  for (let c = 0; c < channels; c++)
    for (let w = 0; w < windows; w++) {
      const frame = Float64Array.from({ length: window }, (_, i) => {
        const hann = 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / window);
        return hann * input[(w * stride + i) * channels + c]!;
      });
      for (let k = 0; k < bins; k++) {
        const power = powerAt(frame, k, size);
        out.push(attributes.bool("magnitude_squared") ? power : Math.sqrt(power));
      }
    }
  return tf.tensor3d(out, [channels, windows, bins]);
}

function powerAt(frame: Float64Array, k: number, size: number): number {
  let [real, imaginary] = [0, 0];
  for (let i = 0; i < frame.length; i++) {
    const angle = (2 * Math.PI * ((k * i) % size)) / size;
    real += frame[i]! * Math.cos(angle);
    imaginary += frame[i]! * Math.sin(angle);
  }
  return real * real + imaginary * imaginary;
}

function mel(frequency: number): number {
  return 1127 * Math.log1p(frequency / 700);
}

/** Squared spectra to the cosine transform of the logarithms of mel bands. */
function mfcc(call: OpCall): tf.Tensor {
  const { attributes } = call;
  const shape = call.shapeOf(0);
  const bins = shape.at(-1)!;
  const bands = attributes.int("filterbank_channel_count", 40);
  const count = attributes.int("dct_coefficient_count", 13);
  const low = attributes.float("lower_frequency_limit", 20);
  const high = attributes.float("upper_frequency_limit", 4000);
  const filter = melBands(bins, call.number(1), bands, low, high);
  const input = call.numbers(0);
  const out: number[] = [];
  for (let at = 0; at < input.length; at += bins) {
    const energies = filter(input.slice(at, at + bins)).map((value) => Math.log(Math.max(value, 1e-12)));
    for (let i = 0; i < count; i++) {
      const sum = energies.reduce(
        (total, e, j) => total + e * Math.cos(((i * Math.PI) / bands) * (j + 0.5)),
        0,
      );
      out.push(sum * Math.sqrt(2 / bands));
    }
  }
  return tf.tensor(out, [...shape.slice(0, -1), count], "float32");
}

/** Triangles that overlap by half, evenly spaced in mel (mfcc_mel_filterbank.cc). */
function melBands(
  bins: number,
  rate: number,
  bands: number,
  low: number,
  high: number,
): (s: number[]) => number[] {
  const spacing = (mel(high) - mel(low)) / (bands + 1);
  const center = (channel: number): number => mel(low) + spacing * (channel + 1);
  const step = (0.5 * rate) / (bins - 1);
  const [first, last] = [Math.floor(1.5 + low / step), Math.min(bins - 1, Math.floor(high / step))];
  return (spectrum) => {
    const out = new Array<number>(bands).fill(0);
    let next = 0;
    for (let i = first; i <= last; i++) {
      const place = mel(i * step);
      while (next < bands && center(next) < place) next++;
      const magnitude = Math.sqrt(spectrum[i]!);
      const falling = (magnitude * (center(next) - place)) / (center(next) - center(next - 1));
      if (next > 0) out[next - 1]! += falling;
      if (next < bands) out[next]! += magnitude - falling;
    }
    return out;
  };
}
