"""One model of a given size in one format, for bench/files.mjs: python bench/write_models.py FORMAT MEGABYTES FOLDER"""

import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np

SHARD = 4 * 2**20


def model(megabytes):
    """Dense layers of 16 MiB each, as most of a large model is."""
    import keras

    layers = max(1, round(megabytes / 16.8))
    dense = [keras.layers.Dense(2048, name=f"dense_{i}") for i in range(layers)]
    made = keras.Sequential([keras.Input((2048,)), *dense])
    numbers = np.random.default_rng(0)
    for layer in dense:
        layer.set_weights([numbers.random(w.shape, dtype="f4") for w in layer.get_weights()])
    return made


def save(made, form, folder):
    if form in ("h5", "keras"):
        made.save(f"{folder}/model.{form}")
        return f"{folder}/model.{form}"
    if form == "weights.h5":
        made.save_weights(f"{folder}/model.weights.h5")
        return f"{folder}/model.weights.h5"
    if form == "saved-model":
        made.export(f"{folder}/model", verbose=False)
        return f"{folder}/model"
    if form == "checkpoint":
        import tensorflow as tf

        return tf.train.Checkpoint(model=made).write(f"{folder}/model")
    arrays = {w.path.replace("/", "."): np.asarray(w) for w in made.weights}
    return {"npz": npz, "safetensors": safetensors, "tfjs": tfjs}[form](arrays, folder)


def npz(arrays, folder):
    np.savez(f"{folder}/model.npz", **arrays)
    return f"{folder}/model.npz"


def safetensors(arrays, folder):
    header, at = {}, 0
    for name, array in arrays.items():
        header[name] = {"dtype": "F32", "shape": list(array.shape), "data_offsets": [at, at + array.nbytes]}
        at += array.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(f"{folder}/model.safetensors", "wb") as f:
        f.write(len(text).to_bytes(8, "little") + text)
        for array in arrays.values():
            f.write(array.tobytes())
    return f"{folder}/model.safetensors"


def tfjs(arrays, folder):
    data = b"".join(array.tobytes() for array in arrays.values())
    shards = [data[i : i + SHARD] for i in range(0, len(data), SHARD)]
    paths = [f"group1-shard{i + 1}of{len(shards)}.bin" for i in range(len(shards))]
    for path, shard in zip(paths, shards):
        with open(f"{folder}/{path}", "wb") as f:
            f.write(shard)
    weights = [{"name": n, "shape": list(a.shape), "dtype": "float32"} for n, a in arrays.items()]
    topology = {"class_name": "Sequential", "config": {"name": "sequential", "layers": []}}
    with open(f"{folder}/model.json", "w") as f:
        json.dump(
            {
                "format": "layers-model",
                "modelTopology": {"model_config": topology},
                "weightsManifest": [{"paths": paths, "weights": weights}],
            },
            f,
        )
    return f"{folder}/model.json"


print(save(model(float(sys.argv[2])), sys.argv[1], sys.argv[3]))
