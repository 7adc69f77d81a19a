/** What tests of several modules share: what they need of the machine. Never shipped. */
@NullMarked
package dev.slipway.testing;

import org.jspecify.annotations.NullMarked;
