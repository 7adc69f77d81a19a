package dev.slipway.lsp;

import dev.slipway.lint.Assist;
import dev.slipway.lint.Finding;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.lsp4j.CompletionItem;
import org.eclipse.lsp4j.CompletionItemKind;
import org.eclipse.lsp4j.CompletionItemTag;
import org.eclipse.lsp4j.DocumentSymbol;
import org.eclipse.lsp4j.Hover;
import org.eclipse.lsp4j.Location;
import org.eclipse.lsp4j.MarkupContent;
import org.eclipse.lsp4j.MarkupKind;
import org.eclipse.lsp4j.Range;
import org.eclipse.lsp4j.SymbolInformation;
import org.eclipse.lsp4j.SymbolKind;
import org.eclipse.lsp4j.TextEdit;
import org.eclipse.lsp4j.jsonrpc.messages.Either;
import org.jspecify.annotations.Nullable;

/** What is known of a document as the protocol has it. */
final class Answers {
  private Answers() {}

  /** The findings at a place with their pages, and what stands there; null for neither. */
  static @Nullable Hover hover(
      Document document, int offset, Assist assist, List<Finding> findings) {
    Text text = document.text();
    StringBuilder words = new StringBuilder();
    Range range = null;
    Optional<Assist.Explanation> explanation = assist.explain(offset);
    if (explanation.isPresent()) {
      words.append(explanation.get().markdown());
      range = text.range(explanation.get().start(), explanation.get().end());
    }
    for (Finding finding : findings) {
      int start = Diagnostics.start(text, finding);
      int end = Diagnostics.end(text, finding);
      if (finding.ignored() == null && start <= offset && offset <= end) {
        words.append(words.isEmpty() ? "" : "\n\n---\n\n").append(Diagnostics.page(finding));
        range = range == null ? text.range(start, end) : range;
      }
    }
    return range == null
        ? null
        : new Hover(new MarkupContent(MarkupKind.MARKDOWN, words.toString()), range);
  }

  static List<CompletionItem> completion(Text text, List<Assist.Suggestion> suggestions) {
    List<CompletionItem> items = new ArrayList<>();
    int rank = 0;
    for (Assist.Suggestion suggestion : suggestions) {
      CompletionItem item = new CompletionItem(suggestion.label());
      item.setKind(kind(suggestion.sort()));
      Range range = text.range(suggestion.start(), suggestion.end());
      item.setTextEdit(Either.forLeft(new TextEdit(range, suggestion.insert())));
      item.setFilterText(suggestion.insert());
      item.setSortText(rank(rank++));
      if (!suggestion.detail().isEmpty()) {
        item.setDetail(suggestion.detail());
      }
      if (!suggestion.doc().isEmpty()) {
        item.setDocumentation(new MarkupContent(MarkupKind.MARKDOWN, suggestion.doc()));
      }
      if (suggestion.deprecated()) {
        item.setTags(List.of(CompletionItemTag.Deprecated));
      }
      items.add(item);
    }
    return items;
  }

  private static String rank(int number) {
    String digits = String.valueOf(number);
    return "0".repeat(Math.max(0, 5 - digits.length())) + digits;
  }

  private static CompletionItemKind kind(Assist.Sort sort) {
    return switch (sort) {
      case KEY -> CompletionItemKind.Property;
      case VALUE -> CompletionItemKind.Value;
      case EVENT -> CompletionItemKind.Event;
      case CONTEXT -> CompletionItemKind.Module;
      case PROPERTY -> CompletionItemKind.Field;
      case FUNCTION -> CompletionItemKind.Function;
      case REFERENCE -> CompletionItemKind.Reference;
      case ACTION -> CompletionItemKind.Class;
    };
  }

  static List<Location> definition(Document document, Optional<Assist.Target> target) {
    if (target.isEmpty()) {
      return List.of();
    }
    Assist.Target at = target.get();
    if (at.path().equals(document.path())) {
      return List.of(new Location(document.uri(), document.text().range(at.start(), at.end())));
    }
    Path own = Folders.path(document.uri());
    if (own == null) {
      return List.of();
    }
    Path root = own;
    for (int i = 0; i <= document.path().chars().filter(c -> c == '/').count(); i++) {
      Path parent = root.getParent();
      root = parent == null ? root : parent;
    }
    String uri = root.resolve(at.path()).toUri().toString();
    return List.of(new Location(uri, new Text("").range(0, 0)));
  }

  static List<Either<SymbolInformation, DocumentSymbol>> symbols(
      Text text, List<Assist.Symbol> symbols) {
    List<Either<SymbolInformation, DocumentSymbol>> all = new ArrayList<>();
    for (Assist.Symbol symbol : symbols) {
      all.add(Either.forRight(symbol(text, symbol, SymbolKind.Class)));
    }
    return all;
  }

  private static DocumentSymbol symbol(Text text, Assist.Symbol symbol, SymbolKind kind) {
    DocumentSymbol result =
        new DocumentSymbol(
            symbol.name(),
            kind,
            text.range(symbol.start(), symbol.end()),
            text.range(symbol.nameStart(), symbol.nameEnd()));
    if (!symbol.detail().isEmpty()) {
      result.setDetail(symbol.detail());
    }
    List<DocumentSymbol> children = new ArrayList<>();
    for (Assist.Symbol child : symbol.children()) {
      children.add(symbol(text, child, SymbolKind.Method));
    }
    result.setChildren(children);
    return result;
  }
}
