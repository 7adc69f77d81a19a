package dev.slipway.check;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known while gates are looked for, and the gates found so far. */
final class Detection {
  final SourceTree tree;
  final Tools tools;
  private final List<Draft> drafts = new ArrayList<>();

  Detection(SourceTree tree, Tools tools) {
    this.tree = tree;
    this.tools = tools;
  }

  /** Begins a gate of a folder; {@link Draft#add} makes it one of the project's. */
  Draft gate(String folder, String name) {
    return new Draft(this, folder, name);
  }

  void add(Draft draft) {
    drafts.add(draft);
  }

  /** All gates, each with an id of its own. */
  List<Gate> gates() {
    List<Gate> gates = new ArrayList<>(drafts.size());
    for (Draft draft : drafts) {
      gates.add(draft.gate());
    }
    return gates;
  }

  /** Whether a file's text has one of some words. */
  boolean says(String path, String... words) {
    String text = tree.text(path);
    for (String word : words) {
      if (text.contains(word)) {
        return true;
      }
    }
    return false;
  }

  /** The first of some files of a folder that is there, or null. */
  @Nullable String first(String folder, String... names) {
    for (String name : names) {
      String path = SourceTree.in(folder, name);
      if (tree.has(path)) {
        return path;
      }
    }
    return null;
  }
}
