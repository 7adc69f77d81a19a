package dev.slipway.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names in scripts in Python: what is certain is said, and nothing else. */
final class PythonNamesTest {
  private static List<String> found(String rule, String script) {
    String text =
        "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n"
            + "      - shell: python\n        run: |\n"
            + script.indent(10);
    return Lint.of(new Selection(Profile.AUDIT, Set.of(rule), Set.of()))
        .file(".github/workflows/ci.yml", text)
        .stream()
        .map(Finding::message)
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '`',
      value = {
        "`print(sys.path)` ! sys",
        "`import os\nprint(json.dumps({}))` ! json",
        "`x = y` ! y",
        "`x += 1` ! x",
        "`for a in b: print(a)` ! b",
        "`print(a if c else a)\na = 1` ! c",
        "`def f(a):\n  return a + n\nf(1)` ! n",
        "`print(f'{1}', m)` ! m",
        "`print(key=value)` ! value",
        "`x = [\n  1,\n  z,\n]` ! z",
        "`x == 1` ! x",
        "`with open('a') as f: g(f)` ! g"
      })
  void nameThatNothingDefines_isFound(String script, String name) {
    assertThat(found("python-undefined-name", script))
        .containsExactly("Nothing here defines '" + name + "'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "import os, sys\nprint(os.name, sys.path)",
        "import os.path as p\nprint(p.sep)",
        "from a import (\n  b,\n  c as d,\n)\nprint(b, d)",
        "from a import *\nprint(b)",
        "x, (y, *z) = 1, (2, 3)\nprint(x, y, z)",
        "a = b = 1\nprint(a, b)",
        "x: int = 1\nprint(x)",
        "if (n := 1) > 0: print(n)",
        "print([i * j for i, j in zip([1], [2])])",
        "f = lambda a, *b, c=1: a + b + c\nf(1)",
        "def f(a, /, b: int = 2, *args, c, **kw) -> int:\n  return g(a, b, args, c, kw)\n"
            + "def g(*x): return x\nf(1)",
        "class A(Exception):\n  x = 1\n  def m(self): return self.x\nA()",
        "try:\n  import json\nexcept ImportError as e:\n  print(e)\njson.loads('1')",
        "with open('a') as f, open('b') as (g, h): print(f, g, h)",
        "def f():\n  global n\n  n = 1\nf()\nprint(n)",
        "exec('x = 1')\nprint(x)",
        "globals()['x'] = 1\nprint(x)",
        "try:\n  unknown\nexcept NameError:\n  pass",
        "match x:\n  case [y]: print(y)",
        "print(x)  # noqa",
        "print(${{ matrix.value }}, x)",
        "print('${{ matrix.value }}', rb'x', F'y', 0x1F, 1e5, 10j, 1_000)",
        "print(__file__, __name__)",
        "import asyncio\n"
            + "async def f():\n"
            + "  async for a in b(): await a\n"
            + "def b(): pass\n"
            + "asyncio.run(f())",
        "'''\nundefined\n'''\nprint(1, end='', sep=\"\")",
        "d = dict(a=1)\nprint(d['a'].b)",
        "x = \\\n  1\nprint(x)",
        "@staticmethod\ndef f(): pass",
        "if True: import os; print(os)",
        "for i in range(3): pass\nelse: print(i)",
        "type X = int\nprint(X)",
        "def first[T](x: T) -> T: return x",
      })
  void nameThatMayBeDefined_isNot(String script) {
    assertThat(found("python-undefined-name", script)).isEmpty();
  }

  @Test
  void importThatNothingUses_isFound() {
    assertThat(found("python-unused-import", "import os, sys\nfrom a import (b,\n  c)\nprint(c)"))
        .containsExactly(
            "Nothing here uses 'os'", "Nothing here uses 'sys'", "Nothing here uses 'b'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "import os\nprint(os.name)",
        "import os\nprint(f'{os.name}')",
        "import os.path",
        "import os as system",
        "from a import b as b",
        "try:\n  import os\nexcept ImportError:\n  pass",
        "import os  # noqa",
        "from __future__ import annotations",
        "import os\n__all__ = ['os']",
        "import os\nx = eval('o' + 's')",
      })
  void importThatMayBeUsed_isNot(String script) {
    assertThat(found("python-unused-import", script)).isEmpty();
  }
}
