/** What is known of the world outside a resource, with its age. */
@NullMarked
package io.drey.spi.fact;

import org.jspecify.annotations.NullMarked;
