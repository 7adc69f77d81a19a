package dev.slipway.cache;

/**
 * What a blob has to be made of.
 *
 * @param sha256 in lower-case hexadecimal
 * @param crc32c cheap enough to be checked whenever the blob is read from this machine's disk
 */
public record BlobDigest(long size, String sha256, int crc32c) {}
