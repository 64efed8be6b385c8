/** The command {@code drey}, and the process that it starts. */
@NullMarked
package io.drey.core.cli;

import org.jspecify.annotations.NullMarked;
