package dev.slipway.lsp;

import dev.slipway.lint.Finding;
import dev.slipway.lint.Rule;
import dev.slipway.lint.Severity;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.lsp4j.Diagnostic;
import org.eclipse.lsp4j.DiagnosticSeverity;
import org.eclipse.lsp4j.DiagnosticTag;
import org.eclipse.lsp4j.Range;

/** Findings as the protocol has them. */
final class Diagnostics {
  private Diagnostics() {}

  static List<Diagnostic> of(Text text, List<Finding> findings) {
    List<Diagnostic> diagnostics = new ArrayList<>();
    for (Finding finding : findings) {
      if (finding.ignored() == null) {
        diagnostics.add(of(text, finding));
      }
    }
    return diagnostics;
  }

  static Diagnostic of(Text text, Finding finding) {
    String message = finding.message() + (finding.hint().isEmpty() ? "" : "\n" + finding.hint());
    Diagnostic diagnostic =
        new Diagnostic(
            range(text, finding),
            message,
            severity(finding.severity()),
            "slipway",
            finding.rule().id());
    String rule = finding.rule().id();
    if (rule.startsWith("unused-")) {
      diagnostic.setTags(List.of(DiagnosticTag.Unnecessary));
    } else if (rule.startsWith("deprecated-") || rule.startsWith("retired-")) {
      diagnostic.setTags(List.of(DiagnosticTag.Deprecated));
    }
    return diagnostic;
  }

  static Range range(Text text, Finding finding) {
    return text.range(start(text, finding), end(text, finding));
  }

  static int start(Text text, Finding finding) {
    return text.offset(finding.range().from());
  }

  static int end(Text text, Finding finding) {
    return Math.max(start(text, finding), text.offset(finding.range().to()));
  }

  private static DiagnosticSeverity severity(Severity severity) {
    return switch (severity) {
      case ERROR -> DiagnosticSeverity.Error;
      case WARNING -> DiagnosticSeverity.Warning;
      case INFO -> DiagnosticSeverity.Information;
      case STYLE -> DiagnosticSeverity.Hint;
    };
  }

  /** The page of a finding's rule, in Markdown. */
  static String page(Finding finding) {
    Rule rule = finding.rule();
    StringBuilder page = new StringBuilder("**").append(rule.id()).append("** (");
    page.append(finding.severity().text()).append("): ").append(rule.title());
    if (!rule.why().isEmpty()) {
      page.append("\n\n").append(rule.why());
    }
    example(page, "Found in", rule.bad());
    example(page, "Mended", rule.good());
    return page.toString();
  }

  private static void example(StringBuilder page, String title, String text) {
    if (!text.isBlank()) {
      page.append("\n\n").append(title).append("\n\n```yaml\n").append(text.stripTrailing());
      page.append("\n```");
    }
  }
}
