package dev.slipway.shell;

import java.util.List;
import java.util.Locale;

/**
 * What is looked for in scripts. {@link #covers} says what ShellCheck calls the same thing, so that
 * its numbers and its {@code disable} comments go on working.
 */
public enum ShellRule {
  SYNTAX(
      ShellSeverity.ERROR,
      "Correct the syntax; the shell refuses the script.",
      "SC1073",
      "SC1072",
      "SC1009",
      "SC1036",
      "SC1088"),
  UNQUOTED_VARIABLE(
      ShellSeverity.INFO,
      "Put the expansion in double quotes, or use an array for several words.",
      "SC2086",
      "SC2231"),
  UNQUOTED_COMMAND(
      ShellSeverity.WARNING,
      "Put the substitution in double quotes, or read the words into an array.",
      "SC2046"),
  UNQUOTED_ARRAY(
      ShellSeverity.ERROR,
      "Write it in double quotes, so that each element stays one word.",
      "SC2068"),
  JOINED_ARGUMENTS(
      ShellSeverity.WARNING, "Use \"$@\", which keeps each argument one word.", "SC2048"),
  SPLIT_INTO_ARRAY(
      ShellSeverity.WARNING,
      "Use mapfile -t or read -a, which say where to split.",
      "SC2206",
      "SC2207"),
  BACKQUOTES(ShellSeverity.STYLE, "Use $(…), which nests and needs no backslashes.", "SC2006"),
  ARITHMETIC_DOLLAR(
      ShellSeverity.STYLE, "Leave the dollar sign out; a name is enough in arithmetic.", "SC2004"),
  OLD_ARITHMETIC(ShellSeverity.STYLE, "Use $((…)).", "SC2007"),
  MASKED_ASSIGNMENT(
      ShellSeverity.WARNING,
      "Declare first and assign on a line of its own, so that a failure counts.",
      "SC2155"),
  UNCHECKED_CD(
      ShellSeverity.WARNING,
      "Say what happens when the folder is missing: cd … || exit.",
      "SC2164"),
  CD_BACK(
      ShellSeverity.INFO,
      "Use a subshell, ( cd … && … ), which leaves the folder alone.",
      "SC2103"),
  REPEATED_REDIRECT(
      ShellSeverity.STYLE,
      "Group the commands, { …; …; } >> file, to open the file once.",
      "SC2129"),
  UNUSED_VARIABLE(
      ShellSeverity.WARNING, "Remove it, or export it if another program reads it.", "SC2034"),
  UNSET_VARIABLE(ShellSeverity.WARNING, "Assign it, or set it in env.", "SC2154"),
  GLOB_AS_OPTION(
      ShellSeverity.INFO,
      "Write ./* or put -- before it, so that a name like -f is no option.",
      "SC2035"),
  PARSED_LS(
      ShellSeverity.INFO, "Use a pattern or find; names may hold anything.", "SC2012", "SC2010"),
  LOOP_OVER_LS(ShellSeverity.ERROR, "Loop over the pattern itself: for f in *.", "SC2045"),
  LOOP_OVER_FIND(
      ShellSeverity.WARNING, "Use find -exec, or find -print0 with while read -d ''.", "SC2044"),
  LOOP_OVER_LINES(
      ShellSeverity.INFO,
      "Use while IFS= read -r line, which reads lines and not words.",
      "SC2013"),
  LOOP_ONCE(
      ShellSeverity.WARNING,
      "Loop over a list, a pattern or an expansion.",
      "SC2043",
      "SC2041",
      "SC2066"),
  USELESS_CAT(
      ShellSeverity.STYLE,
      "Give the file to the command, or redirect it: command < file.",
      "SC2002"),
  SINGLE_QUOTED_EXPANSION(
      ShellSeverity.INFO, "Use double quotes if it shall be expanded.", "SC2016"),
  READ_WITHOUT_R(ShellSeverity.INFO, "Use read -r, which leaves backslashes alone.", "SC2162"),
  INDIRECT_STATUS(ShellSeverity.STYLE, "Test the command itself: if command; then.", "SC2181"),
  BASH_ONLY(
      ShellSeverity.WARNING,
      "Use bash for this step, or write it as POSIX has it.",
      "SC2039",
      "SC2112",
      "SC3001",
      "SC3003",
      "SC3004",
      "SC3005",
      "SC3006",
      "SC3008",
      "SC3009",
      "SC3010",
      "SC3011",
      "SC3014",
      "SC3015",
      "SC3020",
      "SC3024",
      "SC3028",
      "SC3030",
      "SC3037",
      "SC3040",
      "SC3043",
      "SC3044",
      "SC3045",
      "SC3046",
      "SC3053",
      "SC3054",
      "SC3057",
      "SC3059",
      "SC3060"),
  AND_OR_ELSE(
      ShellSeverity.INFO,
      "Write if … then … else, since the last command also runs when the second fails.",
      "SC2015"),
  FORMAT_FROM_VARIABLE(ShellSeverity.INFO, "Use printf '%s' \"$value\".", "SC2059"),
  DANGEROUS_RM(
      ShellSeverity.WARNING, "Write ${name:?}, which stops when the variable is empty.", "SC2115"),
  SED_FOR_REPLACE(ShellSeverity.STYLE, "Use ${name//search/replace}.", "SC2001"),
  ECHO_ESCAPES(ShellSeverity.INFO, "Use printf, whose escapes mean the same everywhere.", "SC2028"),
  USELESS_ECHO(ShellSeverity.STYLE, "Leave echo and the substitution out.", "SC2116", "SC2005"),
  GREP_COUNT(ShellSeverity.STYLE, "Use grep -c.", "SC2126"),
  GREP_IN_TEST(ShellSeverity.STYLE, "Use grep -q as the condition.", "SC2143"),
  TEST_AND_OR(ShellSeverity.WARNING, "Use [ … ] && [ … ] or [ … ] || [ … ].", "SC2166"),
  EGREP(ShellSeverity.INFO, "Use grep -E.", "SC2196"),
  FGREP(ShellSeverity.INFO, "Use grep -F.", "SC2197"),
  ARRAY_IN_TEST(
      ShellSeverity.ERROR, "Test one element, or join them with [*].", "SC2199", "SC2198"),
  GLOB_IN_TEST(ShellSeverity.ERROR, "Loop over the pattern; the test takes one file.", "SC2144"),
  LITERAL_ESCAPE(ShellSeverity.WARNING, "Use $'…' or printf for the character.", "SC1012"),
  USELESS_ESCAPE(
      ShellSeverity.INFO, "Leave the backslash out, or quote it if it is meant.", "SC1001"),
  BROKEN_QUOTES(ShellSeverity.WARNING, "Escape the inner quotes, or leave them out.", "SC2140"),
  NUMBER_COMPARED_AS_TEXT(ShellSeverity.ERROR, "Use -lt, -gt, -le or -ge for numbers.", "SC2071"),
  UNQUOTED_TEST(
      ShellSeverity.ERROR,
      "Put the operand in double quotes; without a value the test is true.",
      "SC2070"),
  CONSTANT_TEST(
      ShellSeverity.WARNING,
      "Compare a variable; this always gives the same.",
      "SC2050",
      "SC2157",
      "SC2078",
      "SC2194"),
  PATTERN_FROM_VARIABLE(
      ShellSeverity.WARNING, "Put the right side in double quotes to compare texts.", "SC2053"),
  QUOTED_REGEX(
      ShellSeverity.WARNING,
      "Leave the quotes out; quoted, it is no regular expression.",
      "SC2076"),
  NEGATED_TEST(ShellSeverity.STYLE, "Use the opposite operator.", "SC2236", "SC2237"),
  QUOTED_TILDE(
      ShellSeverity.WARNING, "Use $HOME, or leave the tilde outside of the quotes.", "SC2088"),
  FIND_WITHOUT_QUOTES(
      ShellSeverity.WARNING,
      "Quote the pattern, so that find gets it and not the shell.",
      "SC2061"),
  GREP_WITHOUT_QUOTES(
      ShellSeverity.WARNING,
      "Quote the pattern, so that grep gets it and not the shell.",
      "SC2062"),
  FIND_TO_XARGS(
      ShellSeverity.WARNING, "Use find -print0 with xargs -0, or find -exec … +.", "SC2038"),
  TRAP_EXPANDS_NOW(
      ShellSeverity.WARNING,
      "Use single quotes, so that it is expanded when the trap runs.",
      "SC2064"),
  SUDO_REDIRECT(
      ShellSeverity.WARNING,
      "The shell opens the file, not sudo: use … | sudo tee file.",
      "SC2024"),
  SPACES_AROUND_SIGN(ShellSeverity.ERROR, "Write name=value without blanks.", "SC2283"),
  EXIT_ARGUMENT(ShellSeverity.ERROR, "Give a number from 0 to 255.", "SC2242", "SC2241"),
  READ_AND_WRITTEN(ShellSeverity.ERROR, "Write to another file and move it after.", "SC2094"),
  MASKED_PIPE(
      ShellSeverity.WARNING,
      "Use shell: bash or set -o pipefail, so that the first command counts."),
  NEGATED_STATUS(ShellSeverity.WARNING, "Write if command; then exit 1; fi.", "SC2251"),
  UNREACHABLE(
      ShellSeverity.WARNING, "Remove it, or the command before that ends the script.", "SC2317");

  private final ShellSeverity severity;
  private final String hint;
  private final String covers;

  ShellRule(ShellSeverity severity, String hint, String... covers) {
    this.severity = severity;
    this.hint = hint;
    this.covers = String.join(" ", covers);
  }

  /** The name of the rule in settings and reports, such as {@code shell-unquoted-variable}. */
  public String id() {
    return "shell-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public ShellSeverity severity() {
    return severity;
  }

  /** What to do about a finding of the rule. */
  public String hint() {
    return hint;
  }

  /** The ShellCheck codes the rule stands for; the first is the usual one. */
  public List<String> covers() {
    return covers.isEmpty() ? List.of() : List.of(covers.split(" "));
  }

  /** The first of the codes; empty where there is none. */
  String usual() {
    int end = covers.indexOf(' ');
    return end < 0 ? covers : covers.substring(0, end);
  }
}
