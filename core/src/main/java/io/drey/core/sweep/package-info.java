/** What earlier launches left in the storage of high availability, and its removal. */
@NullMarked
package io.drey.core.sweep;

import org.jspecify.annotations.NullMarked;
