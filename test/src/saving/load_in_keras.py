"""Loads the files that the test of saveModel wrote in Keras 3 and Keras 2, and compares their predictions."""

import importlib.util
import json
import os
import pathlib
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import keras  # noqa: E402
import numpy as np  # noqa: E402
import tf_keras  # noqa: E402

folder, fixtures = map(pathlib.Path, sys.argv[1:3])


def array(stored):
    return np.array(stored["values"], stored["dtype"]).reshape(stored["shape"])


# Masks that meet initial states: Keras 2 applies them unsaid, Keras 3 does not. Attention of Keras 3.8 and later takes
# masks off its inputs, that of Keras 2 leaves them.
MASKED_STATES = ["sequence.keras2.keras", "masked_states.keras2.keras", "caption.keras2.keras", "attended.keras2.keras"]


def check(path, library):
    reference = fixtures / "whole-models" / f"{path.stem}.json"
    if not reference.exists():
        return
    of_keras_2 = "_keras2" if path.suffix == ".h5" else ""
    classes = folder / f"{path.stem.replace('-', '_').replace('.', '_')}{of_keras_2}_layers.py"
    if classes.exists():
        spec = importlib.util.spec_from_file_location(classes.stem, classes)
        spec.loader.exec_module(importlib.util.module_from_spec(spec))
    expected = json.loads(reference.read_text())
    xs = [array(x) for x in expected["inputs"]]
    model = library.models.load_model(path, compile=False)
    outputs = model(xs if len(xs) > 1 else xs[0], training=False)
    flat = [outputs[key] for key in sorted(outputs)] if isinstance(outputs, dict) else outputs
    flat = flat if isinstance(flat, (list, tuple)) else [flat]
    for y, stored in zip(flat, expected["outputs"]):
        np.testing.assert_allclose(np.asarray(y), array(stored), atol=1e-5, err_msg=str(path))


failed = 0
for path in sorted(folder.iterdir()):
    library = {".keras": keras, ".h5": tf_keras}.get(path.suffix)
    # Keras 2 takes no layer names with blanks.
    if library is None or (library is tf_keras and path.stem.startswith("names")):
        continue
    if path.name in MASKED_STATES:
        continue
    try:
        check(path, library)
    except Exception as error:
        failed += 1
        print(path.name, type(error).__name__, str(error)[:400])
for path in sorted(folder.glob("keras*.keras")):
    if keras.models.load_model(path).optimizer.iterations != 6:
        failed += 1
        print(path.name, "lost the optimizer's state")
sys.exit(failed > 0)
