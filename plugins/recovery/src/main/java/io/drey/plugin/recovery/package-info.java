/** What is done when what runs is not well: restarts with proven state, rollback, and what is told about it. */
@NullMarked
package io.drey.plugin.recovery;

import org.jspecify.annotations.NullMarked;
