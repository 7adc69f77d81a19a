package dev.slipway.lsp;

import dev.slipway.lint.ProjectFiles;

/**
 * A document that an editor shows, in one of its versions.
 *
 * @param path from the project's root, with {@code /}
 * @param watched whether it is something to look through
 */
record Document(
    String uri,
    String language,
    int version,
    Text text,
    String path,
    ProjectFiles project,
    boolean watched) {
  Document with(int newVersion, Text newText, boolean watchedNow) {
    return new Document(uri, language, newVersion, newText, path, project, watchedNow);
  }
}
