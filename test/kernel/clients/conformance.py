"""Jupyter's own kernel tests (jupyter_kernel_test), every attribute set, against the installed kernelspec."""

import unittest

import jupyter_kernel_test


class LoadlabTests(jupyter_kernel_test.KernelTests):
    kernel_name = "loadlab"
    language_name = "typescript"
    file_extension = ".ts"
    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('oops')"
    completion_samples = [{"text": "zebr", "matches": {"zebra"}}]
    complete_code_samples = ["1 + 1", "const f = (x: number) => x", "for (const x of [1]) {\n}\n", "// a"]
    incomplete_code_samples = ["for (;;) {", "const s = `a", "f(1,", "/* a", "1 +"]
    invalid_code_samples = ["x = )", "const s = 'a", "1 2"]
    code_page_something = "page('a long text')"
    code_generate_error = "throw new TypeError('no')"
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "({ a: [1, 'b'] })", "result": "{ a: [ 1, 'b' ] }"},
        {
            "code": "({ [Symbol.for('Jupyter.display')]: () => ({ 'text/html': '<b>x</b>' }) })",
            "mime": "text/html",
        },
    ]
    code_display_data = [
        {"code": "display({ a: 1 })", "mime": "text/plain"},
        {
            "code": "display({ [Symbol.for('Jupyter.display')]: () => ({ 'image/png': 'iVBORw0KGgo=' }) })",
            "mime": "image/png",
        },
    ]
    code_history_pattern = "6*7"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "Math.max"
    code_clear_output = "clearOutput()"

    def test_completion(self) -> None:
        self.execute_helper(code="const zebra = 1")
        super().test_completion()


class LoadlabWelcomeTests(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = "loadlab"
    support_iopub_welcome = True


if __name__ == "__main__":
    unittest.main(verbosity=2)
