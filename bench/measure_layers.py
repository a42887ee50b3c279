"""Times layers of Keras: reads a JSON list of {name, layer, arguments, shapes} and prints {name: milliseconds}."""

import json
import os
import statistics
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras  # noqa: E402
import numpy as np  # noqa: E402


def milliseconds(run, seconds):
    run()
    times, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < 3:
        start = time.perf_counter()
        run()
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


cases, seconds = json.loads(sys.argv[1]), float(sys.argv[2])
result = {"keras": keras.__version__}
for case in cases:
    layer = getattr(keras.layers, case["layer"])(**case["arguments"])
    inputs = [keras.Input(shape[1:], batch_size=shape[0]) for shape in case["shapes"]]
    model = keras.Model(inputs if len(inputs) > 1 else inputs[0], layer(*inputs))
    data = [np.random.default_rng(0).normal(size=shape).astype("float32") for shape in case["shapes"]]
    # Compiled, as model.predict runs it, without predict's own cost of a few milliseconds.
    call = keras.src.backend.tensorflow.trainer.tf.function(lambda *x, m=model: m(x if len(x) > 1 else x[0], training=False))
    result[case["name"]] = milliseconds(lambda: call(*data).numpy(), seconds)
print(json.dumps(result))
