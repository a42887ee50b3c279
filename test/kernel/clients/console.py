"""`jupyter console` driven in a terminal: cells, output, a question, an interrupt, an error, the end."""

import sys

import pexpect

console = pexpect.spawn(
    sys.executable, ["-m", "jupyter_console", "--kernel", "loadlab", "--simple-prompt"], encoding="utf8", timeout=60
)


def cell(number, code):
    console.expect_exact(f"In [{number}]: ")
    console.sendline(code)


cell(1, "const a: number = 6")
cell(2, "a * 7")
console.expect_exact("Out[2]: 42")
cell(3, "console.log('a is', a)")
console.expect_exact("a is 6")
cell(4, "'hello ' + await input('who? ')")
console.expect_exact("who? ")
console.sendline("Ada")
console.expect_exact("hello Ada")
cell(5, "console.log('begun'); while (true) {}")
console.expect_exact("begun")
console.expect_exact("begun")  # the line as typed, then the output
console.sendintr()
console.expect_exact("KeyboardInterrupt")
cell(6, "a")
console.expect_exact("Out[6]: 6")
cell(7, "throw new Error('as planned')")
console.expect_exact("as planned")
console.expect_exact("In [8]: ")
console.sendeof()
console.expect_exact("exit")
console.sendline("y")
console.expect(pexpect.EOF)
