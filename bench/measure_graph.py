"""Keras's part of bench/graph.mjs: measure_graph.py FILE.keras PREDICTIONS prints {load, predict} in ms."""

import json
import os
import statistics
import sys
import time

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np

file, count = sys.argv[1], int(sys.argv[2])
start = time.perf_counter()
model = keras.saving.load_model(file, compile=False)
load = time.perf_counter() - start
shape = [1, *model.inputs[0].shape[1:]]
x = np.ones(shape, model.inputs[0].dtype)
model.predict(x, verbose=0)
times = []
for _ in range(count):
    start = time.perf_counter()
    model.predict(x, verbose=0)
    times.append(time.perf_counter() - start)
print(json.dumps({"load": 1000 * load, "predict": 1000 * statistics.median(times)}))
