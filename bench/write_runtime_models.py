"""Models for bench/runtime.mjs with random weights, compiled for training: write_runtime_models.py NAME FILE.keras"""

import os
import sys

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras

layers = keras.layers


def image(make):
    model = make(weights=None)
    model.compile("sgd", "categorical_crossentropy")
    return model


def bert():
    """BERT-base: 12 layers of 768, 12 heads, sequences of 128, two classes."""
    tokens = keras.Input((128,), dtype="int32", name="tokens")
    x = layers.Embedding(30522, 768)(tokens) + layers.Embedding(512, 768)(keras.ops.arange(128))
    x = layers.LayerNormalization(epsilon=1e-12)(x)
    for _ in range(12):
        x = layers.LayerNormalization(epsilon=1e-12)(x + layers.MultiHeadAttention(12, 64)(x, x))
        h = layers.Dense(768)(layers.Dense(3072, activation="gelu")(x))
        x = layers.LayerNormalization(epsilon=1e-12)(x + h)
    pooled = layers.Dense(768, activation="tanh")(x[:, 0])
    model = keras.Model(tokens, layers.Dense(2, activation="softmax")(pooled))
    model.compile("sgd", "categorical_crossentropy")
    return model


def lstm():
    """Two LSTM layers of 128 over 100 tokens, ten classes."""
    model = keras.Sequential(
        [
            keras.Input((100,), dtype="int32"),
            layers.Embedding(10000, 64),
            layers.LSTM(128, return_sequences=True),
            layers.LSTM(128),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile("sgd", "categorical_crossentropy")
    return model


MODELS = {
    "ResNet50": lambda: image(keras.applications.ResNet50),
    "MobileNetV2": lambda: image(keras.applications.MobileNetV2),
    "BERT-base": bert,
    "LSTM": lstm,
}

name, file = sys.argv[1:]
MODELS[name]().save(file)
