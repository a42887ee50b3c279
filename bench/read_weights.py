"""Reads all weights of a model and keeps them: python bench/read_weights.py PEER PATH; prints seconds and memory."""

import json
import os
import resource
import sys
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"


def h5py_arrays(path):
    import h5py

    def read():
        kept = []
        with h5py.File(path) as f:
            f.visititems(lambda _, item: kept.append(item[()]) if isinstance(item, h5py.Dataset) else None)
        return kept

    return read


def numpy_arrays(path):
    import numpy as np

    def read():
        with np.load(path) as arrays:
            return [arrays[name] for name in arrays.files]

    return read


def tensorflow_tensors(path):
    import tensorflow as tf

    prefix = f"{path}/variables/variables" if os.path.isdir(path) else path

    def read():
        reader = tf.train.load_checkpoint(prefix)
        return [reader.get_tensor(name) for name in reader.get_variable_to_shape_map()]

    return read


def keras_model(path):
    import keras
    import tensorflow as tf  # noqa: F401, its start is not what is measured

    keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    return lambda: keras.saving.load_model(path, compile=False)


def memory():
    with open("/proc/self/statm") as f:
        return int(f.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


peers = {"h5py": h5py_arrays, "numpy": numpy_arrays, "tensorflow": tensorflow_tensors, "keras": keras_model}
read = peers[sys.argv[1]](sys.argv[2])
before = memory()
start = time.perf_counter()
kept = read()
seconds = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print(json.dumps({"seconds": seconds, "memory": peak - before}))
