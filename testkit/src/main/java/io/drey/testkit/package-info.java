/** What plugin authors test with: the engine on an in-memory cluster and a virtual clock. */
@NullMarked
package io.drey.testkit;

import org.jspecify.annotations.NullMarked;
