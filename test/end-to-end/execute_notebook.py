"""Runs a notebook with nbclient, in the notebook's folder, and prints it with the new outputs as JSON."""

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

path = Path(sys.argv[1])
notebook = nbformat.read(path, as_version=4)
client = NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(path.parent)}})
client.execute()
print(nbformat.writes(notebook))
