import * as tf from "@tensorflow/tfjs";

let checked = false;

/**
 * Weight files that `tf.loadLayersModel` and `tf.loadGraphModel` fetch: TensorFlow.js takes whatever the server answers
 * for weights, also the page that says that there is no such file (tfjs-core/src/io/weights_loader.ts).
 */
export function checkWeightsByAddress(): void {
  if (checked) return;
  checked = true;
  const { platform } = tf.env();
  const fetchAny = platform.fetch.bind(platform);
  platform.fetch = async (address, init, details) => {
    const response = await fetchAny(address, init);
    return details?.isBinary ? wholeWeights(address, response) : response;
  };
}

/** @throws Error that names the weight file and what the server answered */
async function wholeWeights(address: string, response: Response): Promise<Response> {
  const refusal = response.ok
    ? /^text\/html\b/.test(response.headers.get("content-type") ?? "") && "a web page (HTML)"
    : `${response.status} ${response.statusText}`.trim();
  if (refusal !== false)
    throw new Error(
      `For the weights ${address}, which model.json names, the server answers ${refusal}. ` +
        "The file has to lie beside model.json there, under that name.",
    );
  try {
    const { status, headers } = response;
    return new Response(await response.arrayBuffer(), { status, headers });
  } catch (error) {
    const message = `The weights ${address} did not arrive whole: ${(error as Error).message}. Load the model again.`;
    throw new Error(message, { cause: error });
  }
}
