package dev.slipway.cache.server;

import java.nio.file.Path;
import java.util.Map;

/**
 * What is stored, at the beginning of a file.
 *
 * @param size of the content alone
 * @param sha256 of the content, in lower-case hexadecimal
 * @param notes what the client said of it
 */
record Entry(Path file, long size, String sha256, Map<String, String> notes) {}
