package dev.slipway.lint;

import static dev.slipway.lint.Profile.DEFAULT;
import static dev.slipway.lint.Profile.PEDANTIC;
import static dev.slipway.lint.Profile.STRICT;

import dev.slipway.lint.ShellPages.Page;
import dev.slipway.shell.ShellRule;
import java.util.List;

/** The pages of the rules about scripts for sh and bash: commands, tests and loops. */
final class ShellFlowPages {
  private ShellFlowPages() {}

  private static Page page(
      ShellRule rule, Profile profile, String title, String why, String bad, String good) {
    return new Page(rule, profile, title, why, "", bad, good);
  }

  private static Page page(
      ShellRule rule,
      Profile profile,
      String title,
      String why,
      String shell,
      String bad,
      String good) {
    return new Page(rule, profile, title, why, shell, bad, good);
  }

  static List<Page> all() {
    return List.of(
        page(
            ShellRule.MASKED_ASSIGNMENT,
            DEFAULT,
            "A failure that `export` or `local` throws away",
            "The status of `export x=$(command)` is that of export, which succeeds. The step goes"
                + " on with an empty value.",
            "export VERSION=\"$(cat version.txt)\"",
            "VERSION=\"$(cat version.txt)\"\nexport VERSION"),
        page(
            ShellRule.UNCHECKED_CD,
            DEFAULT,
            "A change of folder that may fail unseen",
            "Without -e the script goes on in the folder where it was, and does there what was"
                + " meant for another.",
            "bash {0}",
            "cd build\nmake install",
            "cd build || exit\nmake install"),
        page(
            ShellRule.CD_BACK,
            STRICT,
            "Going back to a folder by `cd ..`",
            "When the first cd has failed, the second goes one folder too far up.",
            "bash {0}",
            "cd build\nmake\ncd ..",
            "(cd build && make)"),
        page(
            ShellRule.REPEATED_REDIRECT,
            PEDANTIC,
            "Several commands in a row that append to the same file",
            "A group opens the file once, and says at a glance what goes there.",
            "echo a=1 >> \"$GITHUB_OUTPUT\"\n"
                + "echo b=2 >> \"$GITHUB_OUTPUT\"\n"
                + "echo c=3 >> \"$GITHUB_OUTPUT\"",
            "{\n  echo a=1\n  echo b=2\n  echo c=3\n} >> \"$GITHUB_OUTPUT\""),
        page(
            ShellRule.PARSED_LS,
            DEFAULT,
            "Output of ls taken apart",
            "ls is made for people: names with blanks or ends of lines cannot be told apart.",
            "ls | grep report",
            "find . -maxdepth 1 -name '*report*'"),
        page(
            ShellRule.LOOP_OVER_LS,
            DEFAULT,
            "A loop over the output of ls",
            "A name with a blank becomes two, and a missing folder no error.",
            "for f in $(ls); do\n  echo \"$f\"\ndone",
            "for f in *; do\n  echo \"$f\"\ndone"),
        page(
            ShellRule.LOOP_OVER_FIND,
            DEFAULT,
            "A loop over the output of find",
            "A name with a blank becomes two.",
            "for f in $(find . -name '*.md'); do\n  echo \"$f\"\ndone",
            "find . -name '*.md' -exec echo {} \\;"),
        page(
            ShellRule.LOOP_OVER_LINES,
            DEFAULT,
            "A loop over the words of a file where lines are meant",
            "A for loop splits at every blank, not at the ends of lines.",
            "for line in $(cat list.txt); do\n  echo \"$line\"\ndone",
            "while IFS= read -r line; do\n  echo \"$line\"\ndone < list.txt"),
        page(
            ShellRule.LOOP_ONCE,
            DEFAULT,
            "A loop that runs once",
            "What it goes over is a single word.",
            "for f in \"$FILES\"; do\n  echo \"$f\"\ndone",
            "for f in a.txt b.txt; do\n  echo \"$f\"\ndone"),
        page(
            ShellRule.USELESS_CAT,
            PEDANTIC,
            "cat for one file",
            "The command behind it reads files itself.",
            "cat names.txt | sort",
            "sort names.txt"),
        page(
            ShellRule.READ_WITHOUT_R,
            DEFAULT,
            "read without -r",
            "Backslashes in the line are taken away.",
            "while read line; do\n  echo \"$line\"\ndone < list.txt",
            "while read -r line; do\n  echo \"$line\"\ndone < list.txt"),
        page(
            ShellRule.INDIRECT_STATUS,
            PEDANTIC,
            "A status that is asked for in a line of its own",
            "With -e the script has ended before the question when the command fails.",
            "make\nif [ $? -eq 0 ]; then\n  echo built\nfi",
            "if make; then\n  echo built\nfi"),
        page(
            ShellRule.BASH_ONLY,
            DEFAULT,
            "Something that only bash has, in a script for sh",
            "What `sh` is differs between machines and containers; most have one that does not know"
                + " it.",
            "sh",
            "if [[ -f build.log ]]; then\n  echo done\nfi",
            "if [ -f build.log ]; then\n  echo done\nfi"),
        page(
            ShellRule.AND_OR_ELSE,
            STRICT,
            "`a && b || c` as if-then-else",
            "c also runs when a succeeds and b fails.",
            "make check && make pack || make clean",
            "if make check; then make pack; else make clean; fi"),
        page(
            ShellRule.GREP_COUNT,
            PEDANTIC,
            "Lines of grep counted by wc",
            "grep -c does it.",
            "grep error log.txt | wc -l",
            "grep -c error log.txt"),
        page(
            ShellRule.GREP_IN_TEST,
            PEDANTIC,
            "The output of grep tested for being there",
            "grep -q stops at the first match, and its status is the answer.",
            "if [ -n \"$(grep error log.txt)\" ]; then\n  echo found\nfi",
            "if grep -q error log.txt; then\n  echo found\nfi"),
        page(
            ShellRule.TEST_AND_OR,
            DEFAULT,
            "`-a` or `-o` between tests",
            "With more than four words, POSIX does not say what test does.",
            "[ -f a -a -f b ]",
            "[ -f a ] && [ -f b ]"),
        page(
            ShellRule.EGREP,
            PEDANTIC,
            "egrep",
            "New versions of grep warn about it and will drop it.",
            "egrep 'a|b' file",
            "grep -E 'a|b' file"),
        page(
            ShellRule.FGREP,
            PEDANTIC,
            "fgrep",
            "New versions of grep warn about it and will drop it.",
            "fgrep a.b file",
            "grep -F a.b file"),
        page(
            ShellRule.ARRAY_IN_TEST,
            DEFAULT,
            "All elements of an array in one test",
            "The elements are joined, or become too many words for the test.",
            "if [[ \"$@\" == all ]]; then\n  make\nfi",
            "if [[ \"$*\" == all ]]; then\n  make\nfi"),
        page(
            ShellRule.GLOB_IN_TEST,
            DEFAULT,
            "A pattern in a test for one file",
            "With two files that match, the test fails with an error instead of an answer.",
            "if [ -f *.whl ]; then\n  echo found\nfi",
            "for f in *.whl; do\n  [ -f \"$f\" ] && echo found\n  break\ndone"),
        page(
            ShellRule.NUMBER_COMPARED_AS_TEXT,
            DEFAULT,
            "Numbers compared as texts",
            "In `[[ ]]` the signs < and > compare letter by letter: 10 is less than 9.",
            "if [[ $COUNT > 5 ]]; then\n  exit 1\nfi",
            "if [[ $COUNT -gt 5 ]]; then\n  exit 1\nfi"),
        page(
            ShellRule.UNQUOTED_TEST,
            DEFAULT,
            "A test that is true without a value",
            "When the variable is empty, `[ -n ]` asks whether the text \"-n\" is there, which it"
                + " is.",
            "if [ -n $TAG ]; then\n  make\nfi",
            "if [ -n \"$TAG\" ]; then\n  make\nfi"),
        page(
            ShellRule.CONSTANT_TEST,
            DEFAULT,
            "A test that always gives the same",
            "No variable is in it; most often a dollar sign is missing.",
            "if [[ GITHUB_REF == refs/heads/main ]]; then\n  make\nfi",
            "if [[ $GITHUB_REF == refs/heads/main ]]; then\n  make\nfi"),
        page(
            ShellRule.PATTERN_FROM_VARIABLE,
            DEFAULT,
            "A value compared as a pattern",
            "Without quotes the right side is a pattern; a star in it matches everything.",
            "if [[ $ACTUAL = $EXPECTED ]]; then\n  make\nfi",
            "if [[ $ACTUAL = \"$EXPECTED\" ]]; then\n  make\nfi"),
        page(
            ShellRule.QUOTED_REGEX,
            DEFAULT,
            "A regular expression in quotes",
            "Quotes make it a plain text, so its dots and stars match only themselves.",
            "if [[ $TAG =~ \"^v.*\" ]]; then\n  make\nfi",
            "if [[ $TAG =~ ^v.* ]]; then\n  make\nfi"),
        page(
            ShellRule.NEGATED_TEST,
            PEDANTIC,
            "A negated test that has an opposite",
            "`! -z` is `-n`.",
            "if [ ! -z \"$TAG\" ]; then\n  make\nfi",
            "if [ -n \"$TAG\" ]; then\n  make\nfi"),
        page(
            ShellRule.FIND_TO_XARGS,
            DEFAULT,
            "Names from find given to xargs as lines",
            "xargs splits names at blanks and quotes.",
            "find . -name '*.tmp' | xargs rm",
            "find . -name '*.tmp' -print0 | xargs -0 rm"),
        page(
            ShellRule.SUDO_REDIRECT,
            DEFAULT,
            "A redirection that sudo does not make",
            "The shell opens the file before sudo starts, without its rights.",
            "sudo echo fast > /etc/mode",
            "echo fast | sudo tee /etc/mode"),
        page(
            ShellRule.EXIT_ARGUMENT,
            DEFAULT,
            "A status that cannot be one",
            "A status is one number from 0 to 255.",
            "make || exit -1",
            "make || exit 1"),
        page(
            ShellRule.READ_AND_WRITTEN,
            DEFAULT,
            "A file that is emptied before it is read",
            "The shell opens, and so empties, the file before the command starts.",
            "jq . package.json > package.json",
            "jq . package.json > sorted.json\nmv sorted.json package.json"),
        page(
            ShellRule.NEGATED_STATUS,
            DEFAULT,
            "A `!` whose result nobody looks at",
            "-e does not end the script for a command with `!` before it, so the check cannot"
                + " fail.",
            "! grep -q DEBUG main.c\nmake",
            "if grep -q DEBUG main.c; then exit 1; fi\nmake"),
        page(
            ShellRule.UNREACHABLE,
            DEFAULT,
            "Commands behind the end of the script",
            "What stands before them always ends the script.",
            "exit 0\nmake test",
            "make test"));
  }
}
