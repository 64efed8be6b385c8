/** Whether the operator is well, over HTTP. */
@NullMarked
package io.drey.core.health;

import org.jspecify.annotations.NullMarked;
