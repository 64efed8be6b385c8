/** The one long thing that a resource can be in the middle of, as it is stored in {@code status.operation}. */
@NullMarked
package io.drey.spi.operation;

import org.jspecify.annotations.NullMarked;
