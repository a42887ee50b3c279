"""SavedModels for bench/graph.mjs with random weights: write_graphs.py NAME FOLDER"""

import os
import sys

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras


def bert():
    """BERT-base: 12 layers of 768, 12 heads, sequences of 128."""
    layers = keras.layers
    tokens = keras.Input((128,), dtype="int32", name="tokens")
    x = layers.Embedding(30522, 768)(tokens) + layers.Embedding(512, 768)(keras.ops.arange(128))
    x = layers.LayerNormalization(epsilon=1e-12)(x)
    for _ in range(12):
        x = layers.LayerNormalization(epsilon=1e-12)(x + layers.MultiHeadAttention(12, 64)(x, x))
        h = layers.Dense(768)(layers.Dense(3072, activation="gelu")(x))
        x = layers.LayerNormalization(epsilon=1e-12)(x + h)
    return keras.Model(tokens, layers.Dense(768, activation="tanh")(x[:, 0]))


MODELS = {
    "MobileNetV2": lambda: keras.applications.MobileNetV2(weights=None),
    "ResNet50": lambda: keras.applications.ResNet50(weights=None),
    "BERT-base": bert,
}

name, folder = sys.argv[1:]
model = MODELS[name]()
model.export(folder, verbose=False)
model.save(folder + ".keras")
