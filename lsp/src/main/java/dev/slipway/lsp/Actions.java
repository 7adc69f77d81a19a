package dev.slipway.lsp;

import dev.slipway.lint.Edit;
import dev.slipway.lint.Edits;
import dev.slipway.lint.Finding;
import dev.slipway.lint.Fix;
import dev.slipway.lint.Lint;
import dev.slipway.lint.Mending;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.lsp4j.CodeAction;
import org.eclipse.lsp4j.CodeActionKind;
import org.eclipse.lsp4j.CodeActionParams;
import org.eclipse.lsp4j.Command;
import org.eclipse.lsp4j.TextEdit;
import org.eclipse.lsp4j.WorkspaceEdit;
import org.eclipse.lsp4j.jsonrpc.messages.Either;
import org.jspecify.annotations.Nullable;

/** What can be done about the findings of a document. */
final class Actions {
  private static final String OWN = "# slipway: ignore[";

  private final Document document;
  private final Text text;
  private final Lint lint;
  private final List<Finding> findings;
  private final List<Either<Command, CodeAction>> actions = new ArrayList<>();

  Actions(Document document, Lint lint, List<Finding> findings) {
    this.document = document;
    this.text = document.text();
    this.lint = lint;
    this.findings = findings;
  }

  List<Either<Command, CodeAction>> at(CodeActionParams params) {
    List<String> only = params.getContext() == null ? null : params.getContext().getOnly();
    if (wanted(only, CodeActionKind.QuickFix)) {
      int start = text.offset(params.getRange().getStart());
      int end = text.offset(params.getRange().getEnd());
      Set<String> ignored = new HashSet<>();
      for (Finding finding : findings) {
        boolean here =
            Diagnostics.start(text, finding) <= end && start <= Diagnostics.end(text, finding);
        if (finding.ignored() == null && here) {
          finding.mending().ifPresent(fix -> fix(finding, fix));
          if (!finding.refused()
              && ignored.add(finding.rule().id() + ":" + finding.range().from().line())) {
            ignore(finding);
          }
        }
      }
    }
    // Without being asked for by name it would be worked out at every move of the cursor.
    if (only != null && wanted(only, CodeActionKind.SourceFixAll)) {
      fixAll();
    }
    return actions;
  }

  private static boolean wanted(@Nullable List<String> only, String kind) {
    if (only == null || only.isEmpty()) {
      return true;
    }
    for (String asked : only) {
      if (kind.equals(asked) || kind.startsWith(asked + ".") || asked.startsWith(kind + ".")) {
        return true;
      }
    }
    return false;
  }

  private void fix(Finding finding, Fix fix) {
    CodeAction action = action(fix.title(), CodeActionKind.QuickFix, fix.edits());
    action.setDiagnostics(List.of(Diagnostics.of(text, finding)));
    action.setIsPreferred(fix.safety() == Fix.Safety.SAFE);
    actions.add(Either.forRight(action));
  }

  private CodeAction action(String title, String kind, List<Edit> edits) {
    List<TextEdit> changes = new ArrayList<>();
    for (Edit edit : edits) {
      changes.add(text.edit(edit));
    }
    CodeAction action = new CodeAction(title);
    action.setKind(kind);
    action.setEdit(new WorkspaceEdit(Map.of(document.uri(), changes)));
    return action;
  }

  /** Offers a comment that is seen to work: inside a script not every place takes one. */
  private void ignore(Finding finding) {
    for (Edit edit : comments(finding)) {
      List<Finding> after = lint.file(document.path(), Edits.apply(text.content(), List.of(edit)));
      if (ignores(finding, after)) {
        CodeAction action =
            action(
                "Ignore this finding (" + finding.rule().id() + ")",
                CodeActionKind.QuickFix,
                List.of(edit));
        action.setDiagnostics(List.of(Diagnostics.of(text, finding)));
        actions.add(Either.forRight(action));
        return;
      }
    }
  }

  private List<Edit> comments(Finding finding) {
    int line = Math.max(0, finding.range().from().line() - 1);
    String rule = finding.rule().id();
    List<Edit> edits = new ArrayList<>();
    for (int at = line; at >= Math.max(0, line - 1); at--) {
      int own = text.line(at).indexOf(OWN);
      int close = own < 0 ? -1 : text.line(at).indexOf(']', own);
      if (close >= 0) {
        int offset = text.lineStart(at) + close;
        edits.add(new Edit(offset, offset, ", " + rule));
      }
    }
    String written = text.line(line);
    if (!written.contains(" #")) {
      int end = text.lineStart(line) + written.stripTrailing().length();
      edits.add(new Edit(end, text.lineEnd(line), "  " + OWN + rule + "] "));
    }
    int indent = written.length() - written.stripLeading().length();
    int start = text.lineStart(line);
    String newline = text.content().contains("\r\n") ? "\r\n" : "\n";
    edits.add(new Edit(start, start, written.substring(0, indent) + OWN + rule + "] " + newline));
    return edits;
  }

  /** Whether it is ignored afterwards, and everything else as it was. */
  private boolean ignores(Finding finding, List<Finding> after) {
    int gone = 0;
    for (Finding one : findings) {
      gone += counts(one, finding) ? 1 : 0;
    }
    int left = 0;
    boolean ignored = false;
    for (Finding one : after) {
      left += counts(one, finding) ? 1 : 0;
      ignored |=
          one.ignored() != null
              && one.rule() == finding.rule()
              && one.message().equals(finding.message());
    }
    return ignored && left == gone;
  }

  private static boolean counts(Finding finding, Finding ignored) {
    return finding.ignored() == null
        && finding.rule() != ignored.rule()
        && !finding.rule().id().equals("ignore-without-reason");
  }

  private void fixAll() {
    String before = text.content();
    String after = Mending.of(lint, document.path(), before, Fix.Safety.SAFE).text();
    if (after.equals(before)) {
      return;
    }
    int start = 0;
    int most = Math.min(before.length(), after.length());
    while (start < most && before.charAt(start) == after.charAt(start)) {
      start++;
    }
    int end = 0;
    while (end < most - start
        && before.charAt(before.length() - 1 - end) == after.charAt(after.length() - 1 - end)) {
      end++;
    }
    // Whole lines, so that no line end and no character is taken apart.
    while (end > 0 && before.charAt(before.length() - 1 - end) != '\n') {
      end--;
    }
    start = text.offset(new org.eclipse.lsp4j.Position(text.position(start).getLine(), 0));
    Edit edit =
        new Edit(start, before.length() - end, after.substring(start, after.length() - end));
    actions.add(
        Either.forRight(
            action("Apply all safe fixes", CodeActionKind.SourceFixAll, List.of(edit))));
  }
}
