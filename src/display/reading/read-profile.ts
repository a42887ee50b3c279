import type { Frame, KernelRow, LayerRow, Profile } from "../../runtime/profile/profile.js";
import { fields, list, NotThis, number, oneOf, type Reader, text } from "./read-json.js";

/** A reader of what `%%profile` shows, for front ends that find it in a notebook. */

const kernel = fields<KernelRow>({ name: text, calls: number, milliseconds: number, bytes: number });

const layer = fields<LayerRow>({
  name: text,
  calls: number,
  milliseconds: number,
  bytes: number,
  detail: text,
  kernels: list(kernel),
});

const frame: Reader<Frame> = (value) => readFrame(value);

const readFrame = fields<Frame>({
  name: text,
  kind: oneOf("model", "layer", "kernel"),
  detail: text,
  start: number,
  duration: number,
  bytes: number,
  children: list(frame),
});

const version: Reader<1> = (value) => {
  if (value !== 1) throw new NotThis("a profile of version 1 was expected");
  return 1;
};

export const readProfile = fields<Profile>({
  version,
  backend: text,
  device: text,
  wall: number,
  peakBytes: number,
  frames: list(frame),
  leftOut: number,
  layers: list(layer),
  kernels: list(kernel),
});
