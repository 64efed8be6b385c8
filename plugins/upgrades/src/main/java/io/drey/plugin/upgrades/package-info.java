/** Upgrade strategies stateless, savepoint and last-state; rollback. */
@NullMarked
package io.drey.plugin.upgrades;

import org.jspecify.annotations.NullMarked;
