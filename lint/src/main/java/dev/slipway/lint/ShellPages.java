package dev.slipway.lint;

import static dev.slipway.lint.Profile.DEFAULT;
import static dev.slipway.lint.Profile.PEDANTIC;
import static dev.slipway.lint.Profile.STRICT;

import dev.slipway.shell.ShellRule;
import java.util.List;

/** The pages of the rules about scripts for sh and bash: words, quotes and variables. */
final class ShellPages {
  private ShellPages() {}

  /**
   * What is said about a rule.
   *
   * @param shell the {@code shell:} of the examples; empty for the machine's default
   * @param bad a script in which it is found
   * @param good the same, mended
   */
  record Page(
      ShellRule rule,
      Profile profile,
      String title,
      String why,
      String shell,
      String bad,
      String good) {}

  private static Page page(
      ShellRule rule, Profile profile, String title, String why, String bad, String good) {
    return new Page(rule, profile, title, why, "", bad, good);
  }

  static List<Page> all() {
    return List.of(
        page(
            ShellRule.SYNTAX,
            DEFAULT,
            "A script that the shell cannot read",
            "The shell stops at the place with a syntax error, after it has run what stands"
                + " before.",
            "if make\n  echo built\nfi",
            "if make; then\n  echo built\nfi"),
        page(
            ShellRule.UNQUOTED_VARIABLE,
            DEFAULT,
            "A variable without quotes",
            "Without quotes the value is split at blanks, and each part that has a star, a question"
                + " mark or a bracket is replaced by the names of files. It works until a value has"
                + " one of those.",
            "cp $SOURCE target/",
            "cp \"$SOURCE\" target/"),
        page(
            ShellRule.UNQUOTED_COMMAND,
            DEFAULT,
            "The output of a command without quotes",
            "What the command prints is split at blanks and matched with the names of files before"
                + " the other command gets it.",
            "cat $(find . -name notes.txt)",
            "cat \"$(find . -name notes.txt)\""),
        page(
            ShellRule.UNQUOTED_ARRAY,
            DEFAULT,
            "An array or the arguments without quotes",
            "Each element is split again at blanks, so the elements are no longer those that were"
                + " put in.",
            "files=(a b)\nrm -- ${files[@]}",
            "files=(a b)\nrm -- \"${files[@]}\""),
        page(
            ShellRule.JOINED_ARGUMENTS,
            DEFAULT,
            "`$*` without quotes",
            "The arguments are joined and split again at every blank in them.",
            "build() { make $*; }\nbuild all",
            "build() { make \"$@\"; }\nbuild all"),
        page(
            ShellRule.SPLIT_INTO_ARRAY,
            DEFAULT,
            "An array filled by splitting a text",
            "The text is split at every blank and matched with the names of files; an element with"
                + " a blank becomes two.",
            "files=($(git ls-files))\necho \"${files[@]}\"",
            "mapfile -t files < <(git ls-files)\necho \"${files[@]}\""),
        page(
            ShellRule.BACKQUOTES,
            STRICT,
            "Backquotes around a command",
            "They do not nest, and backslashes mean something else in them.",
            "echo \"built `date`\"",
            "echo \"built $(date)\""),
        page(
            ShellRule.ARITHMETIC_DOLLAR,
            PEDANTIC,
            "A dollar sign in arithmetic",
            "Between `((` and `))` a name stands for its value; the dollar sign is noise, and with"
                + " it the value is put in as text before anything is calculated.",
            "echo $(( $GITHUB_RUN_NUMBER + 1 ))",
            "echo $(( GITHUB_RUN_NUMBER + 1 ))"),
        page(
            ShellRule.OLD_ARITHMETIC,
            STRICT,
            "Arithmetic in `$[…]`",
            "Bash no longer documents it, and other shells do not have it.",
            "echo $[GITHUB_RUN_NUMBER + 1]",
            "echo $((GITHUB_RUN_NUMBER + 1))"),
        page(
            ShellRule.SINGLE_QUOTED_EXPANSION,
            DEFAULT,
            "An expansion in single quotes",
            "In single quotes a dollar sign is a dollar sign; the command gets the name instead of"
                + " the value.",
            "echo 'commit $GITHUB_SHA'",
            "echo \"commit $GITHUB_SHA\""),
        page(
            ShellRule.UNUSED_VARIABLE,
            DEFAULT,
            "A variable that is set and never read",
            "Each step is a process of its own, so no later step sees the value unless it is"
                + " exported to GITHUB_ENV. Often the name is misspelt in one of two places.",
            "verison=1.2.0\necho \"releasing ${version:-}\"",
            "version=1.2.0\necho \"releasing ${version:-}\""),
        page(
            ShellRule.UNSET_VARIABLE,
            PEDANTIC,
            "A variable that is read and never set",
            "Nothing in the script gives it a value, and it is in no `env:` that the step sees.",
            "echo \"$version\"",
            "version=1.2.0\necho \"$version\""),
        page(
            ShellRule.GLOB_AS_OPTION,
            DEFAULT,
            "A pattern whose files may be taken for options",
            "A file called `-rf` is an option to the command.",
            "rm *.tmp",
            "rm ./*.tmp"),
        page(
            ShellRule.FORMAT_FROM_VARIABLE,
            DEFAULT,
            "A variable as the format of printf",
            "A percent sign or a backslash in the value is taken as part of the format.",
            "printf \"$TITLE\"",
            "printf '%s' \"$TITLE\""),
        page(
            ShellRule.DANGEROUS_RM,
            DEFAULT,
            "A removal that begins at the root when a variable is empty",
            "With an empty variable, `rm -rf \"$DIR/\"` removes the whole machine.",
            "rm -rf \"$TARGET/\"",
            "rm -rf \"${TARGET:?}/\""),
        page(
            ShellRule.LITERAL_ESCAPE,
            DEFAULT,
            "An escape that is just a letter",
            "Without quotes `\\n` is the letter n, and `\\t` the letter t.",
            "echo first\\nsecond",
            "printf 'first\\nsecond'"),
        page(
            ShellRule.USELESS_ESCAPE,
            DEFAULT,
            "A backslash that the shell takes away",
            "Before an ordinary letter it does nothing; the command never sees it.",
            "grep a\\d file",
            "grep 'a\\d' file"),
        page(
            ShellRule.BROKEN_QUOTES,
            DEFAULT,
            "Quotes that end where they were to begin",
            "The inner quotes end the outer ones, so the word between has none at all.",
            "echo \"the \"fast\" build\"",
            "echo \"the 'fast' build\""),
        page(
            ShellRule.QUOTED_TILDE,
            DEFAULT,
            "A tilde in quotes",
            "In quotes it does not stand for the home folder; a folder called `~` is looked for.",
            "ls \"~/.cache\"",
            "ls \"$HOME/.cache\""),
        page(
            ShellRule.ECHO_ESCAPES,
            DEFAULT,
            "Escapes given to echo",
            "Bash's echo prints the backslash as it is, and that of sh does not.",
            "echo \"first\\nsecond\"",
            "printf 'first\\nsecond\\n'"),
        page(
            ShellRule.TRAP_EXPANDS_NOW,
            DEFAULT,
            "A trap that takes its values now",
            "In double quotes the variables are expanded when the trap is set, not when it runs.",
            "trap \"rm -f $FILE\" EXIT\nmake",
            "trap 'rm -f \"$FILE\"' EXIT\nmake"),
        page(
            ShellRule.SPACES_AROUND_SIGN,
            DEFAULT,
            "Blanks around the sign of an assignment",
            "With blanks it is a command called by the variable's name, which does not exist.",
            "version = 5",
            "version=5\necho $version"),
        page(
            ShellRule.SED_FOR_REPLACE,
            PEDANTIC,
            "sed for what an expansion does",
            "Two processes are started for what the shell does by itself.",
            "name=$(echo \"$GITHUB_REF_NAME\" | sed 's/x/y/')\necho \"$name\"",
            "name=${GITHUB_REF_NAME/x/y}\necho \"$name\""),
        page(
            ShellRule.USELESS_ECHO,
            STRICT,
            "A substitution that only prints what it was given",
            "`$(echo …)` is what stands behind the echo.",
            "make \"$(echo all)\"",
            "make all"),
        page(
            ShellRule.FIND_WITHOUT_QUOTES,
            DEFAULT,
            "A pattern for find without quotes",
            "The shell replaces it by the files of this folder before find sees it.",
            "find . -name *.log",
            "find . -name '*.log'"),
        page(
            ShellRule.GREP_WITHOUT_QUOTES,
            DEFAULT,
            "A pattern for grep without quotes",
            "The shell replaces it by names of files before grep sees it.",
            "grep a*b file",
            "grep 'a*b' file"));
  }
}
