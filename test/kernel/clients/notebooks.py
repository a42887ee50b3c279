"""papermill and nbconvert --execute run a notebook of this kernel; an error stops them and is shown."""

import pathlib
import re
import subprocess
import sys

import nbformat
import papermill


def write(path, *cells):
    kernelspec = {"name": "loadlab", "display_name": "TypeScript (loadlab)", "language": "typescript"}
    code = [nbformat.v4.new_code_cell(cell) for cell in cells]
    nbformat.write(nbformat.v4.new_notebook(cells=code, metadata={"kernelspec": kernelspec}), path)


def texts(path):
    outputs = [output for cell in nbformat.read(path, 4).cells for output in cell.outputs]
    return [output.get("text") or output["data"]["text/plain"] for output in outputs]


write("good.ipynb", "const x: number = 40\nconsole.log('hi')\nx + 2", "const x = 'again'; x", "await Promise.resolve(5)")
EXPECTED = ["hi\n", "42", "'again'", "5"]

papermill.execute_notebook("good.ipynb", "papermill.ipynb", progress_bar=False)
assert texts("papermill.ipynb") == EXPECTED, texts("papermill.ipynb")

command = [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", "good.ipynb", "--output", "nbconvert"]
subprocess.run(command, check=True, capture_output=True)
assert texts("nbconvert.ipynb") == EXPECTED, texts("nbconvert.ipynb")

write("bad.ipynb", "1", "throw new TypeError('as planned')", "console.log('never')")
try:
    papermill.execute_notebook("bad.ipynb", "stopped.ipynb", progress_bar=False)
except papermill.PapermillExecutionError as error:
    assert (error.ename, error.evalue) == ("TypeError", "as planned"), error
else:
    raise AssertionError("papermill went on behind an error")

# The script of docs/without-a-browser.md, as it stands there.
page = (pathlib.Path(__file__).parents[3] / "docs" / "without-a-browser.md").read_text()
pathlib.Path("papermill_typescript.py").write_text(re.search(r"```python\n(.*?)```", page, re.S)[1])
write("parameters.ipynb", "let epochs: number = 1, title = '', rest: unknown = 0", "`${epochs + 1} ${title} ${JSON.stringify(rest)}`")
notebook = nbformat.read("parameters.ipynb", 4)
notebook.cells[0].metadata.tags = ["parameters"]
nbformat.write(notebook, "parameters.ipynb")
given = ["-p", "epochs", "5", "-p", "title", "it's \"x\"", "-y", "rest: [1, null, true, {a: 2.5}]"]
command = [sys.executable, "papermill_typescript.py", "parameters.ipynb", "set.ipynb", *given]
subprocess.run(command, check=True, capture_output=True)
EXPECTED = ["`6 it's \"x\" [1,null,true,{\"a\":2.5}]`"]
assert texts("set.ipynb") == EXPECTED, texts("set.ipynb")
