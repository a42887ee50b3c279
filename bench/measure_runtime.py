"""Keras's part of bench/runtime.mjs: measure_runtime.py FILE.keras BATCHES SECONDS TRAIN

Prints {device, load, batches: {N: {first, predict, predict_on_batch}}, train}: milliseconds; p50 where repeated.
"""

import json
import os
import statistics
import sys
import time

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf

file, batches, seconds, train = sys.argv[1], sys.argv[2].split(","), float(sys.argv[3]), int(sys.argv[4])


def median(run):
    """The median of as many runs as fit into the time, three at least."""
    times = []
    began = time.perf_counter()
    while len(times) < 3 or time.perf_counter() - began < seconds:
        start = time.perf_counter()
        run()
        times.append(1000 * (time.perf_counter() - start))
        if time.perf_counter() - began > 4 * seconds:
            break
    return statistics.median(times)


def once(run):
    start = time.perf_counter()
    run()
    return 1000 * (time.perf_counter() - start)


start = time.perf_counter()
model = keras.saving.load_model(file)
result = {"load": 1000 * (time.perf_counter() - start), "batches": {}}
shape, dtype = model.inputs[0].shape[1:], model.inputs[0].dtype
rng = np.random.default_rng(1)


def inputs(batch):
    if "int" in dtype:
        return rng.integers(0, 9000, (batch, *shape), dtype=np.int32)
    return rng.random((batch, *shape), dtype=np.float32)


for batch in batches:
    x = inputs(int(batch))
    result["batches"][batch] = {
        "first": once(lambda: model.predict(x, verbose=0, batch_size=int(batch))),
        "predict": median(lambda: model.predict(x, verbose=0, batch_size=int(batch))),
    }
    model.predict_on_batch(x)
    result["batches"][batch]["predict_on_batch"] = median(lambda: model.predict_on_batch(x))
if train:
    x = inputs(train)
    y = np.eye(model.outputs[0].shape[-1], dtype=np.float32)[np.zeros(train, int)]
    model.train_on_batch(x, y)
    result["train"] = median(lambda: model.train_on_batch(x, y))
gpus = tf.config.list_physical_devices("GPU")
if gpus:
    name = tf.config.experimental.get_device_details(gpus[0]).get("device_name", "GPU")
    result["device"] = f"TensorFlow {tf.__version__} on {name}"
print(json.dumps(result))
