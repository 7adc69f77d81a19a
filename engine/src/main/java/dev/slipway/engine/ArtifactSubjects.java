package dev.slipway.engine;

import dev.slipway.workflow.expression.Json;
import dev.slipway.workflow.expression.Value;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a job's steps say that they made, by name and digest: lines of {@code GITHUB_ARTIFACTS},
 * read back in {@code GITHUB_ARTIFACTS_LIST} (actions/runner, CreateArtifactsFileCommand and
 * ArtifactsListFileCommand).
 *
 * <p>A line is a path, also as {@code file://PATH}, whose file is digested, or {@code
 * REF@sha256:HEX}, also as {@code oci://REF@sha256:HEX}. Paths start from the workspace. Empty
 * lines and those that start with {@code #} mean nothing.
 *
 * <p>GitHub has this behind a switch of its server; here it is on. Not thread-safe.
 */
final class ArtifactSubjects {
  private static final int MAX_FILE = 1024 * 1024;
  private static final int MAX_SUBJECTS = 500;
  private static final Map<String, Integer> HEX_DIGITS =
      Map.of("sha256", 64, "sha384", 96, "sha512", 128);
  private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://.*");
  private static final Pattern DIGEST =
      Pattern.compile("(?<ref>.+)@(?<algorithm>sha(?:256|384|512)):(?<hex>[0-9a-fA-F]+)");

  private final Map<String, Subject> subjects = new TreeMap<>();

  private record Subject(String name, String digest, String kind) {}

  /** A line that cannot be taken. */
  static final class DeclarationException extends Exception {
    private static final long serialVersionUID = 1;

    DeclarationException(String message) {
      super(message);
    }
  }

  /**
   * Takes what a step declares: all of it or, when a line is wrong, nothing.
   *
   * @return how many subjects are new
   */
  int declare(Path file, Path workspace) throws IOException, DeclarationException {
    if (Files.size(file) > MAX_FILE) {
      throw new DeclarationException("it is larger than " + MAX_FILE / 1024 + " KiB");
    }
    Map<String, Subject> declared = new LinkedHashMap<>();
    int number = 0;
    for (String line : Files.readAllLines(file)) {
      number++;
      String text = line.strip();
      if (!text.isEmpty() && !text.startsWith("#")) {
        try {
          take(subject(text, workspace), declared);
        } catch (DeclarationException e) {
          throw new DeclarationException("line " + number + ": " + e.getMessage());
        }
      }
    }
    subjects.putAll(declared);
    return declared.size();
  }

  private void take(Subject subject, Map<String, Subject> declared) throws DeclarationException {
    Subject known = subjects.getOrDefault(subject.name(), declared.get(subject.name()));
    if (known != null && !known.digest().equals(subject.digest())) {
      throw new DeclarationException(
          "'"
              + subject.name()
              + "' has the digest "
              + subject.digest()
              + ", and was declared with "
              + known.digest());
    }
    if (known == null) {
      if (subjects.size() + declared.size() >= MAX_SUBJECTS) {
        throw new DeclarationException("a job can declare " + MAX_SUBJECTS + " artifacts");
      }
      declared.put(subject.name(), subject);
    }
  }

  private static Subject subject(String text, Path workspace)
      throws IOException, DeclarationException {
    if (text.indexOf('=') >= 0) {
      throw new DeclarationException("'=' is reserved");
    }
    if (text.regionMatches(true, 0, "file://", 0, 7)) {
      return file(text.substring(7), workspace);
    }
    boolean image = text.regionMatches(true, 0, "oci://", 0, 6);
    if (!image && SCHEME.matcher(text).matches()) {
      throw new DeclarationException("'" + text + "': only file:// and oci:// are known");
    }
    Matcher digest = DIGEST.matcher(image ? text.substring(6) : text);
    boolean matches = digest.matches();
    if (image && !matches) {
      throw new DeclarationException("'" + text + "' has no @sha256:HEX at its end");
    }
    if (matches) {
      String algorithm = digest.group("algorithm");
      String hex = digest.group("hex").toLowerCase(Locale.ROOT);
      int digits = HEX_DIGITS.getOrDefault(algorithm, 0);
      if (hex.length() == digits) {
        return new Subject(digest.group("ref"), algorithm + ":" + hex, "oci");
      }
      if (image) {
        throw new DeclarationException(
            algorithm + " has " + digits + " hex digits, not " + hex.length());
      }
    }
    return file(text, workspace);
  }

  private static Subject file(String name, Path workspace)
      throws IOException, DeclarationException {
    Path path;
    try {
      path = workspace.resolve(name).normalize();
    } catch (InvalidPathException e) {
      throw new DeclarationException("'" + name + "' is no path");
    }
    if (name.isBlank() || !Files.isRegularFile(path)) {
      String what = Files.isDirectory(path) ? "is a folder" : "does not exist";
      throw new DeclarationException(
          "the file '" + name + "' " + what + " (paths start from the workspace)");
    }
    return new Subject(String.valueOf(path.getFileName()), "sha256:" + sha256(path), "file");
  }

  private static String sha256(Path file) throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    byte[] buffer = new byte[64 * 1024];
    try (InputStream in = Files.newInputStream(file)) {
      for (int count; (count = in.read(buffer)) > 0; ) {
        digest.update(buffer, 0, count);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** All that the job has declared so far, as steps read it. */
  String json() {
    List<Value> list = new ArrayList<>();
    for (Subject subject : subjects.values()) {
      Map<String, Value> json = new LinkedHashMap<>();
      json.put("name", Value.of(subject.name()));
      json.put("digest", Value.of(subject.digest()));
      json.put("kind", Value.of(subject.kind()));
      list.add(Value.object(json));
    }
    Map<String, Value> json = new LinkedHashMap<>();
    json.put("version", Value.of(1));
    json.put("subjects", Value.array(list));
    return Json.writeCompact(Value.object(json));
  }

  /** How many the job has declared. */
  int size() {
    return subjects.size();
  }
}
