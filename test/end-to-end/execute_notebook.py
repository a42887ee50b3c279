"""Runs a notebook with nbclient, in the notebook's folder, and prints it with the new outputs as JSON."""

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

path = Path(sys.argv[1])
notebook = nbformat.read(path, as_version=4)
NotebookClient(
    notebook,
    timeout=120,
    record_timing=False,
    resources={"metadata": {"path": str(path.parent)}},
).execute()
print(nbformat.writes(notebook))
