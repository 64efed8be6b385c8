/** Which key is due when, and the workers that run passes over keys. */
@NullMarked
package io.drey.core.loop;

import org.jspecify.annotations.NullMarked;
