/**
 * One server for the caches of many tools, on one store. In come requests of Turborepo, Nx, Gradle,
 * Bazel and GitHub's cache clients, with tokens that say whose namespace they are for; out goes
 * what was stored under the same name in that namespace or one that it may read too.
 *
 * <p>Never knows what it stores.
 */
@NullMarked
package dev.slipway.cache.server;

import org.jspecify.annotations.NullMarked;
