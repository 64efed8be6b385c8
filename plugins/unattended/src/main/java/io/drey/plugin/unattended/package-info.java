/** Kinds that are accepted, and not looked after yet. */
@NullMarked
package io.drey.plugin.unattended;

import org.jspecify.annotations.NullMarked;
