/**
 * Watches what processes do to files: each access is told, by path, before it happens, for a
 * process and all that it starts. Nothing but Linux and the JDK's own way to call the C library is
 * needed: no native code, no other program, no change to the watched one.
 */
@NullMarked
package dev.slipway.trace;

import org.jspecify.annotations.NullMarked;
