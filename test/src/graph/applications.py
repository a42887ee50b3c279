"""Whole models of Keras with random weights, what it predicts, and their SavedModels: applications.py FOLDER"""

import os
import sys

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../fixtures"))

import keras
import numpy as np
from reference import tensor, write_json


def transformer():
    layers = keras.layers
    tokens = keras.Input((24,), dtype="int32", name="tokens")
    x = layers.Embedding(100, 32)(tokens) + layers.Embedding(24, 32)(keras.ops.arange(24))
    for _ in range(4):
        x = layers.LayerNormalization()(x + layers.MultiHeadAttention(4, 8)(x, x))
        x = layers.LayerNormalization()(x + layers.Dense(32)(layers.Dense(128, activation="gelu")(x)))
    return keras.Model(tokens, layers.Dense(7, activation="softmax")(x[:, 0]))


def application(make, size, **more):
    return lambda: make(weights=None, input_shape=(size, size, 3), classes=10, **more)


MODELS = {
    "MobileNetV2": application(keras.applications.MobileNetV2, 64, alpha=0.35),
    "EfficientNetB0": application(keras.applications.EfficientNetB0, 64),
    "ResNet50": application(keras.applications.ResNet50, 64),
    "ResNet50V2": application(keras.applications.ResNet50V2, 64),
    "transformer": transformer,
}


def randomize(model, numbers):
    """Statistics and scales as after training: zeros and ones would hide what is done with them."""
    for weight in model.weights:
        name = weight.path.rsplit("/", 1)[-1]
        if name in ("moving_variance", "gamma"):
            weight.assign(numbers.uniform(0.5, 1.5, weight.shape))
        elif name in ("moving_mean", "beta", "bias"):
            weight.assign(numbers.normal(0, 0.1, weight.shape))


def spread(model, x):
    """Scores as after training: of random weights one class gets all, whatever is computed before it."""
    last = model.layers[-1]
    scores = last.kernel.numpy().T @ keras.Model(model.inputs, last.input)(x, training=False).numpy().T
    last.kernel.assign(last.kernel / scores.std())
    chances = model(x, training=False).numpy()
    assert chances.max() < 0.9 and chances.std() > 0.01, chances


folder = sys.argv[1]
for name, make in MODELS.items():
    keras.utils.set_random_seed(7)
    numbers = np.random.default_rng(7)
    model = make()
    randomize(model, numbers)
    shape = (2, *model.inputs[0].shape[1:])
    x = numbers.integers(0, 100, shape).astype("i4") if name == "transformer" else numbers.uniform(-1, 1, shape).astype("f4")
    spread(model, x)
    model.export(f"{folder}/{name}", verbose=False)
    write_json(f"{folder}/{name}.json", {"input": tensor(x), "output": tensor(model(x, training=False))})
