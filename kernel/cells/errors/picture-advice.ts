/** What to do where a browser's function was given a picture; empty for other errors. */
export function pictureAdvice(message: string): string {
  return message.startsWith("pixels passed to tf.browser.fromPixels()")
    ? 'Pictures in files: import * as tf from "@tensorflow/tfjs-node", then tf.node.decodeImage(fs.readFileSync(FILE)).'
    : "";
}
